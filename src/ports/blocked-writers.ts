/**
 * Ports whose DTE does not read, tried again together from one timer: no event says that a pty's slave has room again.
 * It owns that timer. A DTE that reads slowly is tried every millisecond; one that never reads, ever less often.
 */
import type { Clock, Timer } from '../base/clock.js';

/** Milliseconds: at 20 KB a try, the kernel's room, it bounds what a DTE that reads fast can get. */
const shortestWait = 1;
const longestWait = 128;

/** Whether any byte went, and whether any is left. */
export type Attempt = 'blocked' | 'progress' | 'done';

interface Entry {
  wait: number;
  due: number;
}

const perClock = new WeakMap<Clock, BlockedWriters>();

export class BlockedWriters {
  readonly #clock: Clock;
  readonly #entries = new Map<() => Attempt, Entry>();
  #timer: Timer | undefined;

  private constructor(clock: Clock) {
    this.#clock = clock;
  }

  static on(clock: Clock): BlockedWriters {
    const known = perClock.get(clock) ?? new BlockedWriters(clock);
    perClock.set(clock, known);
    return known;
  }

  add(attempt: () => Attempt): void {
    this.#entries.set(attempt, { wait: shortestWait, due: this.#clock.now() + shortestWait });
    this.#schedule();
  }

  delete(attempt: () => Attempt): void {
    if (this.#entries.delete(attempt)) this.#schedule();
  }

  #schedule(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#entries.size === 0) return;
    let due = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) due = Math.min(due, entry.due);
    this.#timer = this.#clock.after(Math.max(0, due - this.#clock.now()), () => this.#tick());
  }

  #tick(): void {
    try {
      const now = this.#clock.now();
      for (const [attempt, entry] of [...this.#entries]) {
        // An earlier attempt's events may have closed this port.
        if (entry.due <= now && this.#entries.get(attempt) === entry) this.#try(attempt, entry);
      }
    } finally {
      // Whatever one port's receiver throws, the others go on.
      this.#schedule();
    }
  }

  #try(attempt: () => Attempt, entry: Entry): void {
    entry.wait = Math.min(entry.wait * 2, longestWait);
    entry.due = this.#clock.now() + entry.wait;
    switch (attempt()) {
      case 'done':
        if (this.#entries.get(attempt) === entry) this.#entries.delete(attempt);
        return;
      case 'progress':
        entry.wait = shortestWait;
        entry.due = this.#clock.now() + shortestWait;
        return;
      case 'blocked':
        return;
    }
  }
}
