/** A grammar file as parsed, with its base files: reading, merging, and finding the place of a path again. */
import { readFileSync } from 'node:fs';
import { OperatorError, type Place } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import type { Path } from './problems.js';

export type Raw = { [key: string]: unknown };

export const isMap = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

export interface Source {
  /** As shown in messages. */
  file: string;
  document: Raw;
}

/** Where grammars come from: the built-in ones by name, a user's by path. */
export interface Library {
  names(): string[];
  find(name: string): Source | undefined;
}

/** Maps merge, `null` removes, everything else replaces. Neither argument is changed. */
export function merge(base: unknown, change: unknown): unknown {
  if (!isMap(base) || !isMap(change)) return change;
  const merged: Raw = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = key in merged ? merge(merged[key], value) : value;
  }
  return merged;
}

/** One layer of a merged grammar: later layers win. `prefix` is where its keys stand in the file. */
export interface Layer {
  source: Source;
  content: Raw;
  prefix: Path;
}

export interface Merged {
  name: string;
  profile: string | undefined;
  document: Raw;
  layers: readonly Layer[];
}

const ownKeys = new Set(['profiles', 'extends', 'dialect']);

/** The dialect or profile of that name with all it extends, as one document. */
export function assemble(name: string, library: Library): Merged {
  const found = locateDialect(name, library);
  const layers = layersOf(found.source, library, []);
  for (const layer of profileLayers(found.source, found.profile)) layers.push(layer);
  let document: unknown = {};
  for (const layer of layers) document = merge(document, layer.content);
  return { name, profile: found.profile, document: document as Raw, layers };
}

function locateDialect(name: string, library: Library): { source: Source; profile: string | undefined } {
  const direct = library.find(name);
  if (direct) return { source: direct, profile: undefined };
  for (const other of library.names()) {
    const source = library.find(other);
    if (source && isMap(source.document.profiles) && name in source.document.profiles) return { source, profile: name };
  }
  const known = dialectNames(library);
  const near = nearest(name, known);
  throw new OperatorError('usage', `there is no dialect \`${name}\``, {
    expected: known.join(', '),
    hint: near
      ? `Did you mean \`${near}\`? A file is given as a path: ./${name}.yaml`
      : `A file is given as a path: ./${name}.yaml`,
  });
}

/** Every dialect and profile that can be chosen, profiles after their dialect. */
export function dialectNames(library: Library): string[] {
  return library.names().flatMap(name => {
    const profiles = library.find(name)?.document.profiles;
    return [name, ...(isMap(profiles) ? Object.keys(profiles) : [])];
  });
}

function layersOf(source: Source, library: Library, seen: readonly string[]): Layer[] {
  const own: Layer = { source, content: withoutKeys(source.document, ownKeys), prefix: [] };
  const base = source.document.extends;
  if (base === undefined) return [own];
  const found = typeof base === 'string' ? library.find(base) : undefined;
  if (!found || seen.includes(source.file)) {
    const problem = found ? 'extends itself in a circle' : `extends \`${String(base)}\`, which is not there`;
    throw new OperatorError('grammar', problem, {
      place: placeIn(source, ['extends']),
      expected: library.names().join(', '),
    });
  }
  return [...layersOf(found, library, [...seen, source.file]), own];
}

function profileLayers(source: Source, profile: string | undefined): Layer[] {
  if (profile === undefined) return [];
  const profiles = source.document.profiles as Raw;
  const content = profiles[profile];
  if (!isMap(content))
    throw new OperatorError('grammar', `profile \`${profile}\` is not a map`, {
      place: placeIn(source, ['profiles', profile]),
    });
  const own: Layer = { source, content: withoutKeys(content, new Set(['base'])), prefix: ['profiles', profile] };
  if (content.base === undefined) return [own];
  if (typeof content.base !== 'string' || !isMap(profiles[content.base]) || content.base === profile) {
    throw new OperatorError('grammar', `profile \`${profile}\` has an unknown base`, {
      place: placeIn(source, ['profiles', profile, 'base']),
    });
  }
  return [...profileLayers(source, content.base), own];
}

function withoutKeys(document: Raw, keys: ReadonlySet<string>): Raw {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.has(key)));
}

const longestFamily = 5;

/**
 * A command with what it takes over from the sibling that it is `like`: all but title and test, which are the sibling's
 * own. Undefined where there is no such sibling.
 */
export function withSibling(raw: Raw, commands: Raw, depth = 0): Raw | undefined {
  if (raw.like === undefined) return raw;
  const sibling = commands[String(raw.like)];
  const whole = isMap(sibling) && depth < longestFamily ? withSibling(sibling, commands, depth + 1) : undefined;
  if (!whole) return undefined;
  const { like, ...own } = raw;
  const { title, ref, test, ...inherited } = whole;
  return { ...inherited, ...(own.ref === undefined ? { ref } : {}), ...own };
}

/** The place of a path: in the last layer that has it, else as near to it as a layer comes. */
export function placeOf(merged: Merged, path: Path): Place {
  for (let depth = path.length; depth >= 0; depth--) {
    const part = path.slice(0, depth);
    for (const layer of [...merged.layers].reverse()) {
      if (has(layer.content, part) || depth === 0) return placeIn(layer.source, [...layer.prefix, ...part]);
    }
  }
  return { file: merged.name };
}

function has(content: unknown, path: Path): boolean {
  let at: unknown = content;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !(key in at)) return false;
    at = (at as Raw)[key as string];
  }
  return true;
}

/** Line and column are found by parsing the text again with positions: only done once something is wrong. */
export function placeIn(source: Source, path: Path): Place {
  const found = finder?.(source.file, path);
  return { file: source.file, ...found };
}

type Finder = (file: string, path: Path) => { line: number; column: number } | undefined;
let finder: Finder | undefined;

/** Loads the parser that knows positions (slow, so not at start). Without it messages name the file alone. */
export async function enablePlaces(): Promise<void> {
  if (finder) return;
  const { parseDocument, LineCounter, isNode, isPair, isMap: isYamlMap } = await import('yaml');
  finder = (file, path) => {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return undefined;
    }
    const lines = new LineCounter();
    const document = parseDocument(text, { lineCounter: lines, merge: false, uniqueKeys: false });
    for (let depth = path.length; depth >= 0; depth--) {
      const parent = depth === 0 ? document.contents : document.getIn(path.slice(0, depth - 1), true);
      const key = path[depth - 1];
      const pair = isYamlMap(parent)
        ? parent.items.find(item => isPair(item) && String((item.key as { value?: unknown })?.value) === String(key))
        : undefined;
      const node = pair?.key ?? document.getIn(path.slice(0, depth), true);
      const start = isNode(node) ? node.range?.[0] : undefined;
      if (start !== undefined) {
        const { line, col } = lines.linePos(start);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  };
}
