/**
 * A host on one port, as firmware is: it writes a line and blocks until the answer is there. Nothing of Node's event loop
 * is in the time it takes.
 */
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { systemClock } from '../../../src/base/clock.js';
import { type Arrival, instant } from '../arrivals.js';
import { isPattern, pattern } from '../pattern.js';
import { serve } from '../remote.js';
import { quantile } from '../statistics.js';

interface Exchange {
  port: number;
  /** With its line end. */
  line: string;
  /** Every byte until the next line may be sent. */
  answer: string;
}

const buffer = Buffer.alloc(64 * 1024);

const api = {
  /** @returns what the other calls name it by */
  open: (path: string): number => openSync(path, constants.O_RDWR | constants.O_NOCTTY),
  close: (port: number): void => closeSync(port),
  /** Writes so many bytes of the pattern, as fast as the port takes them. @returns when it began: `instant()` */
  pour: ({ port, length }: { port: number; length: number }): number => {
    const bytes = pattern(length);
    const start = instant();
    for (let done = 0; done < length; ) done += writeSync(port, bytes, done, Math.min(buffer.length, length - done));
    return start;
  },
  /** When so many came. Throws where they are not the pattern. */
  arrivals: ({ port, length }: { port: number; length: number }): Arrival[] => {
    const arrivals: Arrival[] = [];
    for (let have = 0; have < length; ) {
      const count = readSync(port, buffer, 0, buffer.length, null);
      arrivals.push({ at: instant(), count });
      if (!isPattern(buffer.subarray(0, count), have)) throw new Error(`other bytes than were sent, near ${have}`);
      have += count;
    }
    return arrivals;
  },
  /** Reads so many. Throws where they are not the pattern. */
  drain: ({ port, length }: { port: number; length: number }): void => {
    for (let have = 0; have < length; ) {
      const count = readSync(port, buffer, 0, buffer.length, null);
      if (!isPattern(buffer.subarray(0, count), have)) throw new Error(`other bytes than were sent, near ${have}`);
      have += count;
    }
  },
  exchange: (exchange: Exchange): void => prepare(exchange)(),
  /** Milliseconds a round trip. Throws at the first wrong byte. */
  roundTrips: ({ count, ...exchange }: Exchange & { count: number }): { median: number; p99: number } =>
    measure(prepare(exchange), count),
  /** Milliseconds a dialogue of several steps, such as a prompt and its data. */
  dialogues: ({ count, steps }: { count: number; steps: readonly Exchange[] }): { median: number; p99: number } => {
    const trips = steps.map(prepare);
    return measure(() => {
      for (const trip of trips) trip();
    }, count);
  },
};

export type HostApi = typeof api;

function measure(trip: () => void, count: number): { median: number; p99: number } {
  const samples = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const start = systemClock.now();
    trip();
    samples[i] = systemClock.now() - start;
  }
  return { median: quantile(samples, 0.5), p99: quantile(samples, 0.99) };
}

function prepare({ port, line, answer }: Exchange): () => void {
  const out = Buffer.from(line, 'latin1');
  const expected = Buffer.from(answer, 'latin1');
  return () => {
    writeSync(port, out);
    for (let have = 0; have < expected.length; ) {
      const count = readSync(port, buffer, have, buffer.length - have, null);
      if (count === 0) throw new Error('the port was closed');
      have += count;
      if (have < expected.length) continue;
      if (!buffer.subarray(0, have).equals(expected))
        throw new Error(`to ${JSON.stringify(line)} came ${JSON.stringify(buffer.toString('latin1', 0, have))}`);
    }
  };
}

serve(api);
