/**
 * What a channel writes to its port: all of one turn in one burst, because hosts take each burst of bytes for a frame.
 */
import { type ByteString, toBuffer } from '../base/bytes.js';
import type { Port } from '../ports/port.js';

/** Past this many bytes a burst goes out at once. */
const largestBurst = 16 * 1024;

export class PortOutput {
  #pending: ByteString = '';
  /** Inside `turn`: what is written waits for the end of the outermost. */
  #depth = 0;

  constructor(
    readonly port: Port,
    /** So many bytes were handed to the port. */
    readonly wrote: (bytes: number) => void,
  ) {}

  /** Runs `work`, then sends what it wrote in one burst. */
  turn(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.flush();
    }
  }

  write(bytes: ByteString): void {
    this.#pending += bytes;
    if (this.#depth === 0 || this.#pending.length > largestBurst) this.flush();
  }

  /** Bytes as they are, after all that was written before. */
  pass(bytes: Buffer): void {
    this.flush();
    this.port.write(bytes);
    this.wrote(bytes.length);
  }

  flush(): void {
    if (this.#pending === '') return;
    const bytes = this.#pending;
    this.#pending = '';
    this.port.write(toBuffer(bytes));
    this.wrote(bytes.length);
  }

  /** Forgets what was not sent. */
  discard(): void {
    this.#pending = '';
  }
}
