/** The lines typed in earlier sessions, newest first, as readline wants them. Losing them is never an error. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

export const historyLimit = 1000;

/** [XDG Base Directory: state that lasts between runs] */
export function historyFile(stateHome = process.env.XDG_STATE_HOME): string {
  const folder = stateHome && isAbsolute(stateHome) ? stateHome : join(homedir(), '.local', 'state');
  return join(folder, 'atmodem', 'history');
}

export function loadHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).reverse().slice(0, historyLimit);
  } catch {
    return [];
  }
}

/** Passwords are typed at modems: nobody else may read it. */
export function saveHistory(file: string, newestFirst: readonly string[]): void {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${[...newestFirst].reverse().join('\n')}\n`, { mode: 0o600 });
  } catch {
    // A home that cannot be written: the history lasts as long as the session.
  }
}
