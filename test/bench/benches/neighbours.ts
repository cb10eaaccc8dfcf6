import { atMost, type Bench, type BenchContext, type Finding, withoutMosquitto } from '../bench.js';
import type { Remote } from '../remote.js';
import type { DaemonApi } from '../roles/daemon.js';
import type { HostApi } from '../roles/host.js';
import { daemon, host, peer } from '../roles.js';
import { type Compared, compare, medianOfAt, openQuietly } from '../rounds.js';
import { time } from '../statistics.js';

/** Unchanged, within what two equal rounds differ by here. */
const bar = 1.15;
const topic = 'bench/flood';

export const neighbours: Bench = {
  name: 'neighbours',
  title: 'A modem beside one in trouble, in one daemon: its `AT` → `OK`',
  run: async context => [await besideHangingName(context), ...(await besideDeafHost(context))],
};

interface Scene {
  ours: Remote<DaemonApi>;
  dte: Remote<HostApi>;
  /** The modem that is measured. */
  port: number;
  /** The paths of the others. */
  others: string[];
  measure(): Promise<number>;
}

async function scene({ start, isQuick }: BenchContext, others: number): Promise<Scene> {
  const [ours, dte] = await Promise.all([start(daemon), start(host, { cpu: 'shared' })]);
  const [path, ...rest] = await ours.call('start', { dialect: 'luat', power: 'start', count: others + 1 });
  const port = await openQuietly(dte, path!);
  const measure = () => medianOfAt(dte, port, isQuick ? 2_000 : 5_000);
  await measure();
  return { ours, dte, port, others: rest, measure };
}

/** Each round a modem asks for a name whose server never answers, and gives up after the round. */
async function besideHangingName(context: BenchContext): Promise<Finding> {
  const { ours, dte, others, measure } = await scene(context, 1);
  await ours.call('hangNames');
  const port = await openQuietly(dte, others[0]!);
  const compared = await compare(context.isQuick ? 3 : 9, measure, async () => {
    await dte.call('exchange', { port, line: 'AT+MIPSTART="name.example",1883\r', answer: '\r\nOK\r\n' });
    const measured = await measure();
    await dte.call('exchange', { port, line: 'AT+MIPCLOSE\r', answer: '\r\nOK\r\n' });
    return measured;
  });
  return finding('a DNS name that hangs', compared);
}

/**
 * A host that stopped reading while 2 MB a second are published for it. It stays full from then on, so the floor is a
 * second daemon, without one.
 */
async function besideDeafHost(context: BenchContext): Promise<Finding[]> {
  const broker = await context.mosquitto();
  if (!broker) return [withoutMosquitto('a host that never reads')];
  const quiet = await scene(context, 1);
  const { ours, others, measure } = await scene(context, 1);
  const other = await context.start(peer);
  await other.call('connect', broker);
  await other.call('attach', { ...broker, path: others[0]!, topic, qos: 0 });
  await ours.call('watchQueues');
  const compared = await compare(context.isQuick ? 3 : 9, quiet.measure, async () => {
    await other.call('flood', { topic, size: 1024, rate: 2_000 });
    const measured = await measure();
    await other.call('calm');
    return measured;
  });
  const { peak } = await ours.call('queues');
  return [
    finding('a host that never reads, 2 MB a second for it', compared),
    { what: '– bytes that waited for it', measured: `${Math.round(peak / 1024)} KiB`, verdict: 'stated' },
  ];
}

function finding(what: string, { floor, ours, ratio }: Compared): Finding {
  return {
    what,
    measured: time(ours),
    floor: `${time(floor)} without it`,
    ratio,
    bar: `≤ ${bar} ×`,
    verdict: atMost(ratio, bar),
  };
}
