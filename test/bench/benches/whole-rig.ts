import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock.js';
import type { Address } from '../../support/sockets.js';
import { atMost, type Bench, type BenchContext, type Finding, withoutMosquitto } from '../bench.js';
import { cpuSeconds, residentBytes } from '../process-figures.js';
import type { Remote } from '../remote.js';
import type { CrowdApi } from '../roles/crowd.js';
import { counter, crowd } from '../roles.js';
import { rest } from '../rounds.js';
import { atmodem, firstLineOf, isBuilt, notBuilt } from '../spawned.js';
import { megabytes, quantile, time } from '../statistics.js';

const modems = 1_000;
const bars = { ready: 3_000, resident: 150 * 1024 * 1024, latency: 5 };
const trips = 5_000;
/** Seconds: a call that takes much longer counts as hung. */
const longestCall = 30;

export const wholeRig: Bench = {
  name: 'whole-rig',
  title: `${modems} luat modems on ptys of one \`atmodem run rig.yaml\`, each connected to mosquitto, as built`,
  async run(context) {
    if (!isBuilt()) return [notBuilt];
    const broker = await context.mosquitto();
    if (!broker) return [withoutMosquitto('a whole rig')];
    const one = await measureIdle(context, 1, broker, ({ hosts }) => hosts.call('roundTrips', trips));
    const rounds = context.isQuick ? 1 : 3;
    const idle: Idle[] = [];
    for (let round = 1; round < rounds; round++) idle.push(await measureIdle(context, modems, broker, lookAt));
    let published: Finding[] = [];
    idle.push(
      await measureIdle(context, modems, broker, async rig => {
        const figures = await lookAt(rig);
        published = await publishing(context, rig, broker);
        return figures;
      }),
    );
    return [...idleFindings(idle, one.p99), ...published];
  },
};

interface Rig {
  pid: number;
  /** From the start of the process to its ready line, in ms. */
  ready: number;
  hosts: Remote<CrowdApi>;
}

interface Idle {
  ready: number;
  resident: number;
  p50: number;
  p99: number;
}

async function lookAt({ pid, ready, hosts }: Rig): Promise<Idle> {
  await rest(2_000);
  const resident = residentBytes(pid);
  return { ready, resident, ...(await hosts.call('roundTrips', trips)) };
}

/** Starts a rig of so many, connects all, and looks. */
async function measureIdle<T>(
  { start }: BenchContext,
  count: number,
  broker: Address,
  look: (rig: Rig) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'atmodem-bench-'));
  const file = join(folder, 'rig.yaml');
  writeFileSync(file, `modems: [{ name: 'meter-{n}', count: ${count}, dialect: luat, power: start }]\n`);
  const hosts = await start(crowd, { cpu: 'other' });
  const began = systemClock.now();
  const args = atmodem('run', file, '--broker', 'none', '--log-level', 'warn', '--json');
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const line = await firstLineOf(child.stdout);
    const ready = systemClock.now() - began;
    const ports = (JSON.parse(line) as { modems: { port: string }[] }).modems.map(({ port }) => port);
    await hosts.call('open', ports);
    await hosts.call('connect', broker);
    return await look({ pid: child.pid!, ready, hosts });
  } finally {
    await ended(child);
    await hosts.stop();
    rmSync(folder, { recursive: true });
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** The best of the rounds: what else the machine does only makes them worse. */
function idleFindings(idle: readonly Idle[], floor: number): Finding[] {
  const best = (figure: (round: Idle) => number) => Math.min(...idle.map(figure));
  const ready = best(each => each.ready);
  const resident = best(each => each.resident);
  const p99 = best(each => each.p99);
  const rounds = idle.length > 1 ? `best of ${idle.length}` : undefined;
  return [
    {
      what: 'start to the ready line',
      measured: time(ready),
      bar: `≤ ${bars.ready / 1000} s`,
      verdict: atMost(ready, bars.ready),
      note: rounds,
    },
    {
      what: 'resident, all connected and idle',
      measured: megabytes(resident),
      bar: `≤ ${megabytes(bars.resident)}`,
      verdict: atMost(resident, bars.resident),
      note: rounds,
    },
    {
      what: '`AT` → `OK`, idle, p99',
      measured: time(p99),
      floor: `${time(floor)} of one modem`,
      ratio: p99 / floor,
      bar: `≤ ${bars.latency} ×`,
      verdict: atMost(p99 / floor, bars.latency),
      note: rounds,
    },
  ];
}

async function publishing({ isQuick, start }: BenchContext, { pid, hosts }: Rig, broker: Address): Promise<Finding[]> {
  const seconds = isQuick ? 20 : 300;
  const observer = await start(counter, { cpu: 'other' });
  await observer.call('subscribe', { ...broker, filter: 'rig/#' });
  const [cpu, began] = [cpuSeconds(pid), systemClock.now()];
  const samples: number[] = [];
  for (let from = 0; from < seconds; from += longestCall) {
    const piece = Math.min(longestCall, seconds - from);
    samples.push(...(await hosts.call('publish', { from, seconds: piece })));
  }
  const [used, taken] = [cpuSeconds(pid) - cpu, (systemClock.now() - began) / 1000];
  await rest(1_000);
  const sent = samples.length;
  const { received, wrong } = await observer.call('counted');
  return [
    {
      what: `each publishes once a second at QoS 1, for ${seconds} s`,
      measured: `${sent} acknowledged, ${sent - received} lost, ${wrong} out of order`,
      bar: 'none lost',
      verdict: received === sent && wrong === 0 ? 'pass' : 'fail',
    },
    { what: '– CPU of the daemon', measured: `${((100 * used) / taken).toFixed(0)} % of one`, verdict: 'stated' },
    { what: '– `MPUB` to `PUBACK`, p50', measured: time(quantile(samples, 0.5)), verdict: 'stated' },
    { what: '– `MPUB` to `PUBACK`, p99', measured: time(quantile(samples, 0.99)), verdict: 'stated' },
    { what: '– resident after it', measured: megabytes(residentBytes(pid)), verdict: 'stated' },
  ];
}
