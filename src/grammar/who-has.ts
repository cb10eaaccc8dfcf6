/** Which dialects know a command: for the help that an unknown one gets. Looks at names alone, loads nothing. */
import { assemble, isMap, type Library } from './document.js';

let index: Map<string, string[]> | undefined;

/** Dialects that have the command, not `except`, shortest name first. */
export function whoHas(command: string, library: Library, except: string): string[] {
  index ??= buildIndex(library);
  return (index.get(command.toUpperCase()) ?? []).filter(name => name !== except);
}

function buildIndex(library: Library): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of library.names()) {
    const { commands } = assemble(name, library).document;
    for (const [command, entry] of Object.entries(isMap(commands) ? commands : {})) {
      if (!isMap(entry) || entry.status === 'absent') continue;
      const key = command.toUpperCase();
      found.set(key, [...(found.get(key) ?? []), name]);
    }
  }
  return found;
}
