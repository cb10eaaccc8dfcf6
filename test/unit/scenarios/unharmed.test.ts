/** A modem into which faults may come, and none does, is as any other: ports are wrapped and links shaped for nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryPort } from '../../../src/ports/memory.js';
import { FaultyPort } from '../../../src/scenarios/faulty-port.js';
import { loadTranscript } from '../../support/repository.js';
import { runTranscript } from '../../support/run-transcript.js';
import { createTestModem } from '../../support/test-modem.js';
import { World } from '../../support/world.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';

const transcripts = [
  'luat/happy-path',
  'luat/link-loss',
  'luat/tls-one-way',
  'luat/boot-real-time',
  'w800/happy-path',
  'esp-at/happy-path',
  'esp-at/passthrough',
  'esp-at/passthrough-udp-from-power-on',
];

describe('plays', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start('aedes');
  });
  afterAll(() => world?.stop());

  it.each(transcripts)('%s', async name => {
    await runTranscript(loadTranscript(name), {
      world,
      split: 'whole',
      createModem: plan => createTestModem({ ...plan, isFaulty: true }),
    });
  });
});

it('a daemon without faults has no seam for any', async () => {
  const { daemon, modem } = await ModemUnderTest.start('luat');
  expect([daemon.seed, daemon.faults.size, modem.faults]).toEqual([undefined, 0, undefined]);
  expect(modem.channels[0]!.port).toBeInstanceOf(MemoryPort);
});

it('one with a seed has', async () => {
  const { daemon, modem } = await ModemUnderTest.start('luat', { seed: 7 });
  expect([daemon.seed, modem.faults]).toEqual([7, daemon.faults.get('modem')]);
  expect(modem.channels[0]!.port).toBeInstanceOf(FaultyPort);
});
