/**
 * Unsolicited result codes of one channel, waiting until the dialect lets one stand: never inside a response line or a
 * data block, never in the turn of a final result, and not while a command line is being typed.
 */
import type { Clock, Timer } from '../base/clock.js';

/** May a URC be written now? `typing` may be waited out. */
export type Gate = () => 'open' | 'closed' | 'typing';

/** Most URCs that wait; past it the newest are dropped and counted. */
export const urcLimit = 4096;
/** How long a half-typed command line, or final results in quick succession, keep URCs back, in ms. */
const longestPatience = 2000;

interface Waiting {
  bytes: number;
  write: () => void;
}

export class UrcQueue {
  #waiting: Waiting[] = [];
  #bytes = 0;
  /** Runs from a final result until the gap after it is over. */
  #gapEnd: Timer | undefined;
  /** When the first of several final results came between which no URC found a gap. */
  #crowdedSince = 0;
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

  /** Of all that wait, line ends not counted. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @returns false where it was dropped: who pushes says so */
  push(bytes: number, write: () => void): boolean {
    if (this.#waiting.length >= urcLimit) {
      this.dropped += 1;
      return false;
    }
    this.#waiting.push({ bytes, write });
    this.#bytes += bytes;
    this.pump();
    return true;
  }

  /** A final result was written: what follows keeps its distance, but a host that polls does not keep URCs back for ever. */
  settle(): void {
    if (this.#gapEnd) this.#gapEnd.cancel();
    else this.#crowdedSince = this.clock.now();
    this.#gapEnd = this.#afterGap(() => {
      this.#gapEnd = undefined;
      this.pump();
    });
  }

  /** Writes what may be written. Called whenever the gate may have opened. */
  pump(): void {
    while (this.#waiting.length > 0 && !this.#gapEnd && this.#isOpen()) this.#writeNext();
  }

  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.#patience?.cancel();
    this.#patience = undefined;
  }

  #afterGap(run: () => void): Timer {
    const patienceLeft = this.#crowdedSince + longestPatience - this.clock.now();
    if (this.gap > 0) return this.clock.after(Math.min(this.gap, patienceLeft), run);
    let isWaiting = true;
    this.clock.soon(() => isWaiting && run());
    return {
      cancel: () => {
        isWaiting = false;
      },
    };
  }

  #writeNext(): void {
    const { bytes, write } = this.#waiting.shift()!;
    this.#bytes -= bytes;
    write();
  }

  #isOpen(): boolean {
    const state = this.gate();
    if (state === 'typing') {
      this.#patience ??= this.clock.after(longestPatience, () => this.#runOut());
      return false;
    }
    this.#patience?.cancel();
    this.#patience = undefined;
    return state === 'open';
  }

  #runOut(): void {
    this.#patience = undefined;
    while (this.#waiting.length > 0 && !this.#gapEnd && this.gate() !== 'closed') this.#writeNext();
  }
}
