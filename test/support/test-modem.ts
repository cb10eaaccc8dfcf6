/** The modem of a replay, as its transcript's header asks for it. */
import type { ByteString } from '../../src/base/bytes.js';
import type { ManualClock } from '../../src/base/clock.js';
import { beginsSilent, modemOf, usualLineEnd } from '../../src/config/transcript-modem.js';
import { startDaemon } from '../../src/daemon.js';
import type { Modem } from '../../src/modem/modem.js';
import { MemoryPort } from '../../src/ports/memory.js';
import { checkFault, readFaultText } from '../../src/scenarios/fault.js';
import type { ModemFaults } from '../../src/scenarios/modem-faults.js';
import type { PlayHeader } from '../../src/transcripts/given.js';
import type { RegistrationState } from '../../src/transcripts/transcript.js';
import type { FileContent } from '../../src/transcripts/wire.js';
import type { Address } from './sockets.js';
import type { PlacedRoute } from './world.js';

/** What goes wrong around a modem, and its end. What happens to its broker is the proxy's business. */
export interface FaultHandles {
  /** The network takes a PDP context away; without a CID, the one in use. */
  losePacketData(cid: number | undefined): void;
  setRegistration(state: RegistrationState): void;
  /** The access point goes out of range, and comes back. */
  setWifi(to: 'lost' | 'back'): void;
  setPower(to: 'on' | 'off'): void;
  setSim(state: 'absent' | 'ready'): void;
  /** A fault by its name and parameters. */
  inject(request: string): void;
  /** Every fault of that name; all without one. */
  lift(name: string | undefined): void;
}

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
  const asked = modemOf({ ...header, dialect: dialectOf(header.dialect) });
  const daemon = await startDaemon(
    {
      broker: 'none',
      seed: isFaulty ? seed : undefined,
      modems: [
        {
          ...asked,
          name: asked.name ?? 'test',
          port: ports,
          routes: routes.map(({ pattern, host, port }) => `${pattern}=${host}:${port}`),
          listen: ['*=127.0.0.1:0'],
          power: header.power === 'start' ? 'manual' : header.power,
          certs: Object.fromEntries(header.files.map(({ name }) => [name, content(name)])),
          address: asked.name === undefined ? '10.83.214.110' : undefined,
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
    faults: faultsOf(modem, daemon.faults.get(modem.name)),
    lineEnd: usualLineEnd(modem.dialect),
    listeningAt: port => modem.links.listeningAt(port),
    stop: () => daemon.stop(),
  };
};

/** A path in a header is from the root of the repository, where tests run. */
const dialectOf = (name: string): string => (name.endsWith('.yaml') ? `./${name}` : name);

const stats: Readonly<Record<RegistrationState, number>> = { none: 0, home: 1, searching: 2, denied: 3, roaming: 5 };

/** Chance in transcripts falls the same way each time. */
const seed = 1;

function faultsOf(modem: Modem, injected: ModemFaults | undefined): FaultHandles {
  const { cellular, wifi } = modem.surroundings;
  return {
    losePacketData: cid => cellular.packetData.deactivateByNetwork(cid),
    setRegistration: state => cellular.registration.set(stats[state]),
    setWifi: to => (to === 'lost' ? wifi.lose() : wifi.return()),
    setPower: to => (to === 'on' ? modem.powerOn() : modem.powerOff()),
    setSim: state => (state === 'absent' ? cellular.sim.remove() : cellular.sim.insert()),
    inject: request => void injected?.inject(checkFault(readFaultText(request, ' '))),
    lift: name => {
      for (const fault of injected?.active ?? [])
        if (name === undefined || fault.name === name) injected?.lift(fault.id);
    },
  };
}
