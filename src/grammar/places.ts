/**
 * Where in its file a path stands: file, line and column. Found by reading the file a second time, with positions, and so
 * only once something is wrong. Never throws: where the place is not found, the nearest one above it is.
 */
import { readFileSync } from 'node:fs';
import type { Place } from '../base/errors.js';
import type { Merged, Source } from './document.js';
import type { Path } from './problems.js';

type End = 'key' | 'value';
type Finder = (path: Path, end: End) => { line: number; column: number };

/** The place of a path: in the last layer that has it, else as near to it as a layer comes. */
export function placeOf({ layers, name }: Merged, path: Path, end: End = 'value'): Place {
  for (let depth = path.length; depth >= 0; depth--) {
    const part = path.slice(0, depth);
    for (const { source, prefix, content } of layers.toReversed()) {
      const found = valueAt(content, part);
      if (found === undefined && depth > 0) continue;
      // `topic: text 1..9` has no keys below it: what is wrong with its range is wrong with the text.
      const isWhole = depth === path.length || typeof found !== 'object';
      return placeIn(source, [...prefix, ...part], isWhole ? end : 'key');
    }
  }
  return { file: name };
}

/** Undefined where nothing has that path. */
function valueAt(content: unknown, path: Path): unknown {
  let at: unknown = content;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

export function placeIn({ file }: Source, path: Path, end: End = 'key'): Place {
  return { file, ...finderOf?.(file)?.(path, end) };
}

let finderOf: ((file: string) => Finder | undefined) | undefined;

/** Loads the parser that knows positions (slow, so not at start). Without it messages name the file alone. */
export async function enablePlaces(): Promise<void> {
  if (finderOf) return;
  const yaml = await import('yaml');
  let last: { text: string; finder: Finder } | undefined;
  finderOf = file => {
    const text = textOf(file);
    if (text === undefined) return undefined;
    if (last?.text !== text) last = { text, finder: makeFinder(yaml, text) };
    return last.finder;
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function makeFinder(yaml: typeof import('yaml'), text: string): Finder {
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, uniqueKeys: false });
  const startOf = (node: unknown): number | undefined => (yaml.isNode(node) ? node.range?.[0] : undefined);
  /** What `*name` stands for: a mistake in it is one mistake, however often it is used. */
  const resolved = (node: unknown): unknown => (yaml.isAlias(node) ? node.resolve(document) : node);

  return (path, end) => {
    let node = resolved(document.contents);
    let start = startOf(node) ?? 0;
    for (const [depth, key] of path.entries()) {
      if (yaml.isSeq(node) && typeof key === 'number' && key < node.items.length) {
        node = resolved(node.items[key]);
        start = startOf(node) ?? start;
        continue;
      }
      const pair = yaml.isMap(node)
        ? node.items.find(item => String((item.key as { value?: unknown } | null)?.value) === String(key))
        : undefined;
      if (!pair) break;
      node = resolved(pair.value);
      const isInLine = yaml.isScalar(node) ? node.value !== null : yaml.isCollection(node) && node.flow;
      const wantsValue = end === 'value' && isInLine && depth === path.length - 1;
      start = (wantsValue ? startOf(node) : undefined) ?? startOf(pair.key) ?? start;
    }
    const { line, col } = lines.linePos(start);
    return { line, column: col };
  };
}
