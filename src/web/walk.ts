/** Where the keys lead from a place in a list. Pure. */
import type { Action } from './keys.js';

/** Rows of a page; near enough for any height. */
const page = 20;

const steps: Partial<Readonly<Record<Action, number>>> = {
  next: 1,
  previous: -1,
  'page-down': page,
  'page-up': -page,
  first: Number.NEGATIVE_INFINITY,
  last: Number.POSITIVE_INFINITY,
};

/**
 * @param from -1: on none yet; `next` goes to the first then, `previous` to the last
 * @returns undefined where the action does not walk, or there is nothing to walk on
 */
export function walked(action: Action, from: number, count: number): number | undefined {
  const step = steps[action];
  if (step === undefined || count === 0) return undefined;
  const begins = action === 'first' || action === 'next' || action === 'page-down';
  if (from < 0) return begins ? 0 : count - 1;
  return Math.max(0, Math.min(count - 1, from + step));
}
