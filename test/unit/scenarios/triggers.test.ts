/** When a step comes, and what it does then: as the host sees it, byte for byte. */
import { describe, expect, it } from 'vitest';
import { PlayedScenario } from './played-scenario.js';

const ok = '\r\nOK\r\n';
const error = '\r\nERROR\r\n';
const csq = `\r\n+CSQ: 28,99\r\n${ok}`;
const urc = (text: string) => `\r\n${text}\r\n`;

describe('when', () => {
  it('a time from the start: when the module first has power', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { time: 5s }, do: [{ urc: 'RING' }] }
`);
    await played.passes(4999);
    await played.host.expects('');
    await played.passes(1);
    await played.host.expects(urc('RING'));
    expect(await played.verdict()).toEqual(['ok step step-1: done at 5 s']);
  });

  it('a time from another step', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { id: asked, when: { command: +CSQ }, do: [] }
  - { when: { time: 2s, after: asked }, do: [{ urc: 'RING' }] }
`);
    await played.passes(10_000);
    await played.host.dialogue('AT+CSQ', csq);
    await played.passes(1999);
    await played.host.expects('');
    await played.passes(1);
    await played.host.expects(urc('RING'));
  });

  it('the nth command of a name; a fault strikes that very one', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { command: +CSQ, nth: 3 }, do: [{ fault: at.error }] }
`);
    await played.host.dialogue('AT+CSQ', csq);
    await played.host.dialogue('AT+CSQ', csq);
    await played.host.dialogue('AT+CSQ', error);
    await played.host.dialogue('AT+CSQ', csq);
  });

  it('so many times in a row', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { command: +CSQ, nth: 2, count: 2 }, do: [{ fault: at.error }] }
`);
    await played.host.dialogue('AT+CSQ', csq);
    await played.host.dialogue('AT+CSQ', error);
    await played.host.dialogue('AT+CSQ', error);
    await played.host.dialogue('AT+CSQ', csq);
    expect(await played.verdict()).toEqual(['ok step step-1: done at 0 s, 0 s']);
  });

  it.each([
    ['arguments: "0"', 'AT+CREG=0', 'AT+CREG=1'],
    ['arguments: 0', 'AT+CREG=0', 'AT+CREG=2'],
    ["arguments: '/^[12]$/'", 'AT+CREG=2', 'AT+CREG=0'],
    ['form: read', 'AT+CREG?', 'AT+CREG=0'],
    ['form: test', 'AT+CREG=?', 'AT+CREG?'],
  ])('a command with %s', async (condition, meant, other) => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { command: at+creg, ${condition} }, do: [{ fault: at.error }] }
`);
    expect(await played.host.asks(other)).not.toBe(error);
    await played.host.dialogue(meant, error);
  });

  it('AT alone is a command; one of a longer line too', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { command: AT }, do: [{ fault: at.error }] }
  - { when: { command: +CGATT }, do: [{ fault: at.error }] }
`);
    await played.host.dialogue('AT', error);
    await played.host.dialogue('AT+CSQ;+CGATT?', `\r\n+CSQ: 28,99\r\n${error}`);
  });

  it('a line as it was typed', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { line: 'AT+CSQ;+CSQ' }, do: [{ fault: at.error }] }
  - { when: { line: /unknown$/ }, do: [{ urc: 'WORLD' }] }
`);
    await played.host.dialogue('AT+CSQ', csq);
    await played.host.dialogue('AT+CSQ;+CSQ', error);
    await played.host.dialogue('ATunknown', `\r\n+CME ERROR: 58\r\n${urc('WORLD')}`);
  });

  it('a state, when it comes about, and again when it comes back', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { state: { signal.rssi: 5 }, count: 2 }, do: [{ urc: 'WEAK' }] }
`);
    const { signal } = played.test.modem.surroundings.cellular;
    for (const rssi of [5, 5, 9, 5]) {
      signal.set({ rssi });
      await played.passes(200);
    }
    await played.host.expects(urc('WEAK') + urc('WEAK'));
  });

  it('several states at once', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { state: { signal.rssi: 5, eps.stat: '/[15]/' } }, do: [{ urc: 'BOTH' }] }
