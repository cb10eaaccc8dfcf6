/**
 * One folder on disk that follows what is in memory. Each name is one whole file, replaced atomically: a temporary is
 * written and synced, renamed over the old file, and the folder synced, so that a crash leaves the old file or the new
 * one. Writing happens in the background, so that no modem waits for a disk; writes to one name before its turn comes
 * become one. Owns the folder's regular files; never follows what a name says, for names are made by names.ts.
 */
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf, syncFolder, writeSynced } from '../base/disk.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';

/** What the file shall hold, asked when its turn comes; `removed` takes it away. */
export type Content = (() => Uint8Array) | 'removed';

/** No file of the store begins with a dot, so no temporary is ever taken for one. */
const temporaryMark = '.tmp-';

export class DiskMirror {
  readonly #pending = new Map<string, Content>();
  readonly #log: Log;
  #worker: Promise<void> | undefined;
  #failure: unknown;
  #temporaries = 0;

  private constructor(
    readonly folder: string,
    log: Log,
  ) {
    this.#log = log;
  }

  /** Makes the folder where there is none, and sweeps out what a crash left half written. */
  static async open(folder: string, log: Log): Promise<DiskMirror> {
    const mirror = new DiskMirror(folder, log);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      for (const name of await readdir(folder))
        if (name.startsWith(temporaryMark)) await rm(join(folder, name), { force: true });
    } catch (cause) {
      throw unusable(folder, cause);
    }
    return mirror;
  }

  /** Names and sizes of the regular files, sorted. */
  async list(): Promise<{ name: string; size: number }[]> {
    const entries = await readdir(this.folder, { withFileTypes: true });
    const files = entries.filter(entry => entry.isFile()).map(entry => entry.name);
    return Promise.all(files.sort().map(async name => ({ name, size: (await stat(join(this.folder, name))).size })));
  }

  /** Undefined where there is none. */
  async read(name: string): Promise<Buffer | undefined> {
    try {
      return await readFile(join(this.folder, name));
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw unusable(join(this.folder, name), cause);
    }
  }

  put(name: string, content: Content): void {
    this.#pending.set(name, content);
    this.#work();
  }

  /** Resolves when everything put so far is on disk; rejects with an OperatorError where the disk refuses. */
  async flush(): Promise<void> {
    this.#work();
    while (this.#worker) await this.#worker;
    if (this.#pending.size > 0) throw unusable(this.folder, this.#failure);
  }

  #work(): void {
    this.#worker ??= this.#workOff().then(end => {
      this.#worker = undefined;
      // What was put after the last look and before this moment would else wait for the next put.
      if (end === 'done' && this.#pending.size > 0) this.#work();
    });
  }

  /** Stops at the first refusal; what is left stays pending for the next put or flush. */
  async #workOff(): Promise<'done' | 'refused'> {
    // Leaves the caller's turn first: a burst of writes to one name becomes one.
    await Promise.resolve();
    for (let next = first(this.#pending); next; next = first(this.#pending)) {
      const [name, content] = next;
      this.#pending.delete(name);
      try {
        await this.#store(name, content);
      } catch (cause) {
        this.#failure = cause;
        if (!this.#pending.has(name)) this.#pending.set(name, content);
        this.#log.error({ folder: this.folder, name, cause: `${cause}` }, 'the state folder cannot be written');
        return 'refused';
      }
    }
    return 'done';
  }

  async #store(name: string, content: Content): Promise<void> {
    const path = join(this.folder, name);
    if (content === 'removed') await rm(path, { force: true });
    else await this.#replace(path, content());
    await syncFolder(this.folder);
  }

  async #replace(path: string, bytes: Uint8Array): Promise<void> {
    const temporary = join(this.folder, `${temporaryMark}${process.pid}-${this.#temporaries++}`);
    try {
      await writeSynced(temporary, bytes);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true });
      throw cause;
    }
  }
}

const first = (pending: ReadonlyMap<string, Content>): [string, Content] | undefined => pending.entries().next().value;

export function unusable(path: string, cause: unknown): OperatorError {
  return new OperatorError('state', 'the state folder cannot be used', {
    place: { file: path },
    found: cause instanceof Error ? cause.message : String(cause),
    expected: 'a folder that this user may read and write, with room on its disk',
    hint: 'Name another folder with --state, or leave the option out: then nothing is kept.',
    cause,
  });
}
