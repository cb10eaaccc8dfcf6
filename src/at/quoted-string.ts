/**
 * A string constant of a command line: `"..."`, with the escapes of the module's style [V.250 5.4.2.2]. The command
 * line (where does this command end?) and its arguments (what does this one say?) must agree on it, so it stands alone.
 */
import type { ByteString } from '../base/bytes.js';
import type { LineStyle, StringStyle } from './style.js';

export interface QuotedString {
  /** Without quotes and escapes. */
  value: ByteString;
  /** After the closing quote; where it is missing, where reading stopped. */
  end: number;
  isClosed: boolean;
}

/** @param open where the opening quote stands */
export function readQuotedString(text: ByteString, open: number, style: LineStyle): QuotedString {
  let value = '';
  let at = open + 1;
  while (at < text.length) {
    const char = text[at]!;
    if (char === '"') return { value, end: at + 1, isClosed: true };
    if (char === ',' && style.commaInString === 'splits') break;
    const { byte, length } = escapeAt(text, at, style.strings) ?? { byte: char, length: 1 };
    value += byte;
    at += length;
  }
  return { value, end: at, isClosed: false };
}

/** The byte that an escape stands for; undefined where none stands. A `\` that begins no escape is itself. */
function escapeAt(
  text: ByteString,
  at: number,
  strings: StringStyle,
): { byte: ByteString; length: number } | undefined {
  if (text[at] !== '\\') return undefined;
  switch (strings) {
    case 'plain':
      return undefined;
    case 'v250': {
      const digits = text.slice(at + 1, at + 3);
      if (!/^[0-9A-F]{2}$/i.test(digits)) return undefined;
      return { byte: String.fromCharCode(Number.parseInt(digits, 16)), length: 3 };
    }
    case 'backslash':
      return at + 1 < text.length ? { byte: text[at + 1]!, length: 2 } : undefined;
  }
}
