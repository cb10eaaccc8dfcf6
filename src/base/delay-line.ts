/**
 * What must happen in order, each not before its time: bytes that a slow line or network holds up. With nothing due later,
 * what is put in happens at once, in the same turn.
 */
import type { Clock, Timer } from './clock.js';

interface Waiting {
  due: number;
  run: () => void;
}

export class DelayLine {
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;
  #isHeld = false;
  #isRunning = false;
  #lastDue = Number.NEGATIVE_INFINITY;

  constructor(readonly clock: Clock) {}

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** When the last that was put in is due, but not before now: where a gap after it begins. */
  get end(): number {
    return Math.max(this.#lastDue, this.clock.now());
  }

  /** @param ms from now at the earliest; what was put in before comes first in any case */
  put(ms: number, run: () => void): void {
    this.putAt(this.clock.now() + ms, run);
  }

  /** @param due an instant of the clock */
  putAt(due: number, run: () => void): void {
    this.#lastDue = Math.max(due, this.#lastDue);
    this.#waiting.push({ due: this.#lastDue, run });
    if (!this.#timer) this.#goOn();
  }

  /** Nothing happens until it is let go; what fell due meanwhile then happens at once. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    this.#goOn();
  }

  clear(): void {
    this.#waiting = [];
    this.#lastDue = Number.NEGATIVE_INFINITY;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** What runs may put in more, hold the line or clear it: that is seen before the next. */
  #goOn(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#timer?.cancel();
    this.#timer = undefined;
    try {
      while (this.#isDue()) this.#waiting.shift()!.run();
    } finally {
      this.#isRunning = false;
    }
  }

  #isDue(): boolean {
    const [next] = this.#waiting;
    if (!next || this.#isHeld) return false;
    const left = next.due - this.clock.now();
    if (left > 0) this.#timer = this.clock.after(left, () => this.#goOn());
    return left <= 0;
  }
}
