/** What is measured: atmodem as a library, in a process of its own, with what it says and holds made visible. */
import { systemClock } from '../../../src/base/clock.js';
import { type Log, silentLog } from '../../../src/base/log.js';
import type { ModemConfig } from '../../../src/config/modem-config.js';
import { startModems } from '../../../src/index.js';
import { createPort, parsePort } from '../../../src/ports/open-port.js';
import type { Port } from '../../../src/ports/port.js';
import { hangNames } from '../../support/hanging-names.js';
import { turns } from '../../support/patience.js';
import { serve } from '../remote.js';

interface Warning {
  text: string;
  fields: object;
}

const warnings: Warning[] = [];
const log: Log = {
  ...silentLog,
  warn: (fields, text = '') => void warnings.push({ text, fields }),
  child: () => log,
};
const ports: Port[] = [];
let peakQueued = 0;
let droppedBefore = 0;

const api = {
  /** So many modems alike, each on a pty. @returns their paths */
  start: async ({ count = 1, ...config }: ModemConfig & { count?: number }): Promise<string[]> => {
    for (let i = 0; i < count; i++) ports.push(await createPort(parsePort('pty'), { clock: systemClock, log }));
    await startModems(
      ports.map(port => ({ ...config, port })),
      { broker: 'none', log },
    );
    // What a module says when it starts is said before a host comes.
    await turns(50);
    return ports.map(port => port.path);
  },
  /** Bytes; `peak` since the process began. */
  memory: (): { resident: number; peak: number } => ({
    resident: process.memoryUsage.rss(),
    peak: process.resourceUsage().maxRSS * 1024,
  }),
  watchQueues: (): void => {
    droppedBefore = dropped();
    watchQueues();
  },
  /** The most bytes that waited for one host since `watchQueues`, and what was thrown away. */
  queues: (): { peak: number; dropped: number } => ({
    peak: peakQueued,
    dropped: dropped() - droppedBefore,
  }),
  warnings: (): Warning[] => warnings,
  hangNames: async (): Promise<void> => void (await hangNames()),
};

export type DaemonApi = typeof api;

const dropped = (): number => ports.reduce((sum, port) => sum + port.dropped, 0);

function watchQueues(): void {
  for (const { queued } of ports) peakQueued = Math.max(peakQueued, queued);
  systemClock.after(5, watchQueues);
}

serve(api);
