import { luatConnected } from '../../support/luat-client.js';
import type { Address } from '../../support/sockets.js';
import { atMost, type Bench, type BenchContext, type Finding, withoutMosquitto } from '../bench.js';
import type { RemoteOptions } from '../remote.js';
import { daemon, host, peer } from '../roles.js';
import { medianOfAt } from '../rounds.js';
import { median, time } from '../statistics.js';

const payload = 'x'.repeat(32);
const publishLine = (qos: number) => `AT+MPUB="bench/out",${qos},0,"${payload}"\r`;
const qos0 = { line: publishLine(0), answer: '\r\nOK\r\n' };
const qos1 = { line: publishLine(1), answer: '\r\nOK\r\n\r\nPUBACK\r\n' };

export const publish: Bench = {
  name: 'publish',
  title: 'Publishing by AT: luat `MPUB`, 32 B into mosquitto on another CPU, one after another',
  async run(context) {
    const broker = await context.mosquitto();
    if (!broker) return [withoutMosquitto('round trips')];
    const apart = findings('host beside the broker', await measure(context, broker, 'other'));
    const together = findings('host on the CPU of the modem', await measure(context, broker, 'shared'));
    // The bar names no CPU. Both are shown: which one meets it depends on it, and on where the kernel runs its tty work.
    return [...apart, ...together.map((row): Finding => ({ ...row, bar: `stated (${row.bar})`, verdict: 'stated' }))];
  },
};

type Round = Record<'at' | 'qos0' | 'qos1' | 'mqttJs', number>;

/** Modem and MQTT.js share a CPU. @param cpu of the host */
async function measure(
  { isQuick, start }: BenchContext,
  broker: Address,
  cpu: RemoteOptions['cpu'],
): Promise<readonly Round[]> {
  const shared = { cpu: 'shared' } as const;
  const [ours, dte, other] = await Promise.all([start(daemon, shared), start(host, { cpu }), start(peer, shared)]);
  await other.call('connect', broker);
  const [path] = await ours.call('start', { dialect: 'luat', power: 'start' });
  const port = await dte.call('open', path!);
  for (const [line, answer] of luatConnected(broker, 'bench')) await dte.call('exchange', { port, line, answer });
  const count = isQuick ? 200 : 2_000;
  const rounds: Round[] = [];
  const warmUps = 2;
  for (let round = 0; round < warmUps + (isQuick ? 3 : 9); round++) {
    rounds.push({
      at: await medianOfAt(dte, port, count),
      qos0: (await dte.call('roundTrips', { port, ...qos0, count })).median,
      qos1: (await dte.call('roundTrips', { port, ...qos1, count })).median,
      mqttJs: (await other.call('publishTrips', { topic: 'bench/out', payload, count })).median,
    });
  }
  await Promise.all([ours.stop(), dte.stop(), other.stop()]);
  return rounds.slice(warmUps);
}

function findings(where: string, rounds: readonly Round[]): Finding[] {
  const of = (figure: (round: Round) => number) => median(rounds.map(figure));
  const [ratio0, ratio1] = [of(({ qos0, at }) => qos0 / at), of(({ qos1, at, mqttJs }) => qos1 / (at + 2 * mqttJs))];
  const at = `${time(of(round => round.at))} \`AT\` → \`OK\``;
  return [
    {
      what: `QoS 0, to \`OK\`; ${where}`,
      measured: time(of(round => round.qos0)),
      floor: at,
      ratio: ratio0,
      bar: '≤ 2 ×',
      verdict: atMost(ratio0, 2),
    },
    {
      what: `QoS 1, to \`PUBACK\`; ${where}`,
      measured: time(of(round => round.qos1)),
      floor: `${at} + 2 × ${time(of(round => round.mqttJs))} MQTT.js QoS 1`,
      ratio: ratio1,
      bar: '≤ 1 ×',
      verdict: atMost(ratio1, 1),
    },
  ];
}
