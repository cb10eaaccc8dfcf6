/**
 * Time, as the rest of the house sees it. Nothing else reads a clock or sets a timer, so a test can move time by hand.
 * All durations and instants are milliseconds.
 */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  now(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  wall(): number;
  /** Runs once after `ms`; a timer never keeps the process alive by itself. */
  after(ms: number, run: () => void): Timer;
  /** Runs in a later turn of the event loop, after the I/O that is ready now. */
  soon(run: () => void): void;
}

/** Node fires at once what is longer; 24 days stand in for ever. */
const longest = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, run) {
    const handle = setTimeout(run, Math.min(ms, longest));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  soon: run => void setImmediate(run),
};

/** The same clock, at another date: `date` is now, in milliseconds since 1970. */
export function atDate(clock: Clock, date: number): Clock {
  const start = clock.now();
  return {
    now: () => clock.now(),
    wall: () => date + clock.now() - start,
    after: (ms, run) => clock.after(ms, run),
    soon: run => clock.soon(run),
  };
}

interface Pending {
  at: number;
  order: number;
  run: () => void;
}

/** A clock that moves only when told to. `soon` still means a later turn: real sockets live beside it in tests. */
export class ManualClock implements Clock {
  #now = 0;
  #order = 0;
  #pending: Pending[] = [];

  /** @param start wall time at creation, in milliseconds since 1970 */
  constructor(readonly start = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.start + this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const entry = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#pending.push(entry);
    return {
      cancel: () => {
        this.#pending = this.#pending.filter(other => other !== entry);
      },
    };
  }

  soon(run: () => void): void {
    setImmediate(run);
  }

  /** Moves time forward and runs what falls due, in order of due time, then of setting. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#pending = this.#pending.filter(other => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = until;
  }

  /** How many timers wait: a test's way to see that nothing was left behind. */
  get waiting(): number {
    return this.#pending.length;
  }

  #next(until: number): Pending | undefined {
    let best: Pending | undefined;
    for (const entry of this.#pending) {
      if (entry.at > until) continue;
      if (!best || entry.at < best.at || (entry.at === best.at && entry.order < best.order)) best = entry;
    }
    return best;
  }
}
