/** A paced port on a pty, and nothing behind it: the bench is the modem. Both ends note when bytes came by one clock. */
import { systemClock } from '../../../src/base/clock.js';
import { silentLog } from '../../../src/base/log.js';
import { createPort, parsePort } from '../../../src/ports/open-port.js';
import type { Port } from '../../../src/ports/port.js';
import { type Arrival, instant } from '../arrivals.js';
import { pattern } from '../pattern.js';
import { serve } from '../remote.js';

let port: Port;
const arrivals: Arrival[] = [];

const api = {
  /** @returns its path */
  open: async (baud: number): Promise<string> => {
    port = await createPort(parsePort('pty'), { clock: systemClock, log: silentLog, paced: true });
    await port.open({
      attached: () => {},
      detached: () => {},
      bytes: chunk => void arrivals.push({ at: instant(), count: chunk.length }),
      drained: () => {},
      lost: reason => {
        throw reason;
      },
    });
    port.setSpeed?.(baud);
    return port.path;
  },
  /** Writes so many bytes at once. @returns when */
  pour: (length: number): number => {
    const start = instant();
    port.write(pattern(length));
    return start;
  },
  /** For so long, one timer of 1 ms after another and nothing else. @returns how late the latest was, from its setting */
  timers: async (milliseconds: number): Promise<number> => {
    let latest = 0;
    for (const end = instant() + milliseconds; instant() < end; ) {
      const set = instant();
      await new Promise<void>(resolve => systemClock.after(1, resolve));
      latest = Math.max(latest, instant() - set);
    }
    return latest;
  },
  /** What the modem was given since the last call, once so many bytes are there. */
  arrivals: async (length: number): Promise<Arrival[]> => {
    const all = () => arrivals.reduce((sum, { count }) => sum + count, 0) >= length;
    while (!all()) await new Promise<void>(resolve => systemClock.after(20, resolve));
    return arrivals.splice(0);
  },
};

export type PacerApi = typeof api;

serve(api);
