/**
 * Takes the arguments of a command apart [V.250 5.4.2]: commas, quotes and escapes, and strings in hex behind a vendor's
 * mark. What an argument means (a number, a word, a topic) is the grammar's.
 */
import { type ByteString, fromBuffer } from '../base/bytes.js';
import { readQuotedString } from './quoted-string.js';
import { skipSpaces, trimEnd } from './spaces.js';
import type { LineStyle } from './style.js';

export interface Argument {
  kind: 'omitted' | 'quoted' | 'bare';
  /** Of a quoted one without its quotes and escapes; of a bare one as typed. */
  value: ByteString;
  /** Places in the text that was split; a quoted one's include its quotes. */
  start: number;
  end: number;
}

export type ArgumentFault =
  /** A quote that nothing closes. */
  | 'unterminated'
  /** Something other than a comma after the closing quote. */
  | 'after-string'
  | 'too-many';

export type ArgumentList =
  | { arguments: Argument[]; fault?: undefined }
  /** `arguments` stand before the fault, which is at `at`. */
  | { arguments: Argument[]; fault: ArgumentFault; at: number };

/** No text is no argument; a comma has one on each side, be it omitted. */
export function splitArguments(args: ByteString, style: LineStyle): ArgumentList {
  const found: Argument[] = [];
  let at = skipSpaces(args, 0, style);
  if (at === args.length) return { arguments: found };
  for (;;) {
    if (found.length === style.maximumArguments) return { arguments: found, fault: 'too-many', at };
    const argument = readArgument(args, at, style);
    if (argument === undefined) return { arguments: found, fault: 'unterminated', at };
    const next = skipSpaces(args, argument.end, style);
    if (next < args.length && args[next] !== ',') return { arguments: found, fault: 'after-string', at: next };
    found.push(argument);
    if (next === args.length) return { arguments: found };
    at = skipSpaces(args, next + 1, style);
  }
}

function readArgument(args: ByteString, start: number, style: LineStyle): Argument | undefined {
  if (args[start] === '"') return readQuoted(args, start, style);
  const { hexStringMark } = style;
  const isMarked = hexStringMark !== '' && args.startsWith(`${hexStringMark}"`, start);
  return isMarked ? readHex(args, start, style) : readBare(args, start, style);
}

/** Digits that spell no bytes leave the argument as it was typed: bare, which no string in quotes may be. */
function readHex(args: ByteString, start: number, style: LineStyle): Argument | undefined {
  const quoted = readQuoted(args, start + style.hexStringMark.length, style);
  if (quoted === undefined) return undefined;
  const { end, value: digits } = quoted;
  if (!/^([0-9a-f]{2})+$/i.test(digits)) return { kind: 'bare', value: args.slice(start, end), start, end };
  return { kind: 'quoted', value: fromBuffer(Buffer.from(digits, 'hex')), start, end };
}

function readQuoted(args: ByteString, start: number, style: LineStyle): Argument | undefined {
  const { value, end, isClosed } = readQuotedString(args, start, style);
  return isClosed ? { kind: 'quoted', value, start, end } : undefined;
}

function readBare(args: ByteString, start: number, style: LineStyle): Argument {
  const comma = args.indexOf(',', start);
  const end = trimEnd(args, start, comma < 0 ? args.length : comma, style);
  return { kind: end === start ? 'omitted' : 'bare', value: args.slice(start, end), start, end };
}
