/** Parameters: their types and ranges as a grammar writes them, and the check of one argument against them. Pure. */
import type { Argument } from '../at/arguments.js';
import type { ByteString } from '../base/bytes.js';
import { type Codec, decode } from './codecs.js';
import { isMap, type Raw } from './document.js';
import type { Path, Problems } from './problems.js';
import type { Evaluate, Holds, Scope, Value } from './values.js';
import { type AddressKind, addressKinds, type Keep } from './vocabulary.js';

/** Whole numbers in a range, both ends included; `undefined` is open. */
export type Span = { from: number; to: number | undefined };

export type ParameterType =
  | { kind: 'number'; spans: readonly Span[] }
  | { kind: 'text' | 'bytes' | 'host' | 'url' | 'file'; length: Span }
  | { kind: 'word'; words: readonly string[] };

export interface Parameter {
  name: string;
  type: ParameterType;
  /** Value when the command leaves it out; undefined keeps the old one. */
  omitted: Value;
  /** Value for an empty string; undefined: an empty string is a value like another. */
  empty: Value;
  factory: Value;
  refusal: string | undefined;
  is: AddressKind | undefined;
  keep: Keep | undefined;
  secret: boolean;
  /** `refused`: the value may not stand in quotes. */
  quotes: 'allowed' | 'refused';
  /** In front of a file name, and not part of it: `UFS:`. */
  drive: string | undefined;
  countsRows: boolean;
  unit: string | undefined;
  title: string | undefined;
  decode: Evaluate | undefined;
  only: Holds | undefined;
}

const typeKeys = ['range', 'text', 'bytes', 'host', 'url', 'file', 'word'] as const;
const otherKeys = [
  'default',
  'omitted',
  'empty',
  'factory',
  'decode',
  'else',
  'is',
  'only',
  'counts',
  'unit',
  'title',
  'secret',
  'quotes',
  'drive',
  'keep',
] as const;
const settingKeys = ['ref', 'views', 'assumed', 'list', 'of'] as const;

/** Compiles what needs names: the codec of `decode` and the condition of `only`. */
export interface ParameterNames {
  value(text: unknown, path: Path): Evaluate;
  condition(raw: unknown, path: Path): Holds;
}

export function readParameter(
  name: string,
  raw: unknown,
  path: Path,
  problems: Problems,
  names: ParameterNames,
): Parameter {
  const map: Raw = isMap(raw) ? raw : shortForm(raw, path, problems);
  for (const key of Object.keys(map)) {
    if (![...typeKeys, ...otherKeys, ...settingKeys].some(known => known === key))
      problems.unknown([...path, key], 'key of a parameter', key, [...typeKeys, ...otherKeys]);
  }
  const is = map.is as AddressKind | undefined;
  if (is !== undefined && !addressKinds.includes(is))
    problems.unknown([...path, 'is'], 'address', String(is), addressKinds);
  const type = readType(map, path, problems);
  const fallback = scalar(map.default);
  return {
    name,
    type,
    omitted: scalar(map.omitted) ?? fallback,
    empty: scalar(map.empty),
    factory: scalar(map.factory) ?? fallback,
    refusal: map.else === undefined ? undefined : String(map.else),
    is,
    keep: map.keep as Keep | undefined,
    secret: map.secret === true,
    quotes: map.quotes === 'refused' ? 'refused' : 'allowed',
    drive: map.drive === undefined ? undefined : String(map.drive),
    countsRows: map.counts === 'rows',
    unit: map.unit === undefined ? undefined : String(map.unit),
    title: map.title === undefined ? undefined : String(map.title),
    decode: map.decode === undefined ? undefined : names.value(map.decode, [...path, 'decode']),
    only: map.only === undefined ? undefined : names.condition(map.only, [...path, 'only']),
  };
}

const scalar = (raw: unknown): Value => (raw === null || raw === undefined ? undefined : (raw as Value));

/** `0..9 = 3`, `text 1..128`, `word TCP|SSL`, `0|1|4`. */
function shortForm(raw: unknown, path: Path, problems: Problems): Raw {
  if (typeof raw === 'number') return { range: raw };
  if (typeof raw !== 'string') {
    problems.add(path, 'a parameter is a range, a type with its length, or a map', { found: JSON.stringify(raw) });
    return { range: '0..' };
  }
  const [, body = '', initial] = /^(.*?)(?:\s+=\s+(.*))?$/.exec(raw) ?? [];
  const defaults: Raw = initial === undefined ? {} : { default: asScalar(initial) };
  const [, kind = '', rest = ''] = /^(\S+)(?:\s+(.*))?$/.exec(body.trim()) ?? [];
  if ((typeKeys as readonly string[]).includes(kind)) return { [kind]: rest || true, ...defaults };
  if (/^[-\d]/.test(body)) return { range: body.trim(), ...defaults };
  problems.unknown(path, 'type', kind, typeKeys);
  return { range: '0..', ...defaults };
}

export function asScalar(text: string): Value {
  const trimmed = text.trim();
  if (/^-?\d+$/.test(trimmed)) return Number(trimmed);
  if (trimmed === 'true' || trimmed === 'false') return trimmed === 'true';
  return trimmed.replace(/^'(.*)'$|^"(.*)"$/, '$1$2');
}