`);
    const { signal, registration } = played.test.modem.surroundings.cellular;
    registration.set(0);
    signal.set({ rssi: 5 });
    await played.passes(200);
    registration.set(5);
    await played.passes(200);
    expect(await played.host.reads()).toContain(urc('BOTH'));
    expect((await played.verdict())[0]).toContain('done at 0.4 s');
  });

  it('a message of a client, and what a cloud sends to it then', async () => {
    const played = await PlayedScenario.start(`
steps:
  - when: { message: { topic: 'house/+/air', payload: '21.5' } }
    do: [{ publish: { topic: house/1, payload: water } }]
`);
    const { host } = played;
    await host.dialogue('AT+MCONFIG="dev1","user","pw"', ok);
    await host.dialogue('AT+MIPSTART="broker.example",1883', `${ok}${urc('CONNECT OK')}`);
    await host.dialogue('AT+MCONNECT=1,60', `${ok}${urc('CONNACK OK')}`);
    await host.dialogue('AT+MSUB="house/1",1', `${ok}${urc('SUBACK')}`);
    await host.dialogue('AT+MPUB="house/1/air",0,0,"20"', ok);
    await host.dialogue('AT+MPUB="house/1/air",0,0,"21.5"', `${ok}${urc('+MSUB: "house/1",5 byte,water')}`);
  });
});

describe('do', () => {
  it('a fault from the start holds before the module looks around', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { time: 0 }, do: [{ fault: network.registration, state: denied }] }
`);
    await played.host.dialogue('AT+CEREG?', `\r\n+CEREG: 0,3\r\n${ok}`);
  });

  it('what begins at once begins at the command, as if it had waited for it', async () => {
    const played = await PlayedScenario.start(
      `
steps:
  - { when: { command: +CSQ }, do: [{ fault: module.freeze, for: 2s }] }
`,
    );
    await played.host.dialogue('AT+CSQ', '');
    await played.passes(1999);
    await played.host.expects('');
    await played.passes(1);
    await played.host.expects(csq);
  });

  it('lifts faults by name, or all', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { id: weak, when: { time: 1s }, do: [{ fault: network.signal, rssi: 3 }, { fault: module.slow, by: 1s }] }
  - { when: { time: 1s, after: weak }, do: [{ lift: module.slow }] }
  - { when: { time: 2s, after: weak }, do: [{ lift: all }] }
`);
    await played.passes(2000);
    await played.host.dialogue('AT+CSQ', `\r\n+CSQ: 3,99\r\n${ok}`);
    await played.passes(1000);
    await played.host.dialogue('AT+CSQ', csq);
  });

  it('power', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { time: 1s }, do: [{ power: off }] }
  - { when: { time: 2s }, do: [{ power: on }] }
`);
    await played.passes(1000);
    await played.host.dialogue('AT', '');
    await played.passes(1000);
    expect(await played.host.reads()).toContain('RDY');
  });

  it('gives power itself, where nobody else does', async () => {
    const played = await PlayedScenario.start(
      `
steps:
  - { when: { time: 3s }, do: [{ power: on }] }
`,
      { power: 'manual', begin: 'none' },
    );
    played.host.attaches();
    await played.passes(2999);
    expect(played.test.modem.isOn).toBe(false);
    await played.passes(1);
    expect(played.test.modem.isOn).toBe(true);
  });

  it('settings, and URCs on another channel', async () => {
    const played = await PlayedScenario.start(
      `
steps:
  - { when: { command: +CSQ }, do: [{ set: { CMEE: 1 } }, { urc: 'a\\x1Ab', channel: 2 }] }
`,
      { channels: 2 },
    );
    await played.host.dialogue('AT+CSQ', csq);
    await played.test.hosts[1]!.expects(urc('a\x1ab'));
    await played.host.dialogue('AT+CMEE?', `\r\n+CMEE :1\r\n${ok}`);
  });

  it('what cannot be done is told, and the scenario goes on', async () => {
    const played = await PlayedScenario.start(`
steps:
  - { when: { time: 1s }, do: [{ fault: at.error, at: 1 }, { urc: 'RING' }] }
`);
    await played.host.dialogue('AT+CSQ', csq);
    await played.passes(1000);
    await played.host.expects(urc('RING'));
    expect(played.test.said.map(({ text }) => text)).toContain('the scenario cannot do that');
  });
});
