/** Which dialects know a command: for the help that an unknown one gets. Looks at names alone, loads nothing. */
import { assemble, type Library } from './document.js';
import { isMap } from './node.js';

const indexes = new WeakMap<Library, ReadonlyMap<string, readonly string[]>>();

/** Dialects that have the command, but for `except`, in the order of the library. */
export function whoHas(command: string, library: Library, except: string): string[] {
  const index = indexes.get(library) ?? buildIndex(library);
  indexes.set(library, index);
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
