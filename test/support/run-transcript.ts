/** Sets the stage for a transcript — modem, world, hosts —, plays it, and leaves nothing behind. */
import { ManualClock } from '../../src/base/clock.js';
import { usualDate } from '../../src/config/transcript-modem.js';
import type { Transcript } from '../../src/transcripts/transcript.js';
import type { Corrections } from './corrections.js';
import { HostSide } from './host-side.js';
import { patience as usual } from './patience.js';
import { Replay } from './replay.js';
import { fileContent, loadPlay } from './repository.js';
import { cutter, type Split } from './splits.js';
import { type CreateTestModem, createTestModem } from './test-modem.js';
import type { World } from './world.js';

export interface ReplayOptions {
  world: World;
  split: Split;
  /** Chooses the places of `odd` splits. */
  seed?: number;
  createModem?: CreateTestModem;
  /** Real milliseconds that what is expected may take. */
  patience?: number;
  /** Collects what should stand in the place of wrong `<` lines, instead of failing there. */
  corrections?: Corrections;
}

/** Resolves if the modem did exactly what the transcript says; rejects with a `ReplayFailure` that shows where not. */
export async function runTranscript(transcript: Transcript, options: ReplayOptions): Promise<void> {
  const {
    world,
    split,
    seed = 1,
    createModem = createTestModem,
    corrections,
    patience,
  } = { patience: usual, ...options };
  const play = loadPlay(transcript);
  const { header, channels, isFaulty } = play;
  const clock = new ManualClock(header.date ?? usualDate);
  const content = fileContent(header.files);
  const modem = await createModem({
    header,
    channels,
    isFaulty,
    routes: await world.place(header.routes),
    content,
    clock,
  });
  try {
    const cut = cutter(split, seed);
    const hosts = modem.ports.map(port => new HostSide(port, cut, patience));
    const circumstances = `on ${world.broker}, split: ${split}${split === 'odd' ? `, seed: ${seed}` : ''}`;
    await new Replay(play, { world, clock, content, modem, hosts, circumstances, corrections, patience }).run();
  } finally {
    await modem.stop();
    await world.clear();
  }
}
