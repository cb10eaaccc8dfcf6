/**
 * The file store of one modem: names and bytes as AT commands put them there. Memory is what counts; with a folder, the
 * disk follows it (disk-mirror.ts) and is read at start. Names come from a host and are judged by names.ts; a drive
 * prefix such as `C:` is the caller's business. Bounded in bytes, in number and in what one write may bring.
 */
import type { ByteString } from '../base/bytes.js';
import { type Log, silentLog } from '../base/log.js';
import { DiskMirror } from './disk-mirror.js';
import { canonicalName, diskName, type Layout, lastStepOf, nameFromDisk, parentOf } from './names.js';

export interface FileLimits {
  layout: Layout;
  /** Bytes of all files together. */
  capacity: number;
  /** Files and folders together. */
  maximumEntries: number;
  /** Bytes of one write. */
  maximumWrite: number;
  maximumNameLength: number;
}

export const defaultFileLimits: FileLimits = {
  layout: 'folders',
  capacity: 1024 * 1024,
  maximumEntries: 256,
  maximumWrite: 10 * 1024,
  maximumNameLength: 128,
};

export interface FileEntry {
  name: ByteString;
  kind: 'file' | 'folder';
  size: number;
}

export type CreateOutcome = 'done' | 'exists' | 'no-space' | 'bad-name' | 'not-found';
export type WriteOutcome = 'done' | 'not-found' | 'too-large' | 'no-space' | 'bad-name';
export type ReadOutcome = { outcome: 'done'; bytes: Buffer; size: number } | { outcome: 'not-found' | 'bad-name' };

export interface WriteManner {
  /** Adds to the end instead of replacing. */
  append?: boolean;
  /** `false`: only a file that exists is written. */
  create?: boolean;
}

const folder = 'folder';

export class FileStore {
  /** Canonical name → what is there. */
  readonly #entries = new Map<ByteString, Buffer | typeof folder>();
  readonly #limits: FileLimits;
  readonly #mirror: DiskMirror | undefined;
  #used = 0;

  private constructor(limits: Partial<FileLimits>, mirror?: DiskMirror) {
    this.#limits = { ...defaultFileLimits, ...limits };
    this.#mirror = mirror;
  }

  static inMemory(limits: Partial<FileLimits> = {}): FileStore {
    return new FileStore(limits);
  }

