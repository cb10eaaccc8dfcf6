/**
 * When bytes come off a serial line, one after the other: each once its last bit has passed. Pure arithmetic, counted from
 * the beginning of a burst so that nothing adds up. Times are milliseconds.
 */
import { bitsPerByte } from './port.js';

/** Of a byte's time: what a sum of floating point numbers may lack. */
const tolerance = 1e-6;

export class LinePace {
  #byteTime: number;
  #start = Number.NEGATIVE_INFINITY;
  #passed = 0;

  /** @param speed bits a second */
  constructor(speed: number) {
    this.#byteTime = byteTime(speed);
  }

  /** The next byte begins now, or when the last one has passed. */
  begin(now: number): void {
    if (now <= this.#end) return;
    this.#start = now;
    this.#passed = 0;
  }

  /** When the next byte will have passed. */
  get next(): number {
    return this.#start + (this.#passed + 1) * this.#byteTime;
  }

  /** How many of so many bytes have passed by now. They are done with. */
  take(now: number, most: number): number {
    const since = Math.floor((now - this.#start) / this.#byteTime + tolerance) - this.#passed;
    const taken = Math.max(0, Math.min(most, since));
    this.#passed += taken;
    return taken;
  }

  /** For the bytes that follow. */
  setSpeed(speed: number): void {
    this.#start = this.#end;
    this.#passed = 0;
    this.#byteTime = byteTime(speed);
  }

  get #end(): number {
    return this.#start + this.#passed * this.#byteTime;
  }
}

/** Milliseconds that a byte takes on the line. */
export const byteTime = (speed: number): number => (bitsPerByte * 1000) / speed;
