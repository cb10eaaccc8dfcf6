/** A host on a pty, as plain as firmware gets: open, write, read what is there, close. Never blocks. */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { loadPtyLibrary, type PtyLibrary } from '../../../src/ports/pty-library.js';
import { PtyPair } from '../../../src/ports/pty-pair.js';

/** Undefined where no pty can be had: a container without devpts, or not Linux. */
export async function ptyLibraryIfAny(): Promise<PtyLibrary | undefined> {
  try {
    const library = await loadPtyLibrary();
    const pair = PtyPair.create(library, 0o600);
    pair.release();
    closeSync(pair.master);
    return library;
  } catch {
    return undefined;
  }
}

export class PtyHost {
  readonly fd: number;
  readonly #buffer = Buffer.alloc(64 * 1024);

  constructor(path: string, access = constants.O_RDWR) {
    this.fd = openSync(path, access | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  /** All of it, or the test is wrong: the kernel takes about 11 KB at once from one that does not wait. */
  write(text: string): void {
    const count = writeSync(this.fd, text, null, 'latin1');
    if (count !== text.length) throw new Error(`the kernel took ${count} of ${text.length} bytes`);
  }

  /** What is there now. */
  read(): string {
    try {
      return this.#buffer.toString('latin1', 0, readSync(this.fd, this.#buffer));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return '';
      throw error;
    }
  }

  async readUntil(enough: (text: string) => boolean): Promise<string> {
    let text = this.read();
    while (!enough(text)) {
      await turn();
      text += this.read();
    }
    return text;
  }

  close(): void {
    closeSync(this.fd);
  }
}