  /** Reads what the folder holds; what does not fit the limits stays on disk and is left out, with a warning. */
  static async open(path: string, limits: Partial<FileLimits> = {}, log: Log = silentLog): Promise<FileStore> {
    const mirror = await DiskMirror.open(path, log);
    const store = new FileStore(limits, mirror);
    for (const { name, size } of await mirror.list())
      if (!(await store.#load(name, size))) log.warn({ path, name, size }, 'a file of the state folder was left out');
    return store;
  }

  get used(): number {
    return this.#used;
  }

  get free(): number {
    return this.#limits.capacity - this.#used;
  }

  get capacity(): number {
    return this.#limits.capacity;
  }

  has(name: ByteString): boolean {
    return typeof this.#file(name) !== 'string';
  }

  /** Makes an empty file. */
  create(name: ByteString): CreateOutcome {
    return this.#make(name, Buffer.alloc(0));
  }

  write(name: ByteString, bytes: Buffer, { append = false, create = true }: WriteManner = {}): WriteOutcome {
    if (bytes.length > this.#limits.maximumWrite) return 'too-large';
    const old = this.#file(name);
    if (old === 'bad-name') return old;
    if (old === 'not-found') {
      if (!create) return old;
      if (bytes.length > this.free) return 'no-space';
      const made = this.#make(name, Buffer.from(bytes));
      return made === 'exists' ? 'bad-name' : made;
    }
    const content = append ? Buffer.concat([old, bytes]) : Buffer.from(bytes);
    if (content.length - old.length > this.free) return 'no-space';
    this.#put(this.#canonical(name)!, content);
    return 'done';
  }

  /**
   * A file that the module was made with, and its folders: in one piece, however long a single write may be. What is there
   * already stays: it may have changed since.
   */
  place(name: ByteString, bytes: Buffer): CreateOutcome {
    if (this.has(name)) return 'exists';
    const steps = name.split('/').slice(0, -1);
    for (const [i, step] of steps.entries()) if (step !== '') this.makeFolder(steps.slice(0, i + 1).join('/'));
    return bytes.length > this.free ? 'no-space' : this.#make(name, Buffer.from(bytes));
  }

  /** `at` past the end gives no bytes; a read that reaches over the end is cut. */
  read(name: ByteString, { at = 0, length }: { at?: number; length?: number } = {}): ReadOutcome {
    const content = this.#file(name);
    if (typeof content === 'string') return { outcome: content };
    const bytes = content.subarray(at, length === undefined ? undefined : at + length);
    return { outcome: 'done', bytes: Buffer.from(bytes), size: content.length };
  }

  size(name: ByteString): { outcome: 'done'; size: number } | { outcome: 'not-found' | 'bad-name' } {
    const content = this.#file(name);
    return typeof content === 'string' ? { outcome: content } : { outcome: 'done', size: content.length };
  }

  delete(name: ByteString): 'done' | 'not-found' | 'bad-name' {
    const content = this.#file(name);
    if (typeof content === 'string') return content;
    this.#remove(this.#canonical(name)!);
    return 'done';
  }

  makeFolder(path: ByteString): CreateOutcome {
    return this.#limits.layout === 'flat' ? 'bad-name' : this.#make(withoutSlash(path), folder);
  }

  removeFolder(path: ByteString): 'done' | 'not-found' | 'not-empty' | 'bad-name' {
    const name = this.#canonical(withoutSlash(path));
    if (name === undefined) return 'bad-name';
    if (this.#entries.get(name) !== folder) return 'not-found';
    if (this.#within(name).length > 0) return 'not-empty';
    this.#remove(name);
    return 'done';
  }

  /** What lies in a folder, in the order of making; no path, or `/`, is the root. */
  list(path: ByteString = ''): { outcome: 'done'; entries: FileEntry[] } | { outcome: 'not-found' | 'bad-name' } {
    const isRoot = path === '' || path === '/';
    const name = isRoot ? '' : this.#canonical(withoutSlash(path));
    if (name === undefined) return { outcome: 'bad-name' };
    if (!isRoot && this.#entries.get(name) !== folder) return { outcome: 'not-found' };
    return { outcome: 'done', entries: this.#within(name).map(each => this.#describe(each)) };
  }

  /** Everything away, as a restore of factory values may ask. */
  clear(): void {
    for (const name of [...this.#entries.keys()]) this.#remove(name);
  }

  /** Does more than RAM hold it? */
  get isOnDisk(): boolean {
    return this.#mirror !== undefined;
  }

  /** Resolves when the disk has all of it; rejects with an OperatorError where it refuses. Nothing to do in memory. */
  async flush(): Promise<void> {
    await this.#mirror?.flush();
  }

  #canonical(name: ByteString): ByteString | undefined {
    return canonicalName(name, { layout: this.#limits.layout, maximumLength: this.#limits.maximumNameLength });
  }

  #file(name: ByteString): Buffer | 'not-found' | 'bad-name' {
    const canonical = this.#canonical(name);
    if (canonical === undefined) return 'bad-name';
    const content = this.#entries.get(canonical);
    return content === undefined || content === folder ? 'not-found' : content;
  }

  #make(name: ByteString, content: Buffer | typeof folder): CreateOutcome {
    const canonical = this.#canonical(name);
    if (canonical === undefined) return 'bad-name';
    if (this.#entries.has(canonical)) return 'exists';
    if (!this.#hasParent(canonical)) return 'not-found';
    if (this.#entries.size >= this.#limits.maximumEntries) return 'no-space';
    this.#put(canonical, content);
    return 'done';
  }

  #hasParent(name: ByteString): boolean {
    const parent = parentOf(name);
    return parent === '' || this.#entries.get(parent) === folder;
  }

  #put(name: ByteString, content: Buffer | typeof folder): void {
    this.#used += sizeOf(content) - sizeOf(this.#entries.get(name));
    this.#entries.set(name, content);
    this.#mirror?.put(diskEntry(name, content), () => (content === folder ? Buffer.alloc(0) : content));
  }

  #remove(name: ByteString): void {
    const content = this.#entries.get(name);
    if (content === undefined) return;
    this.#used -= sizeOf(content);
    this.#entries.delete(name);
    this.#mirror?.put(diskEntry(name, content), 'removed');
  }

  #within(parent: ByteString): ByteString[] {
    return [...this.#entries.keys()].filter(name => parentOf(name) === parent);
  }

  #describe(name: ByteString): FileEntry {
    const content = this.#entries.get(name);
    return { name: lastStepOf(name), kind: content === folder ? 'folder' : 'file', size: sizeOf(content) };
  }

  /** False where it is no entry of ours or does not fit. A folder comes before what lies in it: the list is sorted. */
  async #load(word: string, size: number): Promise<boolean> {
    const name = nameFromDisk(word);
    if (name === undefined || this.#entries.size >= this.#limits.maximumEntries || size > this.free) return false;
    const isFolder = name.endsWith('/');
    const canonical = this.#canonical(isFolder ? name.slice(0, -1) : name);
    if (canonical === undefined || diskEntry(canonical, isFolder ? folder : Buffer.alloc(0)) !== word) return false;
    if (this.#entries.has(canonical) || !this.#hasParent(canonical)) return false;
    const content = isFolder ? folder : await this.#mirror?.read(word);
    if (content === undefined) return false;
    this.#entries.set(canonical, content);
    this.#used += sizeOf(content);
    return true;
  }
}

const sizeOf = (content: Buffer | typeof folder | undefined): number =>
  content === undefined || content === folder ? 0 : content.length;

const withoutSlash = (path: ByteString): ByteString => path.replace(/\/$/, '');

/** A folder is on disk an empty file whose name ends in an encoded `/`. */
const diskEntry = (name: ByteString, content: Buffer | typeof folder): string =>
  diskName(content === folder ? `${name}/` : name);
