import { expect, it } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { DropLog } from '../../../src/base/drop-log.js';
import { silentLog } from '../../../src/base/log.js';

it('says the first at once, and the others together later', () => {
  const clock = new ManualClock();
  const said: unknown[] = [];
  const drops = new DropLog('dropped', clock, { ...silentLog, warn: fields => said.push(fields) });
  for (let i = 0; i < 5; i++) drops.add({ n: i });
  clock.advance(10_000);
  drops.add({ n: 5 });
  expect(said).toEqual([
    { n: 0, times: 1 },
    { n: 5, times: 5 },
  ]);
  expect(drops.count).toBe(6);
});
