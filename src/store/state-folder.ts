/**
 * The folder behind `--state`: one lock for the daemon, one sub-folder a modem with its files and its flash.
 * Without such a folder the same stores live in memory.
 */
import { join } from 'node:path';
import { makeFolder } from '../base/disk.js';
import { type Log, silentLog } from '../base/log.js';
import { unusable } from './disk-mirror.js';
import { type FileLimits, FileStore } from './files.js';
import { Flash, flashPath } from './flash.js';
import { FolderLock } from './lock.js';
import { folderNameOf } from './names.js';

/** What one module keeps over a power-off. */
export interface ModuleStore {
  readonly files: FileStore;
  readonly flash: Flash;
  /** Resolves when the disk has all of it. */
  close(): Promise<void>;
}

export function storeInMemory(limits: Partial<FileLimits> = {}): ModuleStore {
  return moduleStore(FileStore.inMemory(limits), Flash.inMemory());
}

export class StateFolder {
  readonly #lock: FolderLock;
  readonly #log: Log;
  readonly #stores = new Map<string, ModuleStore>();

  private constructor(
    readonly path: string,
    lock: FolderLock,
    log: Log,
  ) {
    this.#lock = lock;
    this.#log = log;
  }

  /** Makes the folder where there is none. Rejects with an OperatorError (code `state`) when another daemon has it. */
  static async open(path: string, log: Log = silentLog): Promise<StateFolder> {
    await makeFolder(path).catch(cause => {
      throw unusable(path, cause);
    });
    return new StateFolder(path, await FolderLock.take(path), log);
  }

  /** The store of the modem of this name; a name is opened again only once its store was closed. */
  async module(name: string, limits: Partial<FileLimits> = {}): Promise<ModuleStore> {
    const folder = join(this.path, folderNameOf(name));
    const files = await FileStore.open(join(folder, 'files'), limits, this.#log);
    const store = moduleStore(files, await Flash.open(flashPath(folder), this.#log));
    this.#stores.set(name, store);
    return store;
  }

  /** Writes what is left, and lets the next daemon in. Safe to call twice. */
  async close(): Promise<void> {
    try {
      await Promise.all([...this.#stores.values()].map(store => store.close()));
    } finally {
      await this.#lock.release();
    }
  }
}

function moduleStore(files: FileStore, flash: Flash): ModuleStore {
  return {
    files,
    flash,
    close: async () => {
      await Promise.all([files.flush(), flash.close()]);
    },
  };
}
