/**
 * Bytes as a transcript writes them after `|`: `\r \n \t \\ \xHH` are escapes, everything else is its own UTF-8.
 * Both directions; what one writes the other reads back.
 */
import { type ByteString, utf8FromBytes } from '../base/bytes.js';
import { escapeForms, readEscapes } from '../base/escapes.js';
import { refuse, type Span, slice } from './mistakes.js';

export function bytesFromEscapes(span: Span): ByteString {
  const read = readEscapes(span.text);
  if ('bytes' in read) return read.bytes;
  return refuse(slice(span, read.badAt, read.badAt + 4), 'this escape means nothing', {
    expected: escapeForms,
    hint: 'A backslash itself is written \\\\ here.',
  });
}

/** Readable where the bytes are printable text; and never a blank at either end, which editors remove. */
export function escapesFromBytes(bytes: ByteString): string {
  const text = utf8FromBytes(bytes);
  const escaped =
    text !== undefined && isPrintable(text.replace(/[\r\n\t]/g, ''))
      ? text.replaceAll('\\', '\\\\').replaceAll('\r', '\\r').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
      : [...bytes].map(escapeByte).join('');
  return escaped.replace(/^ | $/g, '\\x20');
}

function escapeByte(byte: string): string {
  if (byte === '\\') return '\\\\';
  if (byte === '\r') return '\\r';
  if (byte === '\n') return '\\n';
  if (byte === '\t') return '\\t';
  if (byte >= ' ' && byte <= '~') return byte;
  return `\\x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

/** May it stand in a file for people as it is? No controls, no invisible or line-breaking characters. */
export function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text);
}
