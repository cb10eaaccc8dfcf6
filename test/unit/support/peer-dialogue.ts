/** Plays dialogues with peers on a parrot with sockets. Each of its hosts is a route of that name, such as `peer-tls`. */
import { afterAll, beforeAll } from 'vitest';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import { ReplayFailure } from '../../support/replay-report.js';
import { type ReplayOptions, runTranscript } from '../../support/run-transcript.js';
import { World } from '../../support/world.js';
import { createSocketParrot } from './socket-parrot.js';

const targets = [
  'peer',
  'peer-tls',
  'peer-tls-mutual',
  'peer-tls-expired',
  'peer-tls-wrong-host',
  'peer-udp',
  'reset',
] as const;
const header = ['dialect: parrot', ...targets.map(target => `route: ${target}=${target}`), ''];
/** Of the file, in which the dialogue begins. */
export const firstLine = header.length + 1;

/** One for all tests of a file. */
export function peerWorld(): () => World {
  let world: World;
  beforeAll(async () => {
    world = await World.start('aedes');
  });
  afterAll(() => world.stop());
  return () => world;
}

export type Extras = Partial<Omit<ReplayOptions, 'world'>>;

export function play(world: World, lines: readonly string[], extras: Extras = {}): Promise<void> {
  const transcript = parseTranscript([...header, ...lines].join('\n'), 'parrot.at');
  return runTranscript(transcript, { world, split: 'whole', createModem: createSocketParrot, ...extras });
}

export async function failureOf(world: World, lines: readonly string[], extras?: Extras): Promise<ReplayFailure> {
  const failure: unknown = await play(world, lines, { patience: 300, ...extras }).catch((error: unknown) => error);
  if (failure instanceof ReplayFailure) return failure;
  throw new Error(`no ReplayFailure but ${failure}`);
}

/** A host's line and what follows it. */
export const ask = (line: string, ...answers: string[]) => [`> ${line}`, '< OK', ...answers.map(text => `< ${text}`)];
export const tcp = (link = 1) => ask('AT+TCP=peer', `CONNECT ${link}`);
export const tls = (link = 1) => ask('AT+TLS=peer-tls', `CONNECT ${link}`);
export const udp = (link = 1) => ask('AT+UDP=peer-udp', `CONNECT ${link}`);
