/** The winning back of a lost connection: one try, a pause, the next, until it is up or given up. */
import type { Clock, Timer } from '../base/clock.js';

interface Endeavour {
  timer?: Timer;
}

export class Redial {
  #endeavour: Endeavour | undefined;

  /** An attempt that succeeds calls `stop`; after any other, `failed` tidies up before the pause. */
  constructor(
    readonly clock: Clock,
    readonly steps: { attempt(): Promise<unknown>; failed(): void },
  ) {}

  get isActive(): boolean {
    return this.#endeavour !== undefined;
  }

  start(every: number): void {
    this.stop();
    this.#endeavour = {};
    this.#later(this.#endeavour, every);
  }

  /** Whether it was active. */
  stop(): boolean {
    const wasActive = this.isActive;
    this.#endeavour?.timer?.cancel();
    this.#endeavour = undefined;
    return wasActive;
  }

  #later(endeavour: Endeavour, every: number): void {
    endeavour.timer = this.clock.after(every, () => void this.#try(endeavour, every));
  }

  async #try(endeavour: Endeavour, every: number): Promise<void> {
    await this.steps.attempt();
    if (this.#endeavour !== endeavour) return;
    this.steps.failed();
    this.#later(endeavour, every);
  }
}
