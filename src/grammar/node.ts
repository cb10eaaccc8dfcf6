/**
 * A node of a grammar file: what stands there, and where. Reading it checks it: what is of the wrong kind is reported at
 * its place, and the reader goes on as if nothing stood there, so that one mistake does not hide the next.
 */
import type { Path, ProblemDetails, Problems } from './problems.js';

export type Raw = { [key: string]: unknown };

export const isMap = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

export type Scalar = string | number | boolean;

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));

const nothingLent: ReadonlyMap<string, Node> = new Map();

export class Node {
  constructor(
    readonly raw: unknown,
    readonly problems: Problems,
    readonly parent?: Node,
    readonly key: string | number = '',
    /** Entries that a sibling lends, each with its place there. */
    readonly lent: ReadonlyMap<string, Node> = nothingLent,
  ) {}

  get path(): Path {
    return this.parent ? [...this.parent.path, this.key] : [];
  }

  /** Neither absent nor null. */
  get isGiven(): boolean {
    return this.raw !== undefined && this.raw !== null;
  }

  get isMap(): boolean {
    return isMap(this.raw);
  }

  get isList(): boolean {
    return Array.isArray(this.raw);
  }

  get isScalar(): boolean {
    return isScalar(this.raw);
  }

  /** Keys of a map, null values and lent ones included. */
  keys(): string[] {
    const own = isMap(this.raw) ? Object.keys(this.raw) : [];
    return this.lent.size === 0 ? own : [...new Set([...this.lent.keys(), ...own])];
  }

  has(key: string): boolean {
    return (isMap(this.raw) && Object.hasOwn(this.raw, key)) || this.lent.has(key);
  }

  get(key: string): Node {
    const own = isMap(this.raw) && Object.hasOwn(this.raw, key);
    return (!own && this.lent.get(key)) || new Node(own ? (this.raw as Raw)[key] : undefined, this.problems, this, key);
  }

  /** What stands under a key, if anything does. */
  given(key: string): Node | undefined {
    if (!this.has(key)) return undefined;
    const node = this.get(key);
    return node.isGiven ? node : undefined;
  }

  /** The same node with what a sibling has and it has not, some keys apart. */
  borrowing(sibling: Node, apart: readonly string[]): Node {
    const lent = sibling.keys().filter(key => !apart.includes(key) && !this.has(key));
    const nodes = new Map(lent.map(key => [key, sibling.get(key)]));
    return new Node(this.raw, this.problems, this.parent, this.key, nodes);
  }

  /** What stands under each name of a map. */
  entries(expected = 'a map'): [string, Node][] {
    if (this.isGiven && !this.isMap) this.wrong(expected);
    return this.keys().map(key => [key, this.get(key)]);
  }

  /** The items of a list; something that stands alone is a list of one. */
  items(): Node[] {
    if (!this.isGiven) return [];
    if (!Array.isArray(this.raw)) return [this];
    return this.raw.map((item, i) => new Node(item, this.problems, this, i));
  }

  /** Text; a number or true is its text. */
  text(expected = 'text'): string | undefined {
    const value = this.scalar(expected);
    return value === undefined ? undefined : String(value);
  }

  scalar(expected = 'text, a number, true or false'): Scalar | undefined {
    if (isScalar(this.raw)) return this.raw;
    if (this.isGiven) this.wrong(expected);
    return undefined;
  }

  word<W extends string>(kind: string, words: readonly W[]): W | undefined {
    const text = this.text(words.join(', '));
    if (text === undefined || (words as readonly string[]).includes(text)) return text as W | undefined;
    this.unknown(kind, text, words);
    return undefined;
  }

  flag(): boolean | undefined {
    if (!this.isGiven) return undefined;
    if (this.raw === true || this.raw === 'true') return true;
    if (this.raw === false || this.raw === 'false') return false;
    this.wrong('true or false');
    return undefined;
  }

  /** A whole number. */
  whole(least: number, most = Number.POSITIVE_INFINITY): number | undefined {
    if (!this.isGiven) return undefined;
    const value = this.isScalar && this.raw !== '' ? Number(this.raw) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    this.wrong(`a whole number from ${least}${most === Number.POSITIVE_INFINITY ? '' : ` to ${most}`}`);
    return undefined;
  }

  knowsKeys(kind: string, known: readonly string[], hint?: string): void {
    for (const key of this.keys()) if (!known.includes(key)) this.get(key).unknownKey(kind, known, hint);
  }

  unknownKey(kind: string, known: Iterable<string>, hint?: string): void {
    this.problems.unknown(this.path, kind, String(this.key), known, { at: 'key', hint });
  }

  unknown(kind: string, word: string, known: Iterable<string>, hint?: string): void {
    this.problems.unknown(this.path, kind, word, known, { hint });
  }

  /** Something of another kind stands here. */
  wrong(expected: string, hint?: string): void {
    const named = this.path.findLast(key => typeof key === 'string');
    this.problem(`\`${named ?? 'the file'}\` cannot be that`, expected, { hint });
  }

  problem(summary: string, expected: string, details: ProblemDetails = {}): void {
    this.problems.add(this.path, summary, { found: shown(this.raw), expected, ...details });
  }

  /** Something lacks, unless that only follows from another problem near it. */
  lacks(summary: string, expected: string, details: ProblemDetails = {}): void {
    if (!this.problems.isKnownNear(this.path)) this.problem(summary, expected, details);
  }
}

/** A value as a message shows it. */
export function shown(raw: unknown): string {
  const text = typeof raw === 'number' ? String(raw) : (JSON.stringify(raw) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
