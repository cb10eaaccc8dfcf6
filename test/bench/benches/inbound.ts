import type { Address } from '../../support/sockets.js';
import { type Bench, type BenchContext, type Finding, withoutMosquitto } from '../bench.js';
import { daemon, peer } from '../roles.js';
import { megabytes } from '../statistics.js';

const topic = 'bench/in';
const size = 1024;
/** What may wait for one host [DESIGN rule 12], and what was read from the broker before reading stopped. */
const queueBound = 256 * 1024 + 512 * 1024;
/** Growth of the process: queues, buffers of the link, and what the collector has not come to yet. */
const residentBound = 64 * 1024 * 1024;

export const inbound: Bench = {
  name: 'inbound',
  title: 'Messages from mosquitto to the port, 1 KiB each, QoS 1; every byte checked',
  async run(context) {
    const broker = await context.mosquitto();
    if (!broker) return [withoutMosquitto('inbound')];
    const messages = (context.isQuick ? 1 : 10) * 1024;
    return [
      ...(await feed(context, broker, `paced by the reader, 20 in flight`, { messages, inFlight: 20 })),
      ...(await feed(context, broker, 'all at once, to a host that sleeps 2 s first', {
        messages,
        inFlight: messages,
        sleep: 2_000,
      })),
    ];
  },
};

async function feed(
  { start }: BenchContext,
  broker: Address,
  how: string,
  load: { messages: number; inFlight: number; sleep?: number },
): Promise<Finding[]> {
  const [ours, other] = await Promise.all([start(daemon), start(peer)]);
  const [path] = await ours.call('start', { dialect: 'luat', power: 'start' });
  await other.call('connect', broker);
  await other.call('attach', { ...broker, path: path!, topic, qos: 1 });
  const before = await ours.call('memory');
  await ours.call('watchQueues');
  const seconds = await other.call('feed', { topic, size, ...load });
  const queues = await ours.call('queues');
  const { peak } = await ours.call('memory');
  await Promise.all([ours.stop(), other.stop()]);
  const bytes = load.messages * size;
  const growth = peak - before.resident;
  return [
    {
      what: `${megabytes(bytes)} ${how}`,
      measured: `${megabytes(bytes / (load.sleep === undefined ? seconds : seconds - load.sleep / 1000))}/s`,
      bar: 'every byte, in order',
      verdict: queues.dropped === 0 ? 'pass' : 'fail',
      note: `${queues.dropped} bytes dropped`,
    },
    {
      what: '– most bytes waiting for the host',
      measured: `${Math.round(queues.peak / 1024)} KiB`,
      bar: `≤ ${queueBound / 1024} KiB`,
      verdict: queues.peak <= queueBound ? 'pass' : 'fail',
    },
    {
      what: '– growth of resident memory, at its peak',
      measured: megabytes(growth),
      bar: `≤ ${megabytes(residentBound)}`,
      verdict: growth <= residentBound ? 'pass' : 'fail',
    },
  ];
}
