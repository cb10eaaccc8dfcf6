/** Floor and ours in turn, several times, so that what else the machine does meets both alike. */
import { systemClock } from '../../src/base/clock.js';
import type { Remote } from './remote.js';
import type { HostApi } from './roles/host.js';
import { median } from './statistics.js';

export interface Compared {
  /** Medians over the rounds. */
  floor: number;
  ours: number;
  /** The median of each round's own ratio. */
  ratio: number;
}

export async function compare(
  rounds: number,
  measureFloor: () => Promise<number>,
  measureOurs: () => Promise<number>,
): Promise<Compared> {
  const floors: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < rounds; round++) {
    floors.push(await measureFloor());
    ours.push(await measureOurs());
  }
  return { floor: median(floors), ours: median(ours), ratio: median(ours.map((each, i) => each / floors[i]!)) };
}

export const rest = (milliseconds: number) => new Promise<void>(done => systemClock.after(milliseconds, done));

export const at = { line: 'AT\r', answer: '\r\nOK\r\n' } as const;

/** The median time of `AT` → `OK` on an open port of that host. */
export async function medianOfAt(host: Remote<HostApi>, port: number, count: number): Promise<number> {
  return (await host.call('roundTrips', { port, ...at, count })).median;
}

/** Opens the port and leaves it with echo off, as the floor is. @param echo of `ATE0` */
export async function openQuietly(host: Remote<HostApi>, path: string, echo = 'ATE0\r'): Promise<number> {
  const port = await host.call('open', path);
  await host.call('exchange', { port, line: 'ATE0\r', answer: `${echo}\r\nOK\r\n` });
  return port;
}
