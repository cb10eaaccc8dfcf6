/**
 * What a receiver makes of bytes that were sent at another speed: it samples the sender's waveform, 8N1, in the middle of
 * its own bits. Bytes merge, split or are lost, and near speeds understand each other, as on a wire. Pure.
 */
import { bitsPerByte } from './port.js';

/**
 * One burst, the line idle before and after it. A byte whose stop bit is not there (a framing error) is lost, and the
 * receiver waits for an idle line.
 * @param from the sender's speed, in bits a second
 * @param to the receiver's
 */
export function garble(bytes: Buffer, from: number, to: number): Buffer {
  if (from === to) return bytes;
  const wave = new Waveform(bytes, to * 2);
  const received: number[] = [];
  for (let start = wave.nextFall(0); start !== undefined; ) {
    // Both speeds are whole numbers: in units of 1 / (2 · from · to) seconds, so is every instant.
    const levelOf = (bit: number) => wave.levelAt(start! + (2 * bit + 1) * from);
    const end = start + (2 * bitsPerByte - 1) * from;
    if (levelOf(0) === 1) {
      start = wave.nextFall(start + from);
    } else if (levelOf(bitsPerByte - 1) === 1) {
      let byte = 0;
      for (let bit = 0; bit < 8; bit++) byte |= levelOf(bit + 1) << bit;
      received.push(byte);
      start = wave.nextFall(end);
    } else {
      start = wave.nextFall(wave.nextIdle(end));
    }
  }
  return Buffer.from(received);
}

/** The level of the line over time; idle is 1. */
class Waveform {
  readonly #bytes: Buffer;
  readonly #bitTime: number;

  constructor(bytes: Buffer, bitTime: number) {
    this.#bytes = bytes;
    this.#bitTime = bitTime;
  }

  levelAt(time: number): number {
    return this.#levelOf(Math.floor(time / this.#bitTime));
  }

  /** When it falls next, at `time` or later: a start bit, or what looks like one. Undefined when it stays idle for good. */
  nextFall(time: number): number | undefined {
    let bit = Math.ceil(time / this.#bitTime);
    for (; bit < this.#length; bit++) {
      if (this.#levelOf(bit) === 0 && this.#levelOf(bit - 1) === 1) return bit * this.#bitTime;
    }
    return undefined;
  }

  /** When it is idle, at `time` or later. */
  nextIdle(time: number): number {
    let bit = Math.floor(time / this.#bitTime);
    while (this.#levelOf(bit) === 0) bit++;
    return Math.max(time, bit * this.#bitTime);
  }

  get #length(): number {
    return this.#bytes.length * bitsPerByte;
  }

  /** A start bit (0), eight of data from the lowest, a stop bit (1). */
  #levelOf(bit: number): number {
    if (bit < 0 || bit >= this.#length) return 1;
    const place = bit % bitsPerByte;
    if (place === 0) return 0;
    if (place === bitsPerByte - 1) return 1;
    return (this.#bytes[Math.floor(bit / bitsPerByte)]! >> (place - 1)) & 1;
  }
}
