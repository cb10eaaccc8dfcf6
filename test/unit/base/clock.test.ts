import { expect, test } from 'vitest';
import { atDate, ManualClock } from '../../../src/base/clock.js';

test('a clock at another date goes on from there, and is the same clock else', () => {
  const clock = new ManualClock();
  clock.advance(5000);
  const then = Date.UTC(2030, 5, 1);
  const dated = atDate(clock, then);
  expect(dated.wall()).toBe(then);
  let isDue = false;
  dated.after(250, () => {
    isDue = true;
  });
  clock.advance(250);
  expect([isDue, dated.now(), dated.wall()]).toEqual([true, clock.now(), then + 250]);
});
