/**
 * What the modem says, for a screen: lines, and the unfinished one, which may be a prompt. CR LF, CR and LF end a line;
 * other control bytes, and what is no UTF-8, are shown as `\x1A`.
 */
import { type ByteString, utf8FromBytes } from '../../base/bytes.js';

/** A payload without a line end is shown in pieces. */
const longestLine = 4096;
/** CRs count with what follows them: a modem's echo ends in CR, its answer begins with CR LF. */
const lineEnd = /\r*\n|\r+(?=[^\r\n])/g;

export class ReceivedText {
  #unfinished: ByteString = '';

  /** @returns the lines that are whole now */
  take(bytes: ByteString): string[] {
    const parts = (this.#unfinished + bytes).split(lineEnd);
    this.#unfinished = parts.pop()!;
    if (this.#unfinished.length > longestLine) {
      parts.push(this.#unfinished);
      this.#unfinished = '';
    }
    return parts.map(readable);
  }

  get unfinished(): string {
    return readable(this.#unfinished.replace(/\r+$/, ''));
  }
}

export function readable(bytes: ByteString): string {
  const text = utf8FromBytes(bytes);
  return text === undefined ? bytes.replace(/[^\x20-\x7e]/g, hex) : text.replace(/[\x00-\x1f\x7f-\x9f]/g, hex);
}

const hex = (char: string): string => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
