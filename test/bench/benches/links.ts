import { systemClock } from '../../../src/base/clock.js';
import type { Address } from '../../support/sockets.js';
import type { Bench, BenchContext, Finding, Verdict } from '../bench.js';
import type { Remote } from '../remote.js';
import type { HostApi } from '../roles/host.js';
import type { LinkPeerApi } from '../roles/link-peer.js';
import { answerer, daemon, host, linkPeer } from '../roles.js';
import { compare, medianOfAt } from '../rounds.js';
import { median, megabytes, time } from '../statistics.js';

const mebibyte = 1024 * 1024;
/** MB (of 1,048,576 bytes) a second, through a pty. */
const bars = { towards: 5, from: 10 };
const segment = 1460;

export const links: Bench = {
  name: 'links',
  title: 'TCP links of `esp8266` on a pty; every byte checked at both ends',
  async run(context) {
    return [...(await transparent(context)), ...(await counted(context))];
  },
};

/** A modem with a link to the peer, in command state. */
async function linked({ start }: BenchContext, dte: Remote<HostApi>, { port }: Address): Promise<number> {
  const ours = await start(daemon);
  const [path] = await ours.call('start', { dialect: 'esp8266', power: 'start', routes: [`*=127.0.0.1:${port}`] });
  const fd = await dte.call('open', path!);
  const ask = (line: string, answer: string) => dte.call('exchange', { port: fd, line: `${line}\r\n`, answer });
  await ask('ATE0', 'ATE0\r\r\n\r\nOK\r\n');
  await ask('AT+CWMODE=1', '\r\nOK\r\n');
  await ask('AT+CWJAP="bench","password"', 'WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n');
  await ask('AT+CIPSTART="TCP","peer.example",80', 'CONNECT\r\n\r\nOK\r\n');
  return fd;
}

async function transparent(context: BenchContext): Promise<Finding[]> {
  const { start, isQuick } = context;
  const length = (isQuick ? 2 : 10) * mebibyte;
  const rounds = isQuick ? 2 : 5;
  const [dte, far, smallest] = await Promise.all([start(host), start(linkPeer), start(answerer)]);
  const address = await far.call('listen');
  // Floor and ours each have the newest link while they are measured, so the floor's host comes first.
  const floorPort = await dte.call('open', await smallest.call('relay', address));
  const floorFrom = await rate(rounds, length, () => upstream(dte, far, floorPort, length));
  const floorTowards = await rate(rounds, length, () => downstream(dte, far, floorPort, length));
  const port = await linked(context, dte, address);
  for (const [line, answer] of [
    ['AT+CIPMODE=1', '\r\nOK\r\n'],
    ['AT+CIPSEND', '\r\nOK\r\n\r\n>'],
  ] as const)
    await dte.call('exchange', { port, line: `${line}\r\n`, answer });
  const from = await rate(rounds, length, () => upstream(dte, far, port, length));
  const towards = await rate(rounds, length, () => downstream(dte, far, port, length));
  return [
    speed(`transparent mode, ${megabytes(length)} from the host to the peer`, from, floorFrom, bars.from),
    speed(`transparent mode, ${megabytes(length)} from the peer to the host`, towards, floorTowards, bars.towards),
  ];
}

const upstream = (dte: Remote<HostApi>, far: Remote<LinkPeerApi>, port: number, length: number) =>
  Promise.all([far.call('take', length), dte.call('pour', { port, length })]);

const downstream = (dte: Remote<HostApi>, far: Remote<LinkPeerApi>, port: number, length: number) =>
  Promise.all([dte.call('drain', { port, length }), far.call('pour', length)]);

/** Bytes a second, the median of some rounds. */
async function rate(rounds: number, length: number, run: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = systemClock.now();
    await run();
    seconds.push((systemClock.now() - start) / 1000);
  }
  return length / median(seconds);
}

function speed(what: string, measured: number, floor: number, bar: number): Finding {
  const verdict: Verdict = measured >= bar * mebibyte ? 'pass' : 'fail';
  return {
    what,
    measured: `${megabytes(measured)}/s`,
    floor: `${megabytes(floor)}/s smallest Node relay`,
    ratio: measured / floor,
    bar: `≥ ${bar} MB/s`,
    verdict,
  };
}

/** `CIPSEND` one after another, and what comes as `+IPD`. */
async function counted(context: BenchContext): Promise<Finding[]> {
  const { start, isQuick } = context;
  const count = isQuick ? 500 : 3000;
  const [dte, far] = await Promise.all([start(host), start(linkPeer)]);
  const port = await linked(context, dte, await far.call('listen'));
  await far.call('swallow');
  const steps = [
    { port, line: `AT+CIPSEND=${segment}\r\n`, answer: '\r\nOK\r\n> ' },
    { port, line: 'x'.repeat(segment), answer: `\r\nRecv ${segment} bytes\r\n\r\nSEND OK\r\n` },
  ];
  await medianOfAt(dte, port, count);
  const { floor, ours, ratio } = await compare(
    isQuick ? 2 : 5,
    () => medianOfAt(dte, port, count),
    async () => (await dte.call('dialogues', { steps, count })).median,
  );
  return [
    {
      what: `\`CIPSEND=${segment}\` to \`SEND OK\`, 2 steps, one after another`,
      measured: `${time(ours)}, ${megabytes((segment / ours) * 1000)}/s`,
      floor: `${time(floor)} \`AT\` → \`OK\``,
      ratio,
      verdict: 'stated',
    },
  ];
}
