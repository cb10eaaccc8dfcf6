/** Parameters: their types and ranges, and the check of one argument against them. Pure. */
import type { Argument } from '../at/arguments.js';
import type { ByteString } from '../base/bytes.js';
import { type Codec, decode } from './codecs.js';
import { inSpan, inSpans, type Span } from './spans.js';
import type { Evaluate, Holds, Scope, Value } from './values.js';
import type { AddressKind, Keep } from './vocabulary.js';

export type { Span } from './spans.js';

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
  /** Of a second set of addresses: its value 0 is that one. */
  plus: number;
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
  return inSpans(value, spans) ? { value } : refuse(parameter, 'bad-range');
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
