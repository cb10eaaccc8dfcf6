/**
 * Phone functionality: which parts of the module are awake. What follows from a change (SIM, registration, contexts) is
 * worked out by cellular.ts. [27.007 8.2 +CFUN]
 */
import { Signal } from '../base/signal.js';

/** 0 minimum: no SIM, no radio. 1 full. 4 radio off, SIM on. */
export type Functionality = 0 | 1 | 4;

export const isFunctionality = (value: number): value is Functionality => value === 0 || value === 1 || value === 4;

export class Radio {
  readonly changed = new Signal<{ from: Functionality; to: Functionality }>();
  #functionality: Functionality = 1;

  get functionality(): Functionality {
    return this.#functionality;
  }

  set(to: Functionality): void {
    const from = this.#functionality;
    if (from === to) return;
    this.#functionality = to;
    this.changed.emit({ from, to });
  }

  /** Full functionality is what a module wakes up with, whatever it had. */
  reset(): void {
    this.#functionality = 1;
  }
}
