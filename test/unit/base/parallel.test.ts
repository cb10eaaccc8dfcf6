import { expect, test } from 'vitest';
import { inParallel } from '../../../src/base/parallel.js';
import { turns } from '../../support/patience.js';

test('at most so many at a time, and the results in order', async () => {
  let running = 0;
  let most = 0;
  const result = await inParallel([5, 1, 3, 2], 2, async item => {
    most = Math.max(most, ++running);
    await turns(item);
    running -= 1;
    return item * 10;
  });
  expect(result).toEqual({ done: [50, 10, 30, 20], failure: undefined });
  expect(most).toBe(2);
});

test('after a failure none begins, and those that had begun are waited for', async () => {
  const begun: number[] = [];
  const result = await inParallel([1, 2, 3, 4], 2, async item => {
    begun.push(item);
    if (item === 2) throw new Error('no');
    await turns(3);
    return item;
  });
  expect(begun).toEqual([1, 2]);
  expect(result).toEqual({ done: [1], failure: new Error('no') });
});
