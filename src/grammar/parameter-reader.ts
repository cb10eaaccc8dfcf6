/** Parameters as a grammar writes them: `0..9 = 3`, `text 1..128`, or a map of type and what else there is to say. */
import type { Names } from './names.js';
import { noLocals } from './names.js';
import { Node, type Raw, type Scalar, shown } from './node.js';
import type { Parameter, ParameterType } from './parameters.js';
import { inSpans, parseSpans, type Span } from './spans.js';
import { addressKinds, keeps } from './vocabulary.js';

const typeKeys = ['range', 'text', 'bytes', 'host', 'url', 'file', 'word'] as const;
type TypeKey = (typeof typeKeys)[number];

const otherKeys = [
  'default',
  'omitted',
  'empty',
  'factory',
  'decode',
  'else',
  'is',
  'plus',
  'only',
  'counts',
  'unit',
  'title',
  'secret',
  'quotes',
  'drive',
  'keep',
  'ref',
  'views',
  'assumed',
] as const;

const allKeys = [...typeKeys, ...otherKeys];

/** Stands in for a type that cannot be read. */
const anyNumber: ParameterType = { kind: 'number', spans: [{ from: 0, to: undefined }] };

/** @param more keys that only this kind of parameter has */
export function readParameter(name: string, node: Node, names: Names, more: readonly string[] = []): Parameter {
  const map = node.isMap ? node : shortForm(node);
  map.knowsKeys('key of a parameter', more.length === 0 ? allKeys : [...allKeys, ...more]);
  const type = readType(map);
  const initial = readDefault(map, type);
  const decode = map.given('decode');
  const only = map.given('only');
  const refusal = map.given('else');
  return {
    name,
    type,
    omitted: map.given('omitted')?.scalar() ?? initial,
    empty: map.given('empty')?.scalar(),
    factory: map.given('factory')?.scalar() ?? initial,
    refusal: refusal && names.refusal(refusal),
    is: map.given('is')?.word('address', addressKinds),
    plus: readPlus(map),
    keep: map.given('keep')?.word('keep', keeps),
    secret: map.given('secret')?.flag() ?? false,
    quotes: map.given('quotes')?.word('value of quotes', ['allowed', 'refused']) ?? 'allowed',
    drive: map.given('drive')?.text(),
    countsRows: map.given('counts')?.word('count', ['rows']) === 'rows',
    unit: map.given('unit')?.text(),
    title: map.given('title')?.text(),
    decode: decode && names.later(() => names.value(decode, noLocals)),
    only: only && names.later(() => names.condition(only, noLocals)),
  };
}

function readPlus(map: Node): number {
  const node = map.given('plus');
  if (node && !map.given('is')) node.lacks('`plus` without `is`', '{ range: 0..1, is: link, plus: 10 }');
  return node?.whole(0) ?? 0;
}

function readDefault(map: Node, type: ParameterType): Scalar | undefined {
  const node = map.given('default');
  const value = node?.scalar();
  if (!node || value === undefined) return undefined;
  const fits =
    type.kind === 'number'
      ? typeof value === 'number' && inSpans(value, type.spans)
      : type.kind !== 'word' || type.words.includes(String(value));
  if (!fits) node.problem('the default is outside of the range', typeText(type), { found: shown(value) });
  return value;
}

/** `0..9 = 3`, `text 1..128`, `word TCP|SSL`, `0|1|4` as the map that says the same. Its places are that of the whole. */
function shortForm(node: Node): Node {
  const text = node.text('a range, a type with its length, or a map');
  if (text === undefined) {
    if (!node.isGiven) node.wrong('a range, a type with its length, or a map');
    return written(node, { range: '0..' });
  }
  const [, body = '', initial] = /^(.*?)(?:\s+=\s+(.*))?$/s.exec(text) ?? [];
  const initially: Raw = initial === undefined ? {} : { default: asScalar(initial) };
  const [, kind = '', rest = ''] = /^(\S+)(?:\s+(.*))?$/s.exec(body.trim()) ?? [];
  if ((typeKeys as readonly string[]).includes(kind)) return written(node, { [kind]: rest || true, ...initially });
  if (/^[-\d]/.test(body)) return written(node, { range: body.trim(), ...initially });
  node.unknown('type', kind, typeKeys, 'A range of numbers is written 0..2 or 0|1|4.');
  return written(node, { range: '0..', ...initially });
}

/** A map that stands for the text at a node. */
const written = (node: Node, raw: Raw): Node => new Node(raw, node.problems, node.parent, node.key);

export function asScalar(text: string): Scalar {
  const trimmed = text.trim();
  if (/^-?\d{1,15}$/.test(trimmed)) return Number(trimmed);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  return trimmed.replace(/^'(.*)'$|^"(.*)"$/s, '$1$2');
}

function readType(map: Node): ParameterType {
  const [kind, ...others] = typeKeys.filter(key => map.has(key));
  if (kind === undefined || others.length > 0) {
    const found = kind === undefined ? 'none' : [kind, ...others].join(', ');
    map.problem('a parameter has exactly one type', typeKeys.join(', '), { found });
    return anyNumber;
  }
  const spec = map.get(kind);
  if (kind === 'range') return readRange(spec);
  if (kind === 'word') return { kind, words: readWords(spec) };
  return { kind, length: readLength(kind, spec) };
}

const spansOf = (node: Node): Span[] | undefined => (node.isScalar ? parseSpans(String(node.raw)) : undefined);

function readRange(node: Node): ParameterType {
  const spans = spansOf(node);
  if (spans) return { kind: 'number', spans };
  node.problem('not a range', '0..2, 1.., 0|1|4 or 0..5|34|88');
  return anyNumber;
}

function readWords(node: Node): string[] {
  const items = node.isScalar ? String(node.raw).split('|') : node.items().map(item => item.text() ?? '');
  const words = items.map(word => word.trim());
  if (words.length === 0 || words.includes('')) node.problem('not a list of words', 'TCP|SSL');
  return words;
}

function readLength(kind: TypeKey, node: Node): Span {
  const open: Span = { from: 0, to: undefined };
  if (!node.isGiven || node.raw === true) return open;
  const [span, ...others] = spansOf(node) ?? [];
  if (span && others.length === 0 && span.from >= 0) return span;
  node.problem('not a length', `${kind} 1..128, ${kind} 4 or ${kind}`);
  return open;
}

/** A type as a message shows it. */
export function typeText(type: ParameterType): string {
  switch (type.kind) {
    case 'word':
      return type.words.join(', ');
    case 'number':
      return type.spans.map(({ from, to }) => (from === to ? `${from}` : `${from}..${to ?? ''}`)).join(', ');
    default:
      return `${type.kind} of ${type.length.from}..${type.length.to ?? ''} bytes`;
  }
}
