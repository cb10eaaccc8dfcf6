/** The modem of a replay, as its transcript's header asks for it. */
import type { ByteString } from '../../src/base/bytes.js';
import type { ManualClock } from '../../src/base/clock.js';
import { beginsSilent, modemOf, usualLineEnd } from '../../src/config/transcript-modem.js';
import { type FaultHandles, faultHandles } from '../../src/daemon/transcript-faults.js';
import { startDaemon } from '../../src/daemon.js';
import { MemoryPort } from '../../src/ports/memory.js';
import type { PlayHeader } from '../../src/transcripts/given.js';
import type { FileContent } from '../../src/transcripts/wire.js';
import type { Address } from './sockets.js';
import type { PlacedRoute } from './world.js';

export interface TestModem {
  /** One for each channel, open; no DTE is attached. */
  ports: readonly MemoryPort[];
  faults: FaultHandles;
  /** What ends a host line of this dialect where the header does not say. */
  lineEnd: ByteString;
  /** Where the server that the modem has on this AT port really listens; undefined where it has none there. */
  listeningAt?(port: number): Address | undefined;
  /** After it nothing of the modem runs any more: no timer, no socket. */
  stop(): Promise<void>;
}

export interface TestModemPlan {
  /** `echo` absent or `off`: E is 0 from the start. `power` absent: as `attach`. */
  header: PlayHeader;
  channels: number;
  /** The dialogue injects faults; else the modem has no seam for any. */
  isFaulty: boolean;
  routes: readonly PlacedRoute[];
  /** The header's files by their names in the modem, among others. */
  content: FileContent;
  clock: ManualClock;
}

/** Where `power: start` powers the module on, it does so in a later turn: the runner attaches the DTEs before. */
export type CreateTestModem = (plan: TestModemPlan) => Promise<TestModem>;

export const createTestModem: CreateTestModem = async ({ header, channels, isFaulty, routes, content, clock }) => {
  const ports = Array.from({ length: channels }, () => new MemoryPort());
  const daemon = await startDaemon(
    {
      broker: 'none',
      seed: isFaulty ? seed : undefined,
      modems: [
        {
          ...modemOf({ ...header, dialect: dialectOf(header.dialect) }),
          port: ports,
          routes: routes.map(({ pattern, host, port }) => `${pattern}=${host}:${port}`),
          listen: ['*=127.0.0.1:0'],
          power: header.power === 'start' ? 'manual' : header.power,
          certs: Object.fromEntries(header.files.map(({ name }) => [name, content(name)])),
        },
      ],
    },
    { clock },
  );
  const modem = daemon.modems[0]!;
  if (header.power === 'start') clock.soon(() => modem.powerOn());
  if (header.power === undefined) modem.powerOn();
  if (beginsSilent(header, modem.dialect))
    for (const channel of modem.channels) modem.settings.set({ name: 'E', of: 'channel' }, 0, channel.address);
  return {
    ports,
    faults: faultHandles(modem, daemon.faults.get(modem.name)),
    lineEnd: usualLineEnd(modem.dialect),
    listeningAt: port => modem.links.listeningAt(port),
    stop: () => daemon.stop(),
  };
};

/** A path in a header is from the root of the repository, where tests run. */
const dialectOf = (name: string): string => (name.endsWith('.yaml') ? `./${name}` : name);

/** Chance in transcripts falls the same way each time. */
const seed = 1;
