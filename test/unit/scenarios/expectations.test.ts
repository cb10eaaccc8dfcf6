/** What the host must and must never do: each verdict, with why. */
import { describe, expect, it } from 'vitest';
import { casesOf, PlayedScenario } from './played-scenario.js';

describe('the host must', () => {
  const within = `
steps:
  - { id: lost, when: { time: 1s }, do: [{ urc: 'CLOSED' }] }
expect:
  - { host: { command: +MIPSTART }, within: 10s, after: lost }
`;

  it('in time', async () => {
    const played = await PlayedScenario.start(within);
    await played.passes(4000);
    await played.host.asks('AT+MIPSTART="broker.example",1883');
    expect(await played.verdict()).toEqual([
      'ok step lost: done at 1 s',
      'ok the host sends +MIPSTART within 10 s of lost: at 4 s',
    ]);
    expect((await played.run.verdict).passed).toBe(true);
  });

  it('not before, and not too late; the verdict says what it did instead, secrets hidden', async () => {
    const played = await PlayedScenario.start(within);
    await played.host.asks('AT+MIPSTART="broker.example",1883');
    await played.passes(2000);
    await played.host.asks('AT+CSQ');
    await played.host.asks('AT+MCONFIG="dev1","user","hush"');
    await played.passes(8999);
    expect(played.run.isFinal).toBe(false);
    await played.passes(1);
    await played.host.asks('AT+MIPSTART="broker.example",1883');
    expect((await played.verdict())[1]).toBe(
      'FAIL the host sends +MIPSTART within 10 s of lost: ' +
        'it did not within 10 s of lost (1 s); the host said AT+CSQ, AT+MCONFIG="dev1","user",***',
    );
    expect((await played.run.verdict).passed).toBe(false);
  });

  it('so many times', async () => {
    const yaml = `
expect:
  - { host: { command: +CSQ }, nth: 3, within: 10s }
`;
    const played = await PlayedScenario.start(yaml);
    for (let i = 0; i < 2; i++) await played.host.asks('AT+CSQ');
    await played.passes(10_000);
    expect(await played.verdict()).toEqual([
      'FAIL the host sends +CSQ (3 times) within 10 s: 2 of 3 came within 10 s; the host said AT+CSQ, AT+CSQ',
    ]);
  });

  it('by the end, where no time is set', async () => {
    const yaml = `
until: 1m
expect:
  - { host: { line: 'AT+CSQ' }, name: asks how well it is heard }
`;
    const silent = await PlayedScenario.start(yaml);
    await silent.passes(60_000);
    expect(await silent.verdict()).toEqual([
      'FAIL asks how well it is heard: it did not until the end, 60 s in all; the host said nothing',
    ]);
    const talking = await PlayedScenario.start(yaml);
    await talking.passes(59_000);
    await talking.host.asks('AT+CSQ');
    expect(await talking.verdict()).toEqual(['ok asks how well it is heard: at 59 s']);
  });

  it('after a step that never came: that is a failure of both', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { id: third, when: { command: +MPUB, nth: 3 }, do: [{ fault: network.reset }] }
expect:
  - { host: { command: +MIPSTART }, within: 10s, after: third }
  - { never: { command: +CFUN }, after: third }
`);
    expect(played.stopped()).toEqual([
      'FAIL step third: never came: the host sends +MPUB (seen 0 of 3 times)',
      'FAIL the host sends +MIPSTART within 10 s of third: the step third never came',
      'ok never: the host sends +CFUN after third: the step third never came',
    ]);
  });
});

describe('never', () => {
  const yaml = `
until: 30s
expect:
  - { never: { command: +CFUN, arguments: '0' } }
`;

  it('holds to the end', async () => {
    const played = await PlayedScenario.start(yaml);
    await played.host.asks('AT+CFUN=1');
    await played.passes(29_999);
    expect(played.run.isFinal).toBe(false);
    await played.passes(1);
    await played.host.asks('AT+CFUN=0');
    expect(await played.verdict()).toEqual(['ok never: the host sends +CFUN with 0: it did not']);
  });

  it('is broken once and for all', async () => {
    const played = await PlayedScenario.start(yaml);
    await played.passes(2500);
    await played.host.asks('AT+CFUN=0');
    expect(await played.verdict()).toEqual(['FAIL never: the host sends +CFUN with 0: it did, at 2.5 s']);
  });

  it('a second time, in a time', async () => {
    const played = await PlayedScenario.start(`
expect:
  - { never: { command: +CSQ }, nth: 2, within: 10s }
  - { never: { command: +CSQ }, nth: 3 }
`);
    await played.host.asks('AT+CSQ');
    await played.passes(10_000);
    await played.host.asks('AT+CSQ');
    expect(played.run.isFinal).toBe(false);
    await played.host.asks('AT+CSQ');
    expect(await played.verdict()).toEqual([
      'ok never: the host sends +CSQ (2 times) within 10 s: it did not',
      'FAIL never: the host sends +CSQ (3 times): it did, at 10 s',
    ]);
  });
});

describe('the world must', () => {
  it('get a message, and be in a state', async () => {
    const played = await PlayedScenario.start(`
expect:
  - { message: { topic: house/1, payload: '/^2/', client: dev1 }, within: 5s }
  - { state: { mqtt.state: up }, within: 5s }
  - { message: { topic: house/# }, nth: 2, within: 5s }
`);
    const { host } = played;
    await host.asks('AT+MCONFIG="dev1","user","pw"');
    await host.dialogue('AT+MIPSTART="broker.example",1883', '\r\nOK\r\n\r\nCONNECT OK\r\n');
    await host.dialogue('AT+MCONNECT=1,60', '\r\nOK\r\n\r\nCONNACK OK\r\n');
    await host.dialogue('AT+MPUB="house/1",1,0,"21"', '\r\nOK\r\n\r\nPUBACK\r\n');
    await played.passes(5000);
    expect(await played.verdict()).toEqual([
      'ok the broker gets a message on house/1 with /^2/ from dev1 within 5 s: at 0 s',
      'ok the modem has mqtt.state up within 5 s: at 0 s',
      expect.stringContaining('1 of 2 came within 5 s'),
    ]);
  });
});

it('nothing begins for a host that never comes', async () => {
  const played = await PlayedScenario.start(
    `
until: 10s
steps:
  - { when: { time: 1s }, do: [{ urc: RING }] }
expect:
  - { host: { command: +CSQ }, within: 10s }
`,
    { begin: 'none' },
  );
  await played.passes(60_000);
  expect(played.stopped()).toEqual([
    'FAIL step step-1: never came: nor did power',
    'FAIL the host sends +CSQ within 10 s: the start, power, never came',
  ]);
});

it('leaves nothing behind: no timer, no listener', async () => {
  const played = await PlayedScenario.start(`
until: 60m
steps:
  - { when: { state: { mqtt.state: up } }, do: [] }
  - { when: { time: 20m }, do: [] }
expect:
  - { host: { line: AT }, within: 10m }
  - { never: { message: { topic: x } }, within: 10m }
`);
  const { modem, clock } = played.test;
  const before = clock.waiting;
  played.run.stop();
  expect(before - clock.waiting).toBe(5);
  expect([modem.commands, modem.lines, modem.dialogue].map(({ isHeard }) => isHeard)).toEqual([false, false, false]);
});

it('is played alike by the same seed, byte for byte, and unlike by another', async () => {
  const yaml = (seed: number) => `
seed: ${seed}
steps:
  - { when: { time: 1s }, do: [{ fault: line.flip, rate: 0.2 }, { fault: module.slow, by: 1s, jitter: 2s }] }
expect:
  - { host: { command: +CSQ }, nth: 8, within: 20s }
  - { never: { state: { signal.rssi: 3 } } }
`;
  const bytesOf = async (seed: number) => {
    const played = await PlayedScenario.start(yaml(seed));
    await played.passes(1000);
    const bytes: string[] = [];
    for (let command = 0; command < 10; command++) {
      bytes.push(await played.host.asks('AT+CSQ'));
      for (let tenth = 0; tenth < 30; tenth++) {
        await played.passes(100);
        bytes.push(await played.host.reads());
      }
    }
    return JSON.stringify([bytes, casesOf(played.run.stop())]);
  };
  const [first, again, other] = [await bytesOf(7), await bytesOf(7), await bytesOf(8)];
  expect(again).toBe(first);
  expect(other).not.toBe(first);
});
