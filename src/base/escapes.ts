/** Bytes as people write them in files and options: `\r \n \t \\ \xHH` are escapes, everything else is its own UTF-8. */
import { type ByteString, utf8ToBytes } from './bytes.js';

const named: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', '\\': '\\' };
const token = /[^\\]+|\\x[0-9A-Fa-f]{2}|\\[rnt\\]|\\x?/gy;

export const escapeForms = '\\r, \\n, \\t, \\\\ or \\x and two hex digits';

/** @returns the bytes, or the place in the text of an escape that means nothing */
export function readEscapes(text: string): { bytes: ByteString } | { badAt: number } {
  let bytes = '';
  for (const match of text.matchAll(token)) {
    const [piece] = match;
    if (!piece.startsWith('\\')) bytes += utf8ToBytes(piece);
    else if (piece.length === 4) bytes += String.fromCharCode(Number.parseInt(piece.slice(2), 16));
    else if (piece.charAt(1) in named) bytes += named[piece.charAt(1)];
    else return { badAt: match.index };
  }
  return { bytes };
}
