/**
 * Many hosts in one process, each sending AT at its own even pace whether the last answer has come or not. Every byte that
 * comes is held against what was asked.
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { systemClock } from '../../../src/base/clock.js';
import { loadPtyLibrary, type PtyLibrary } from '../../../src/ports/pty-library.js';
import { serve } from '../remote.js';
import { quantile } from '../statistics.js';

interface Load {
  paths: string[];
  /** Lines a second for each port. */
  rate: number;
  seconds: number;
}

interface Answers {
  sent: number;
  answered: number;
  /** Answers to nothing that this host asked. */
  stale: number;
  wrong: number;
  p50: number;
  p99: number;
}

const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
const line = Buffer.from('AT\r');
const answer = Buffer.from('\r\nOK\r\n');
const buffer = Buffer.alloc(4096);
/** How long the last answers may take. */
const patience = 2_000;

const api = {
  /** One exchange that turns echo off, and one whose answer is left lying: the next host may not see it. */
  precede: async (paths: string[]): Promise<void> => {
    const fds = paths.map(path => openSync(path, flags));
    for (const fd of fds) writeSync(fd, 'ATE0\r');
    await pause(500);
    for (const fd of fds) writeSync(fd, line);
    await pause(500);
    for (const fd of fds) closeSync(fd);
    await pause(1000);
  },
  run: async (load: Load): Promise<Answers> => new Rig(await loadPtyLibrary(), load).run(),
};

export type RigApi = typeof api;

const pause = (milliseconds: number) => new Promise<void>(resolve => systemClock.after(milliseconds, resolve));

class Host {
  /** When each line was sent that has no answer yet. */
  readonly asked: number[] = [];
  /** Bytes of the answer that is coming. */
  matched = 0;

  constructor(readonly fd: number) {}
}

class Rig {
  readonly #hosts: Host[];
  readonly #latencies: Float64Array;
  #sent = 0;
  #answered = 0;
  #stale = 0;
  #wrong = 0;

  constructor(
    readonly library: PtyLibrary,
    readonly load: Load,
  ) {
    this.#latencies = new Float64Array(load.paths.length * load.rate * load.seconds);
    this.#hosts = load.paths.map(path => new Host(openSync(path, flags)));
  }

  async run(): Promise<Answers> {
    const watches = this.#hosts.map(host => this.library.whenReadable(host.fd, () => this.#read(host)));
    await pause(500);
    await this.#sendAll();
    for (let waited = 0; waited < patience && this.#answered < this.#sent; waited += 10) await pause(10);
    for (const watch of watches) watch.close();
    for (const { fd } of this.#hosts) closeSync(fd);
    const latencies = this.#latencies.subarray(0, this.#answered);
    return {
      sent: this.#sent,
      answered: this.#answered,
      stale: this.#stale,
      wrong: this.#wrong,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
    };
  }

  /** The ports take turns, so that the load is even. */
  #sendAll(): Promise<void> {
    const total = this.#latencies.length;
    const perMillisecond = (this.#hosts.length * this.load.rate) / 1000;
    const start = systemClock.now();
    return new Promise(resolve => {
      const tick = () => {
        const due = Math.min(total, Math.floor((systemClock.now() - start) * perMillisecond));
        while (this.#sent < due) this.#send(this.#hosts[this.#sent % this.#hosts.length]!);
        if (this.#sent === total) resolve();
        else systemClock.after(1, tick);
      };
      tick();
    });
  }

  #send(host: Host): void {
    host.asked.push(systemClock.now());
    writeSync(host.fd, line);
    this.#sent += 1;
  }

  #read(host: Host): void {
    const count = this.library.read(host.fd, buffer);
    if (typeof count !== 'number') return;
    for (let i = 0; i < count; i++) {
      if (buffer[i] !== answer[host.matched]) this.#wrong += 1;
      host.matched = (host.matched + 1) % answer.length;
      if (host.matched === 0) this.#answeredTo(host);
    }
  }

  #answeredTo(host: Host): void {
    const asked = host.asked.shift();
    if (asked === undefined) this.#stale += 1;
    else this.#latencies[this.#answered++] = systemClock.now() - asked;
  }
}

serve(api);
