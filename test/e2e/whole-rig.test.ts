/** A thousand modems of one config, each publishing at QoS 1 every second into mosquitto: the bench's own rig, for 20 s of its 300. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { inRepository } from '../support/repository.js';

test('1,000 modems publish for 20 s, and nothing is lost', { timeout: 180_000 }, () => {
  execFileSync(process.execPath, [inRepository('scripts/build.mjs')]);
  const bench = [inRepository('scripts/bench.mjs'), '--quick', 'whole-rig'];
  const told = execFileSync(process.execPath, bench, { encoding: 'utf8' });
  console.log(told);
  expect(told).toContain('20000 acknowledged, 0 lost, 0 out of order');
});
