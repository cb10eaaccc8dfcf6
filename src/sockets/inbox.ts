/**
 * What came on a link and waits until the host asks for it, in order. A stream is one run of bytes; datagrams keep their
 * borders, and each knows its sender. The bound is the module's window: who fills the inbox stops reading the link then.
 */
import type { Arrival } from './link.js';

export class Inbox {
  #arrivals: Arrival[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  put(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    this.#bytes += arrival.bytes.length;
  }

  /** At most `length` bytes: of a stream as many as there are, of datagrams no more than one. */
  take(length: number, borders: 'stream' | 'datagrams'): Arrival | undefined {
    const [first] = this.#arrivals;
    if (!first || length < 1) return undefined;
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0 && this.#arrivals.length > 0; ) {
      const piece = this.#takeFirst(missing);
      pieces.push(piece);
      missing -= piece.length;
      if (borders === 'datagrams') break;
    }
    const bytes = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    this.#bytes -= bytes.length;
    return { ...first, bytes };
  }

  clear(): void {
    this.#arrivals = [];
    this.#bytes = 0;
  }

  #takeFirst(most: number): Buffer {
    const first = this.#arrivals[0]!;
    if (first.bytes.length <= most) {
      this.#arrivals.shift();
      return first.bytes;
    }
    this.#arrivals[0] = { ...first, bytes: first.bytes.subarray(most) };
    return first.bytes.subarray(0, most);
  }
}
