/**
 * The hosts of a whole rig in one process: each on its own pty, connected to a broker, and publishing at its own pace.
 * Every byte that comes is held against what was asked.
 */
import { systemClock } from '../../../src/base/clock.js';
import { luatConnected } from '../../support/luat-client.js';
import { PtyClient } from '../../support/pty-client.js';
import type { Address } from '../../support/sockets.js';
import { serve } from '../remote.js';
import { rest } from '../rounds.js';
import { quantile } from '../statistics.js';

let hosts: PtyClient[] = [];

const api = {
  /** Resolves once the modems have booted and say nothing more by themselves. */
  open: async (paths: readonly string[]): Promise<void> => {
    hosts = await Promise.all(paths.map(path => PtyClient.open(path)));
    do {
      for (const host of hosts) host.pending = '';
      await rest(2_000);
    } while (hosts.some(({ pending }) => pending !== ''));
  },
  /** All of them at once. */
  connect: async (address: Address): Promise<void> => {
    await Promise.all(
      hosts.map(async (host, i) => {
        for (const [line, answer] of luatConnected(address, `meter-${i}`)) await host.exchange(line, answer);
      }),
    );
  },
  /** `AT` → `OK`, in ms, one host after the other. */
  roundTrips: async (count: number): Promise<{ p50: number; p99: number }> => {
    const samples = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const start = systemClock.now();
      await hosts[i % hosts.length]!.exchange('AT\r', '\r\nOK\r\n');
      samples[i] = systemClock.now() - start;
    }
    return { p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
  },
  /**
   * A numbered message each second from each host, at QoS 1; the hosts take turns, so that the load is even.
   * @param from the number of the first
   */
  publish: async ({ from, seconds }: { from: number; seconds: number }): Promise<number[]> => {
    const samples: number[] = [];
    const start = systemClock.now();
    const publishAll = async (host: PtyClient, i: number) => {
      for (let n = 0; n < seconds; n++) {
        const due = start + n * 1000 + (i * 1000) / hosts.length;
        const early = due - systemClock.now();
        if (early > 0) await rest(early);
        const asked = systemClock.now();
        await host.exchange(`AT+MPUB="rig/${i}",1,0,"${from + n}"\r`, '\r\nOK\r\n\r\nPUBACK\r\n');
        samples.push(systemClock.now() - asked);
      }
    };
    await Promise.all(hosts.map(publishAll));
    return samples;
  },
};

export type CrowdApi = typeof api;

serve(api);
