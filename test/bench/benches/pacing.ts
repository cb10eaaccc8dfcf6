import { byteTime } from '../../../src/ports/line-pace.js';
import { punctuality } from '../arrivals.js';
import { atMost, type Bench, type BenchContext, type Finding } from '../bench.js';
import type { Remote } from '../remote.js';
import type { HostApi } from '../roles/host.js';
import type { PacerApi } from '../roles/pacer.js';
import { host, pacer } from '../roles.js';
import { quantile, time } from '../statistics.js';

const bars = { late: 2, error: 0.01 };

export const pacing: Bench = {
  name: 'pacing',
  title: '`timing: real` on a pty: each byte against the time that its last bit would have passed the line',
  async run(context) {
    const { isQuick } = context;
    return [
      ...(await atSpeed(context, 115_200, 10_240, isQuick ? 2 : 20)),
      ...(await atSpeed(context, 9600, isQuick ? 512 : 2048, isQuick ? 1 : 5)),
    ];
  },
};

/** Milliseconds of bytes that are judged together: short enough for the machine to leave some of them alone. */
const stretch = 50;

interface Round {
  late: readonly number[];
  /** Of each stretch. */
  latest: readonly number[];
  error: number;
  /** The latest of bare timers, for as long as a stretch. */
  floor: number;
}

async function atSpeed({ start }: BenchContext, baud: number, length: number, rounds: number): Promise<Finding[]> {
  const [line, dte] = await Promise.all([start(pacer, { cpu: 'other' }), start(host, { cpu: 'shared' })]);
  const port = await dte.call('open', await line.call('open', baud));
  const findings: Finding[] = [];
  for (const [way, measure] of Object.entries({ 'to the host': towardsHost, 'from the host': towardsModem })) {
    await measure(line, dte, port, 512, baud);
    const measured: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      const { late, error } = await measure(line, dte, port, length, baud);
      const latest = stretches(late, stretch / byteTime(baud)).map(each => quantile(each, 1));
      measured.push({ late, error: Math.abs(error), latest, floor: await line.call('timers', stretch) });
    }
    findings.push(...findingsOf(`${length} B ${way} at ${baud} baud`, measured));
  }
  return findings;
}

const stretches = (late: readonly number[], bytes: number): number[][] =>
  Array.from({ length: Math.floor(late.length / bytes) }, (_, i) => late.slice(i * bytes, (i + 1) * bytes));

async function towardsHost(line: Remote<PacerApi>, dte: Remote<HostApi>, port: number, length: number, baud: number) {
  const arrivals = dte.call('arrivals', { port, length });
  const start = await line.call('pour', length);
  return punctuality(await arrivals, start, byteTime(baud));
}

async function towardsModem(line: Remote<PacerApi>, dte: Remote<HostApi>, port: number, length: number, baud: number) {
  const start = await dte.call('pour', { port, length });
  return punctuality(await line.call('arrivals', length), start, byteTime(baud));
}

/**
 * Whatever else the machine does makes a byte late, and a bare timer too: the least disturbed stretch says what the port
 * does.
 */
function findingsOf(what: string, rounds: readonly Round[]): Finding[] {
  const late = rounds.flatMap(round => round.late);
  const earliest = quantile(late, 0);
  const latest = Math.min(...rounds.flatMap(round => round.latest));
  const floor = Math.min(...rounds.map(round => round.floor));
  const error = rounds.reduce((sum, round) => sum + round.error, 0) / rounds.length;
  return [
    {
      what: `${what}, ${rounds.length} times: the earliest byte`,
      measured: `${time(earliest)} late`,
      bar: 'never early',
      verdict: earliest >= 0 ? 'pass' : 'fail',
    },
    {
      what: `– the latest, in the ${stretch} ms that the machine disturbed least`,
      measured: `${time(latest)} late`,
      floor: `${time(floor)} a timer of 1 ms`,
      ratio: latest / floor,
      bar: `≤ ${bars.late} ms`,
      verdict: atMost(latest, bars.late),
    },
    { what: '– of 100 bytes, 99', measured: `${time(quantile(late, 0.99))} late`, verdict: 'stated' },
    {
      what: '– error of the whole, mean',
      measured: `${(error * 100).toFixed(3)} %`,
      bar: `< ${bars.error * 100} %`,
      verdict: atMost(error, bars.error),
    },
  ];
}
