/**
 * Unsolicited result codes of one channel, waiting until the dialect lets one stand: never inside a response line or a
 * data block, never in the turn of a final result, and not while a command line is being typed.
 */
import type { Clock, Timer } from '../base/clock.js';

/** May a URC be written now? `typing` may be waited out. */
export type Gate = () => 'open' | 'closed' | 'typing';

/** Most URCs that wait; past it the newest are dropped and counted. */
export const urcLimit = 4096;
/** How long a half-typed command line keeps URCs back, in ms. */
const typingPatience = 2000;

export class UrcQueue {
  #waiting: (() => void)[] = [];
  #isSettling = false;
  #patience: Timer | undefined;
  dropped = 0;

  constructor(
    readonly clock: Clock,
    readonly gate: Gate,
    /** Milliseconds between a final result and the URC that follows it; 0: a later turn. */
    readonly gap: number,
  ) {}

  get length(): number {
    return this.#waiting.length;
  }

  push(write: () => void): void {
    if (this.#waiting.length >= urcLimit) {
      this.dropped += 1;
      return;
    }
    this.#waiting.push(write);
    this.pump();
  }

  /** A final result was written: what follows keeps its distance. */
  settle(): void {
    this.#isSettling = true;
    const settled = () => {
      this.#isSettling = false;
      this.pump();
    };
    if (this.gap > 0) this.clock.after(this.gap, settled);
    else this.clock.soon(settled);
  }

  /** Writes what may be written. Called whenever the gate may have opened. */
  pump(): void {
    while (this.#waiting.length > 0 && !this.#isSettling && this.#isOpen()) this.#waiting.shift()!();
  }

  clear(): void {
    this.#waiting = [];
    this.#patience?.cancel();
    this.#patience = undefined;
  }

  #isOpen(): boolean {
    const state = this.gate();
    if (state === 'typing') {
      this.#patience ??= this.clock.after(typingPatience, () => this.#runOut());
      return false;
    }
    this.#patience?.cancel();
    this.#patience = undefined;
    return state === 'open';
  }

  #runOut(): void {
    this.#patience = undefined;
    while (this.#waiting.length > 0 && !this.#isSettling && this.gate() !== 'closed') this.#waiting.shift()!();
  }
}
