/**
 * How long the world around a module takes. With `real` timing every step lasts as long as on a module; with `instant`
 * it still comes in a later turn of the event loop, so that an answer always precedes what follows from it.
 * Owns no state but the clock; never decides what happens, only when.
 */
import type { Clock, Timer } from '../base/clock.js';

export type Timing = 'instant' | 'real';

export class Pace {
  constructor(
    readonly clock: Clock,
    readonly timing: Timing,
  ) {}

  /** Runs once: after `ms` as a module would need, or in a later turn. */
  later(ms: number, run: () => void): Timer {
    if (this.timing === 'real') return this.clock.after(ms, run);
    let pending = true;
    this.clock.soon(() => pending && run());
    return {
      cancel: () => {
        pending = false;
      },
    };
  }

  /** The same as a promise. Whoever waits looks again at the state afterwards: it may have changed meanwhile. */
  wait(ms: number): Promise<void> {
    return new Promise(resolve => this.later(ms, resolve));
  }
}
