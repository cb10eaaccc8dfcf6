import { ManualClock } from '../../../src/base/clock.js';
import type { Signal } from '../../../src/base/signal.js';
import { Pace } from '../../../src/network/pace.js';

/** Lets everything happen that needs no more time: some turns of the event loop. */
export async function turns(count = 8): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(resolve => setImmediate(resolve));
}

/** Moves time in steps, so that what waits for what is waited for begins. */
export async function pass(clock: ManualClock, ms: number, step = 100): Promise<void> {
  for (let left = ms; left > 0; left -= step) {
    await turns(2);
    clock.advance(Math.min(step, left));
  }
  await turns(2);
}

export const instant = () => new Pace(new ManualClock(), 'instant');

/** Everything a signal says from now on. */
export function heard<T>(signal: Signal<T>): T[] {
  const all: T[] = [];
  signal.on(value => all.push(value));
  return all;
}
