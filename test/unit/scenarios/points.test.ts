/** Points: each is numbered in the order in which a run meets it, and faults strike by number, by count, by time. */
import { expect, it } from 'vitest';
import { visible } from '../../../src/base/bytes.js';
import { FaultyModem, ok } from './faulty-modem.js';

const start = (plan = {}) => FaultyModem.start('luat', plan);
const csq = `\r\n+CSQ: 28,99\r\n${ok}`;
const error = '\r\nERROR\r\n';

it('commands are numbered over all channels of a modem', async () => {
  const modem = await start({ channels: 2 });
  await modem.host.dialogue('AT+CSQ;+CSQ', `\r\n+CSQ: 28,99\r\n\r\n+CSQ: 28,99\r\n${ok}`);
  await modem.test.hosts[1]!.dialogue('AT', ok);
  await modem.host.dialogue('AT+NONSENSE', '\r\n+CME ERROR: 58\r\n');
  expect(modem.met.filter(({ point }) => point === 'at.command')).toEqual([
    { point: 'at.command', n: 1, what: '+CSQ', channel: 0 },
    { point: 'at.command', n: 2, what: '+CSQ', channel: 0 },
    { point: 'at.command', n: 3, what: 'AT', channel: 1 },
    { point: 'at.command', n: 4, what: '+NONSENSE', channel: 0 },
  ]);
});

it('an answer meets its places in order', async () => {
  const modem = await start({ echo: 'on' });
  await modem.host.dialogue('AT+CSQ', `AT+CSQ\r${csq}`);
  expect(modem.met.map(({ point, n }) => `${point} ${n}`)).toEqual([
    'line.in 1',
    'at.echo 1',
    'at.command 1',
    'at.before 1',
    'at.between 1',
    'line.out 93', // behind the boot lines
    'line.write 5',
  ]);
});

it('a dial meets its steps in order', async () => {
  const modem = await start({ broker: 'embedded:0', routes: ['*=embedded'] });
  await modem.host.dialogue('AT+MCONFIG="unit"', ok);
  await modem.host.dialogue('AT+MIPSTART="broker.example",1883', `${ok}\r\nCONNECT OK\r\n`);
  await modem.host.dialogue('AT+MCONNECT=1,60', `${ok}\r\nCONNACK OK\r\n`);
  expect(modem.met.filter(({ point }) => point.startsWith('net.')).map(({ point, what }) => [point, what])).toEqual([
    ['net.dns', 'broker.example:1883'],
    ['net.tcp', 'broker.example:1883'],
    ['net.out', expect.stringMatching(/^\d+ bytes, broker.example:1883$/)],
    ['net.in', '4 bytes, broker.example:1883'],
    ['net.connack', 'broker.example:1883'],
  ]);
});

it('`nth` counts what fits from now on, `at` what the run has met', async () => {
  const modem = await start();
  await modem.worksAgain();
  modem.inject('at.error,command=+CSQ,nth=2');
  modem.inject('at.error,at=5');
  const answers: string[] = [];
  for (const line of ['AT', 'AT+CSQ', 'AT+CSQ', 'AT', 'AT', 'AT+CSQ']) answers.push(await modem.host.asks(line));
  expect(answers).toEqual([ok, csq, error, error, ok, csq]);
  expect(modem.told.filter(text => text.includes('struck'))).toEqual([
    'at.error struck +CSQ (at.command 4)',
    'at.error struck AT (at.command 5)',
  ]);
});

it('`nth` and `count` strike as many in a row', async () => {
  const modem = await start();
  modem.inject('at.error,nth=2,count=2');
  const answers: string[] = [];
  for (let i = 0; i < 5; i++) answers.push(await modem.host.asks('AT'));
  expect(answers).toEqual([ok, error, error, ok, ok]);
  expect(modem.test.faults.active).toEqual([]);
});

it('`for` ends it, by the modem’s clock', async () => {
  const modem = await start();
  modem.inject('at.error,for=2s');
  for (const answer of [error, error]) await modem.host.dialogue('AT', answer);
  await modem.passes(2000, '');
  await modem.worksAgain();
  expect(modem.told.at(-1)).toBe('at.error over');
});

it('what is injected, strikes and ends is logged at info, with the number of the point', async () => {
  const modem = await start();
  modem.inject({ fault: 'at.error', command: '+CSQ' });
  await modem.host.asks('AT+CSQ');
  expect(
    modem.test.said.filter(({ text }) => text.startsWith('fault')).map(({ level, text }) => [level, text]),
  ).toEqual([
    ['info', 'faults may come, by the seed 1'],
    ['info', 'fault injected: at.error command=+CSQ'],
    ['info', 'fault: at.error struck +CSQ (at.command 1)'],
    ['info', 'fault over: at.error command=+CSQ'],
  ]);
});

it('who looks sees each fault with its state', async () => {
  const modem = await start();
  const late = modem.inject('at.late,nth=2');
  const signal = modem.inject('network.signal,rssi=1');
  expect(modem.test.faults.active).toMatchObject([
    { id: 1, name: 'at.late', layer: 'at', text: 'at.late nth=2', state: 'armed', struck: 0 },
    { id: 2, name: 'network.signal', layer: 'network', values: { rssi: 1 }, state: 'on', struck: 1 },
  ]);
  expect(JSON.parse(JSON.stringify(late))).toEqual({
    id: 1,
    name: 'at.late',
    layer: 'at',
    text: 'at.late nth=2',
    values: { by: 2000, nth: 2 },
    state: 'armed',
    struck: 0,
  });
  expect(modem.test.faults.lift(late.id)).toBe(true);
  expect(modem.test.faults.lift(late.id)).toBe(false);
  modem.test.faults.clear();
  expect([late, signal].map(({ state }) => state)).toEqual(['over', 'over']);
  await modem.host.dialogue('AT+CSQ', csq);
});

/** The same host against a modem with chance in every layer: its bytes, by the seed. */
async function run(seed: number, splitAt: readonly number[] = []): Promise<string> {
  const modem = await FaultyModem.start('luat', { seed, echo: 'on' });
  modem.inject('line.flip,rate=0.05');
  modem.inject('line.insert,rate=0.02');
  modem.inject('line.drop,rate=0.02,direction=in');
  modem.inject('at.error,rate=0.2');
  modem.inject('module.slow,jitter=500ms,for=1m');
  let bytes = '';
  for (let i = 0; i < 30; i++) {
    modem.host.types('AT+CSQ\r', splitAt);
    modem.clock.advance(350);
    bytes += `${await modem.host.reads()}|`;
  }
  return visible(bytes);
}

it('the same seed gives the same bytes twice, and another seed others', async () => {
  const first = await run(7);
  expect(await run(7)).toBe(first);
  expect(await run(8)).not.toBe(first);
  expect(first).toContain('ERROR');
}, 30_000);

it('modems of one run draw for themselves', async () => {
  const drawn = async (name: string) => {
    const modem = await FaultyModem.start('luat', { name });
    modem.inject('at.error,rate=0.5');
    let answers = '';
    for (let i = 0; i < 40; i++) answers += (await modem.host.asks('AT')) === ok ? 'o' : 'e';
    return answers;
  };
  const [a, b] = [await drawn('a'), await drawn('b')];
  expect(a).not.toBe(b);
  expect(await drawn('a')).toBe(a);
});
