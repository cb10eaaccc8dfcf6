/** Items → the bytes that cross a port or a link. Pure: file contents come from the caller. */
import { type ByteString, fromBuffer } from '../base/bytes.js';
import type { HostItem, ModemItem, Piece, Verbatim } from './transcript.js';

/** The content of a file that a transcript names. */
export type FileContent = (name: string) => Buffer;

export function hostBytes({ sends }: HostItem, end: ByteString, content: FileContent): ByteString {
  switch (sends.layout) {
    case 'line':
      return textOf(sends.pieces, content) + end;
    case 'exact':
    case 'file':
      return verbatimBytes(sends, content);
  }
}

export function modemBytes({ sends }: ModemItem, content: FileContent): ByteString {
  switch (sends.layout) {
    case 'framed':
      return `\r\n${textOf(sends.pieces, content)}\r\n`;
    case 'line':
      return `${textOf(sends.pieces, content)}\r\n`;
    case 'exact':
    case 'file':
      return verbatimBytes(sends, content);
  }
}

export function verbatimBytes(verbatim: Verbatim, content: FileContent): ByteString {
  return verbatim.layout === 'exact' ? verbatim.bytes : fromBuffer(content(verbatim.file));
}

/** Of an item that was made and names no file: what it says, without the line ends that its layout adds. */
export const wordsOf = ({ sends }: HostItem | ModemItem): ByteString =>
  sends.layout === 'exact' ? sends.bytes : sends.layout === 'file' ? '' : textOf(sends.pieces, noContent);

const noContent: FileContent = () => Buffer.alloc(0);

function textOf(pieces: readonly Piece[], content: FileContent): ByteString {
  return pieces.map(piece => ('bytes' in piece ? piece.bytes : String(content(piece.sizeOf).length))).join('');
}
