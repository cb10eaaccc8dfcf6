/** A grammar with all that it extends: which files and profiles it is made of, and how they merge. */
import { OperatorError } from '../base/errors.js';
import { nearest } from '../base/nearest.js';
import { isMap, type Raw, shown } from './node.js';
import { placeIn } from './places.js';
import type { Path } from './problems.js';

export { isMap, type Raw } from './node.js';
export { enablePlaces, placeIn } from './places.js';
export { withSibling } from './siblings.js';

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
  const merged = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(change)) {
    const known = merged.has(key);
    if (value === null && known) merged.delete(key);
    else merged.set(key, known ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** One layer of a merged grammar: later layers win. `prefix` is where its keys stand in the file. */
export interface Layer {
  source: Source;
  content: Raw;
  prefix: Path;
}

export interface Merged {
  name: string;
  /** The dialect's own name, where `name` is a profile of it. */
  family: string;
  document: Raw;
  /** The base first. */
  layers: readonly Layer[];
}

/** Keys that say how a file is put together, and stand in no layer. */
export const assemblyKeys: readonly string[] = ['dialect', 'extends', 'profiles'];

/** The dialect or profile of that name with all it extends, as one document. */
export function assemble(name: string, library: Library): Merged {
  const found = locate(name, library) ?? noDialect(name, library);
  const layers = layersOf(found, library, []);
  const document = layers.reduce<unknown>((whole, layer) => merge(whole, layer.content), {}) as Raw;
  const { dialect } = found.source.document;
  return { name, family: typeof dialect === 'string' ? dialect : name, document, layers };
}

/** Every dialect and profile that can be chosen, profiles after their dialect. */
export function dialectNames(library: Library): string[] {
  return library.names().flatMap(name => {
    const source = library.find(name);
    return [name, ...(source ? profileNames(source) : [])];
  });
}

/** The profiles of a file. */
export function profileNames({ document }: Source): string[] {
  return isMap(document.profiles) ? Object.keys(document.profiles) : [];
}

interface Located {
  source: Source;
  profile: string | undefined;
}

function locate(name: string, library: Library): Located | undefined {
  const direct = library.find(name);
  if (direct) return { source: direct, profile: undefined };
  for (const other of library.names()) {
    const source = library.find(other);
    if (source && profileNames(source).includes(name)) return { source, profile: name };
  }
  return undefined;
}

function noDialect(name: string, library: Library): never {
  const known = dialectNames(library);
  const near = nearest(name, known);
  const hint = `${near ? `Did you mean \`${near}\`? ` : ''}A file is given as a path: ./${name}.yaml`;
  throw new OperatorError('usage', `there is no dialect \`${name}\``, { expected: known.join(', '), hint });
}

function layersOf({ source, profile }: Located, library: Library, seen: readonly Source[]): Layer[] {
  const own: Layer = { source, content: without(source.document, assemblyKeys), prefix: [] };
  return [...baseLayers(source, library, seen), own, ...profileLayers(source, profile, [])];
}

function baseLayers(source: Source, library: Library, seen: readonly Source[]): Layer[] {
  const base = source.document.extends ?? undefined;
  if (base === undefined) return [];
  const found = typeof base === 'string' ? locate(base, library) : undefined;
  const known = library.names();
  if (!found)
    refuse(
      source,
      ['extends'],
      `extends ${quoted(base)}, which is not there`,
      base,
      known,
      'A base is a built-in one.',
    );
  if (found.source === source || seen.includes(found.source))
    refuse(
      source,
      ['extends'],
      `extends ${quoted(base)} in a circle`,
      base,
      known,
      'Give `dialect` a name of its own.',
    );
  return layersOf(found, library, [...seen, source]);
}

function profileLayers(source: Source, profile: string | undefined, seen: readonly string[]): Layer[] {
  if (profile === undefined) return [];
  const profiles = source.document.profiles as Raw;
  const content = profiles[profile] ?? {};
  const path = ['profiles', profile];
  if (!isMap(content))
    refuse(source, path, `profile \`${profile}\` is not a map`, content, [], 'It holds what differs.');
  const own: Layer = { source, content: without(content, ['base']), prefix: path };
  const base = content.base ?? undefined;
  if (base === undefined) return [own];
  const others = Object.keys(profiles).filter(name => name !== profile);
  if (typeof base !== 'string' || !others.includes(base))
    refuse(source, [...path, 'base'], `the base ${quoted(base)} is no profile of this file`, base, others);
  if (seen.includes(base))
    refuse(source, [...path, 'base'], 'the profiles are based on each other in a circle', base, []);
  return [...profileLayers(source, base, [...seen, profile]), own];
}

const quoted = (raw: unknown): string => `\`${typeof raw === 'string' ? raw : shown(raw)}\``;

function refuse(
  source: Source,
  path: Path,
  summary: string,
  raw: unknown,
  known: readonly string[],
  otherwise?: string,
): never {
  const near = typeof raw === 'string' && !known.includes(raw) ? nearest(raw, known) : undefined;
  throw new OperatorError('grammar', summary, {
    place: placeIn(source, path, 'value'),
    found: typeof raw === 'string' ? raw : shown(raw),
    expected: known.join(', ') || undefined,
    hint: near ? `Did you mean \`${near}\`?` : otherwise,
  });
}

function without(document: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !keys.includes(key)));
}
