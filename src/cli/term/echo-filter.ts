/**
 * On a screen the line that was typed stands already: the modem's echo of it would be a second one, and the line break
 * after it is the one that Enter made. Takes both out of what is received, and nothing else. Pure.
 */
import type { ByteString } from '../../base/bytes.js';

export class EchoFilter {
  #state: 'passing' | 'echo' | 'line-break' = 'passing';
  #echo: ByteString = '';
  #matched = 0;

  sent(bytes: ByteString): void {
    this.#state = 'echo';
    this.#echo = bytes;
    this.#matched = 0;
  }

  /** @returns what is left to show */
  take(bytes: ByteString): ByteString {
    let shown = '';
    for (const byte of bytes) shown += this.#next(byte);
    return shown;
  }

  #next(byte: ByteString): ByteString {
    switch (this.#state) {
      case 'passing':
        return byte;
      case 'echo':
        return this.#inEcho(byte);
      case 'line-break':
        return this.#afterEcho(byte);
    }
  }

  #inEcho(byte: ByteString): ByteString {
    if (byte !== this.#echo[this.#matched]) return this.#noEcho(byte);
    this.#matched += 1;
    if (this.#matched === this.#echo.length) this.#state = 'line-break';
    return '';
  }

  /** The module does not echo, or says something of its own first: what looked like echo so far was none. */
  #noEcho(byte: ByteString): ByteString {
    if (this.#matched === 0) return this.#afterEcho(byte);
    this.#state = 'passing';
    return this.#echo.slice(0, this.#matched) + byte;
  }

  #afterEcho(byte: ByteString): ByteString {
    this.#state = byte === '\r' ? 'line-break' : 'passing';
    return byte === '\r' || byte === '\n' ? '' : byte;
  }
}
