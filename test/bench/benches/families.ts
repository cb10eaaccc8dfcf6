import { quectelConnected, quectelPublish, simcomConnected, simcomPublish } from '../../support/cellular-clients.js';
import { type Exchange, luatConnected } from '../../support/luat-client.js';
import type { Address } from '../../support/sockets.js';
import { type Bench, type BenchContext, type Finding, withoutMosquitto } from '../bench.js';
import { daemon, host } from '../roles.js';
import { median, time } from '../statistics.js';

const topic = 'bench/out';
const payload = 'x'.repeat(32);

interface Family {
  name: string;
  dialect: string;
  connected(broker: Address, clientId: string): Exchange[];
  publish(qos: 0 | 1): Exchange[];
}

/** The first is what the others are compared with. */
const families: readonly Family[] = [
  {
    name: '`MPUB`',
    dialect: 'luat',
    connected: luatConnected,
    publish: qos => [
      [`AT+MPUB="${topic}",${qos},0,"${payload}"\r`, qos === 0 ? '\r\nOK\r\n' : '\r\nOK\r\n\r\nPUBACK\r\n'],
    ],
  },
  {
    name: '`CMQTTTOPIC`, `CMQTTPAYLOAD`, `CMQTTPUB`',
    dialect: 'simcom-a76xx',
    connected: simcomConnected,
    publish: qos => simcomPublish(topic, payload, qos),
  },
  {
    name: '`QMTPUBEX`',
    dialect: 'quectel',
    connected: quectelConnected,
    publish: qos => quectelPublish(topic, payload, qos),
  },
];

/** Milliseconds of one publish, with all its steps. */
type Measure = (qos: 0 | 1, count: number) => Promise<number>;

/** A module of that family, connected. */
async function connect(
  { dialect, connected, publish }: Family,
  { start }: BenchContext,
  broker: Address,
): Promise<Measure> {
  const shared = { cpu: 'shared' } as const;
  const [ours, dte] = await Promise.all([start(daemon, shared), start(host, shared)]);
  const [path] = await ours.call('start', { dialect, power: 'start' });
  const port = await dte.call('open', path!);
  for (const [line, answer] of connected(broker, `bench-${dialect}`))
    await dte.call('exchange', { port, line, answer });
  return async (qos, count) => {
    const steps = publish(qos).map(([line, answer]) => ({ port, line, answer }));
    return (await dte.call('dialogues', { count, steps })).median;
  };
}

/** The families in turn, several times; for each its figures, round by round. */
async function measureAll(modules: readonly Measure[], qos: 0 | 1, isQuick: boolean): Promise<number[][]> {
  const figures: number[][] = modules.map(() => []);
  for (let round = isQuick ? -1 : -2; round < (isQuick ? 3 : 9); round++) {
    for (const [i, measure] of modules.entries()) {
      const figure = await measure(qos, isQuick ? 300 : 1_000);
      // The first ones only warm up.
      if (round >= 0) figures[i]!.push(figure);
    }
  }
  return figures;
}

function compared(
  { name, publish }: Family,
  qos: 0 | 1,
  figures: readonly number[],
  floor: readonly number[],
): Finding {
  return {
    what: `${name}, QoS ${qos}, ${publish(qos).length} steps`,
    measured: `${time(median(figures))}, ${Math.round(1000 / median(figures))} a second`,
    floor: `${time(median(floor))} ${families[0]!.name}`,
    ratio: median(figures.map((figure, round) => figure / floor[round]!)),
    verdict: 'stated',
  };
}

export const familiesBench: Bench = {
  name: 'families',
  title:
    'Publishing by AT, by family: 32 B into mosquitto, one after another, all steps of the dialogue; all on one CPU',
  async run(context) {
    const broker = await context.mosquitto();
    if (!broker) return [withoutMosquitto('round trips')];
    const modules: Measure[] = [];
    for (const family of families) modules.push(await connect(family, context, broker));
    const findings: Finding[] = [];
    for (const qos of [0, 1] as const) {
      const [floor = [], ...others] = await measureAll(modules, qos, context.isQuick);
      findings.push(...others.map((figures, i) => compared(families[i + 1]!, qos, figures, floor)));
    }
    return findings;
  },
};