function readType(map: Raw, path: Path, problems: Problems): ParameterType {
  const kinds = typeKeys.filter(key => map[key] !== undefined);
  const kind = kinds[0];
  if (kinds.length !== 1 || kind === undefined) {
    problems.add(path, 'a parameter has exactly one type', {
      expected: typeKeys.join(', '),
      found: kinds.join(', ') || 'none',
    });
    return { kind: 'number', spans: [{ from: 0, to: undefined }] };
  }
  const spec = map[kind];
  if (kind === 'range') return { kind: 'number', spans: readSpans(spec, [...path, kind], problems) };
  if (kind === 'word') {
    const words = Array.isArray(spec) ? spec.map(String) : String(spec).split('|');
    return { kind: 'word', words: words.map(word => word.trim()) };
  }
  const length =
    spec === true || spec === null ? { from: 0, to: undefined } : readSpans(spec, [...path, kind], problems)[0]!;
  return { kind, length };
}

export function readSpans(raw: unknown, path: Path, problems: Problems): Span[] {
  const spans = String(raw)
    .split('|')
    .map(part => /^(-?\d+)(?:(\.\.)(-?\d+)?)?$/.exec(part.trim()))
    .map(
      match =>
        match && {
          from: Number(match[1]),
          to: match[2] === undefined ? Number(match[1]) : match[3] === undefined ? undefined : Number(match[3]),
        },
    );
  if (spans.some(span => span === null || (span.to !== undefined && span.to < span.from))) {
    problems.add(path, 'not a range', { found: String(raw), expected: '0..2, 1.., 0|1|4 or 0..5|34|88' });
    return [{ from: 0, to: undefined }];
  }
  return spans as Span[];
}

export const inSpan = (n: number, { from, to }: Span): boolean => n >= from && (to === undefined || n <= to);

export type Checked = { value: Value } | { refusal: string };
const refuse = (parameter: Parameter, word: string): Checked => ({ refusal: parameter.refusal ?? word });

/**
 * One argument against its parameter. Omitted is the caller's business.
 * @param mustQuote the form says `<"p">`
 */
export function checkArgument(
  parameter: Parameter,
  argument: Argument,
  mustQuote: boolean,
  quotedNumbers: boolean,
  scope: Scope,
): Checked {
  const { type } = parameter;
  const quoted = argument.kind === 'quoted';
  if ((mustQuote && !quoted) || (quoted && parameter.quotes === 'refused')) return refuse(parameter, 'bad-type');
  if (quoted && argument.value === '' && parameter.empty !== undefined) return { value: parameter.empty };
  switch (type.kind) {
    case 'number':
      return checkNumber(parameter, type.spans, argument.value, quoted && !quotedNumbers && !mustQuote);
    case 'word': {
      const word = type.words.find(known => known.toLowerCase() === argument.value.toLowerCase());
      return word === undefined ? refuse(parameter, 'bad-range') : { value: word };
    }
    case 'file':
      return checkText(parameter, type.length, withoutDrive(argument.value, parameter.drive));
    case 'text':
    case 'host':
      return checkText(parameter, type.length, argument.value);
    case 'url':
      return checkUrl(parameter, type.length, argument.value);
    case 'bytes':
      return checkBytes(parameter, type.length, argument.value, scope);
    default:
      return type satisfies never;
  }
}

function checkNumber(parameter: Parameter, spans: readonly Span[], text: ByteString, quotedWrongly: boolean): Checked {
  if (quotedWrongly || !/^-?\d{1,15}$/.test(text)) return refuse(parameter, 'bad-type');
  const value = Number(text);
  return spans.some(span => inSpan(value, span)) ? { value } : refuse(parameter, 'bad-range');
}

function checkText(parameter: Parameter, length: Span, text: ByteString): Checked {
  return inSpan(text.length, length) ? { value: text } : refuse(parameter, 'bad-length');
}

function withoutDrive(name: ByteString, drive = ''): ByteString {
  return name.toUpperCase().startsWith(drive.toUpperCase()) ? name.slice(drive.length) : name;
}

/** `scheme://host[:port]`, as a row whose text is the whole. */
function checkUrl(parameter: Parameter, length: Span, text: ByteString): Checked {
  const match = /^([a-z]+):\/\/(\[[0-9a-f:.]+\]|[^:/\s]+)(?::(\d{1,5}))?$/i.exec(text);
  if (!match) return refuse(parameter, 'bad-type');
  if (!inSpan(text.length, length)) return refuse(parameter, 'bad-length');
  return {
    value: { text, scheme: match[1], host: match[2], port: match[3] === undefined ? undefined : Number(match[3]) },
  };
}

function checkBytes(parameter: Parameter, length: Span, text: ByteString, scope: Scope): Checked {
  const codec = parameter.decode?.(scope);
  const bytes = codec === undefined ? text : decode(text, codec as Codec);
  if (bytes === undefined) return refuse(parameter, 'bad-codec');
  return inSpan(bytes.length, length) ? { value: bytes } : refuse(parameter, 'bad-length');
}

/** How a `=?` answer shows the parameter: `(0-2)`, `(0,1,4)`, `"TCP","SSL"`, `<topic>`. */
export function rangeText({ name, type }: Parameter): string {
  switch (type.kind) {
    case 'number':
      return `(${type.spans.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to ?? ''}`)).join(',')})`;
    case 'word':
      return `(${type.words.map(word => `"${word}"`).join(',')})`;
    default:
      return `<${name}>`;
  }
}
