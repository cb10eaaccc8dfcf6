/** What a benchmark is, and what it may use. One file of `benches/` each; `main.ts` runs them and prints what they found. */
import type { Address } from '../support/sockets.js';
import type { Api, Remote, RemoteOptions, Role } from './remote.js';

/** `stated`: there is no bar. `left out`: it cannot be measured here; `note` says why. `broken`: it threw. */
export type Verdict = 'pass' | 'fail' | 'stated' | 'left out' | 'broken';

/** One row of the table. */
export interface Finding {
  what: string;
  measured: string;
  /** What it is compared with, measured in the same run. */
  floor?: string;
  /** To that floor. */
  ratio?: number;
  bar?: string;
  verdict: Verdict;
  note?: string;
}

export interface BenchContext {
  /** For CI: a taste of each, in seconds. */
  isQuick: boolean;
  /** A process of its own, ended with the benchmark. */
  start<A extends Api>(role: Role<A>, options?: RemoteOptions): Promise<Remote<A>>;
  /** On another CPU than the shared one. Undefined where it is not installed. */
  mosquitto(): Promise<Address | undefined>;
}

export interface Bench {
  name: string;
  /** For the head of its part of the table. */
  title: string;
  /** Throws where an answer is wrong, lost or late for good: that is no matter of speed. */
  run(context: BenchContext): Promise<Finding[]>;
}

/** The verdict of a bar on a ratio or a figure: at most so much. */
export const atMost = (value: number, bar: number): Verdict => (value <= bar ? 'pass' : 'fail');

export const withoutMosquitto = (what: string): Finding => ({
  what,
  measured: '–',
  verdict: 'left out',
  note: 'mosquitto is not installed: `sudo apt-get install mosquitto`',
});
