/**
 * A host that has come, and is not told of yet. Drivers set up what they have opened, and throw away what they find: boot
 * lines written in between would be lost unread. So a host is told of once it has been quiet for a while, or sends a byte.
 */
import type { Clock, Timer } from '../base/clock.js';

export interface ArrivalPatience {
  /** Milliseconds of quiet after which it seems to be done; 0 tells of it at once. */
  pause: number;
  /** Milliseconds after which it is told of, quiet or not. */
  longest: number;
}

export class Arrival {
  readonly #clock: Clock;
  readonly #patience: ArrivalPatience;
  readonly #announce: () => void;
  #timer: Timer | undefined;
  #cameAt = 0;

  constructor(clock: Clock, patience: ArrivalPatience, announce: () => void) {
    this.#clock = clock;
    this.#patience = patience;
    this.#announce = announce;
  }

  /** A host is there that nobody was told of. */
  get isPending(): boolean {
    return this.#timer !== undefined;
  }

  begin(): void {
    this.#cameAt = this.#clock.now();
    this.#wait();
  }

  /** It sets something up: the quiet begins anew. */
  stir(): void {
    if (this.isPending) this.#wait();
  }

  /** It seems to be done, or has sent something. Tells of it, once. */
  settle(): void {
    if (this.cancel()) this.#announce();
  }

  /** Nobody is told of it. @returns whether that was still open */
  cancel(): boolean {
    const wasPending = this.isPending;
    this.#timer?.cancel();
    this.#timer = undefined;
    return wasPending;
  }

  #wait(): void {
    const { pause, longest } = this.#patience;
    const left = this.#cameAt + longest - this.#clock.now();
    this.#timer?.cancel();
    this.#timer = this.#clock.after(Math.max(0, Math.min(pause, left)), () => this.settle());
    if (pause === 0) this.settle();
  }
}
