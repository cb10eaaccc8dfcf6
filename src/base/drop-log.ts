/** Says that something was turned away: at once the first time, then at most every ten seconds, with how many since. */
import type { Clock } from './clock.js';
import type { Log } from './log.js';

const quietTime = 10_000;

export class DropLog {
  #silentUntil = Number.NEGATIVE_INFINITY;
  #unsaid = 0;
  /** Since the start. */
  count = 0;

  constructor(
    readonly text: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  add(fields: object): void {
    this.count += 1;
    this.#unsaid += 1;
    if (this.clock.now() < this.#silentUntil) return;
    this.log.warn({ ...fields, times: this.#unsaid }, this.text);
    this.#unsaid = 0;
    this.#silentUntil = this.clock.now() + quietTime;
  }
}
