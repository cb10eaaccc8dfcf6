/** Items → the bytes that cross a port or a link. Pure: file contents come from the caller. */
import { type ByteString, fromBuffer } from '../base/bytes.js';
import type { HostItem, ModemItem, Piece, Verbatim } from './transcript.js';

/** The content of a file that a transcript names. */
export type FileContent = (name: string) => Buffer;

/** The peer's own port of a link, by the link's number; undefined where there is no such link. */
export type PeerPort = (link: number) => number | undefined;

const noPeers: PeerPort = () => undefined;

export function hostBytes(
  { sends }: HostItem,
  end: ByteString,
  content: FileContent,
  portOf: PeerPort = noPeers,
): ByteString {
  switch (sends.layout) {
    case 'line':
      return textOf(sends.pieces, content, portOf) + end;
    case 'exact':
    case 'file':
      return verbatimBytes(sends, content);
  }
}

export function modemBytes({ sends }: ModemItem, content: FileContent, portOf: PeerPort = noPeers): ByteString {
  switch (sends.layout) {
    case 'framed':
      return `\r\n${textOf(sends.pieces, content, portOf)}\r\n`;
    case 'line':
      return `${textOf(sends.pieces, content, portOf)}\r\n`;
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
  sends.layout === 'exact' ? sends.bytes : sends.layout === 'file' ? '' : textOf(sends.pieces, noContent, noPeers);

const noContent: FileContent = () => Buffer.alloc(0);

function textOf(pieces: readonly Piece[], content: FileContent, portOf: PeerPort): ByteString {
  return pieces.map(piece => pieceOf(piece, content, portOf)).join('');
}

function pieceOf(piece: Piece, content: FileContent, portOf: PeerPort): ByteString {
  if ('bytes' in piece) return piece.bytes;
  return 'sizeOf' in piece ? String(content(piece.sizeOf).length) : String(portOf(piece.portOf) ?? '(no link)');
}
