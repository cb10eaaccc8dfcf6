/** The vitest suite of all transcripts on one broker: a test for each transcript and split. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokerName, brokerNames } from '../../src/transcripts/transcript.js';
import { Corrections } from './corrections.js';
import { loadTranscript, transcriptNames } from './repository.js';
import { runTranscript } from './run-transcript.js';
import { type Split, splits } from './splits.js';
import { World } from './world.js';

/** `UPDATE=1 npm test` rewrites wrong `<` lines, in one run of each transcript, and passes. */
const isUpdate = process.env.UPDATE === '1';

export function describeTranscripts(broker: BrokerName): void {
  describe(`transcripts on ${broker}`, () => {
    const names = transcriptNames().filter(name => brokersOf(name).includes(broker));
    let world: World;
    beforeAll(async () => {
      world = await World.start(broker);
    });
    afterAll(() => world?.stop());

    it('are there', () => expect(names).not.toHaveLength(0));

    describe.each(names)('%s', name => {
      it.each(isUpdate ? (['whole'] as const) : splits)('split: %s', split => play(name, world, split));
    });
  });
}

async function play(name: string, world: World, split: Split): Promise<void> {
  const corrections = isUpdate ? new Corrections() : undefined;
  await runTranscript(loadTranscript(name), { world, split, corrections });
  for (const file of corrections?.write() ?? []) console.log(`rewritten: ${file}`);
}

/** A transcript that cannot be read is played on every broker: its test then says why. */
function brokersOf(name: string): readonly BrokerName[] {
  try {
    return loadTranscript(name).header.brokers ?? brokerNames;
  } catch {
    return brokerNames;
  }
}
