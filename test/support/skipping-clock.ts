/** Real time for real ports and sockets, but nobody waits for what takes seconds: the test skips it. */
import { type Clock, ManualClock, systemClock, type Timer } from '../../src/base/clock.js';

/** Milliseconds from which a timer is the test's: longer than a port or a loopback link ever takes. */
const long = 5_000;

export class SkippingClock implements Clock {
  readonly #long = new ManualClock();

  now(): number {
    return systemClock.now() + this.#long.now();
  }

  wall(): number {
    return systemClock.wall() + this.#long.now();
  }

  after(ms: number, run: () => void): Timer {
    return (ms < long ? systemClock : this.#long).after(ms, run);
  }

  soon(run: () => void): void {
    systemClock.soon(run);
  }

  skip(ms: number): void {
    this.#long.advance(ms);
  }
}
