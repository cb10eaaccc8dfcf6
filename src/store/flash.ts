/**
 * What flash keeps in a module besides files: settings by key, as JSON values. In memory, or in one JSON file that is
 * replaced as a whole; changes within one turn become one write. Keys and values are the modem's own: nothing here comes
 * from a host unchecked.
 */
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '../base/errors.js';
import { type Log, silentLog } from '../base/log.js';
import { DiskMirror } from './disk-mirror.js';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Characters of JSON, keys included. Past it `set` answers `too-large`. */
const capacity = 1024 * 1024;
const version = 1;

export class Flash {
  /** Key → JSON text: what was put in cannot change behind our back. */
  readonly #values = new Map<string, string>();
  readonly #file: { mirror: DiskMirror; name: string } | undefined;
  #used = 0;

  private constructor(file?: { mirror: DiskMirror; name: string }) {
    this.#file = file;
  }

  static inMemory(): Flash {
    return new Flash();
  }

  /** @param path of the JSON file; its folder holds nothing else that is called `.tmp-…` */
  static async open(path: string, log: Log = silentLog): Promise<Flash> {
    const mirror = await DiskMirror.open(dirname(path), log);
    const flash = new Flash({ mirror, name: basename(path) });
    const text = (await mirror.read(basename(path)))?.toString('utf8');
    if (text !== undefined) for (const [key, value] of parse(text, path)) flash.#keep(key, JSON.stringify(value));
    return flash;
  }

  get(key: string): JsonValue | undefined {
    const text = this.#values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  }

  set(key: string, value: JsonValue): 'done' | 'too-large' {
    const text = JSON.stringify(value);
    const old = this.#values.get(key);
    if (text === old) return 'done';
    if (this.#used - costOf(key, old) + costOf(key, text) > capacity) return 'too-large';
    this.#keep(key, text);
    this.#write();
    return 'done';
  }

  delete(key: string): boolean {
    const old = this.#values.get(key);
    if (old === undefined) return false;
    this.#used -= costOf(key, old);
    this.#values.delete(key);
    this.#write();
    return true;
  }

  clear(): void {
    if (this.#values.size === 0) return;
    this.#values.clear();
    this.#used = 0;
    this.#write();
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  /** Does more than RAM hold it? */
  get isOnDisk(): boolean {
    return this.#file !== undefined;
  }

  /** Resolves when the disk has all of it; rejects with an OperatorError where it refuses. */
  async flush(): Promise<void> {
    await this.#file?.mirror.flush();
  }

  close(): Promise<void> {
    return this.flush();
  }

  #keep(key: string, text: string): void {
    this.#used += costOf(key, text) - costOf(key, this.#values.get(key));
    this.#values.set(key, text);
  }

  #write(): void {
    this.#file?.mirror.put(this.#file.name, () => Buffer.from(this.#serialise(), 'utf8'));
  }

  #serialise(): string {
    const values = [...this.#values].map(([key, text]) => `    ${JSON.stringify(key)}: ${text}`).join(',\n');
    return `{\n  "version": ${version},\n  "values": {${values && `\n${values}\n  `}}\n}\n`;
  }
}

const costOf = (key: string, text: string | undefined): number => (text === undefined ? 0 : key.length + text.length);

function parse(text: string, path: string): [string, JsonValue][] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, cause instanceof Error ? cause.message : String(cause));
  }
  if (!isObject(document)) throw damaged(path, 'no JSON object');
  if (document.version !== version) throw damaged(path, `version ${JSON.stringify(document.version)}`);
  if (!isObject(document.values)) throw damaged(path, 'no `values`');
  return Object.entries(document.values) as [string, JsonValue][];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function damaged(path: string, found: string): OperatorError {
  return new OperatorError('state', 'the stored settings cannot be read', {
    place: { file: path },
    found,
    expected: `a JSON object with "version": ${version} and "values"`,
    hint: 'Repair the file, put a copy back, or delete it: the module then starts with factory values.',
  });
}

/** Where a modem's settings lie in its folder. */
export const flashPath = (folder: string): string => join(folder, 'flash.json');
