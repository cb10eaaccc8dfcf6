/** Guest channels: they come and go while the modem runs, and the host at the port never notices. */
import { describe, expect, it } from 'vitest';
import type { DialogueLine } from '../../../src/modem/dialogue.js';
import type { ModemEvent } from '../../../src/modem/modem.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { turns } from '../../support/patience.js';
import { tcpPeer } from '../sockets/socket-under-test.js';
import { ModemUnderTest, type Plan } from './modem-under-test.js';
import { onlineLines, startAtFakeBroker } from './online.js';
import { TestHost } from './test-host.js';

const ok = '\r\nOK\r\n';

/** A guest that types: its channel, and what removes it. */
async function guestOf({ modem, host }: ModemUnderTest) {
  const port = new MemoryPort();
  const channel = await modem.addChannel(port, 'guest');
  const guest = new TestHost(port, host.lineEnd);
  guest.attaches();
  return { guest, channel, leaves: () => modem.removeChannel(channel) };
}

async function withGuest(dialect: string, plan: Plan = {}) {
  const test = await ModemUnderTest.start(dialect, plan);
  return { test, ...(await guestOf(test)) };
}

describe('a guest that comes', () => {
  it('types beside the host, on a channel of its own', async () => {
    const { test, guest, channel } = await withGuest('v250');
    test.host.types('ATS7=');
    await guest.dialogue('AT', `AT\r${ok}`);
    test.host.types('1;S7?\r');
    await test.host.expects(`\r\n1\r\n${ok}`);
    expect(channel.index).toBe(1);
  });

  it('begins with the settings that a module begins with', async () => {
    const { guest } = await withGuest('v250', { settings: { E: 0, V: 0 } });
    await guest.dialogue('AT', '0\r');
  });

  it('moves no power, and is no host that attached', async () => {
    const test = await ModemUnderTest.start('v250', { begin: 'none', power: 'every-open' });
    const events: ModemEvent[] = [];
    test.modem.events.on(event => events.push(event));
    const { guest, leaves } = await guestOf(test);
    expect(test.modem.isOn).toBe(false);
    await guest.dialogue('AT', '');
    await leaves();
    expect(events).toEqual([]);
  });

  it('is no point of a run: faults pass it by', async () => {
    const met: number[] = [];
    const test = await ModemUnderTest.start('v250');
    const faults = { command: ({ channel }: { channel: number }) => void met.push(channel), place: () => [] };
    Object.defineProperty(test.modem, 'faults', { get: () => faults });
    const { guest } = await guestOf(test);
    await guest.dialogue('AT', `AT\r${ok}`);
    await guest.asks('ATE0');
    await test.host.asks('ATE0');
    expect(met).toEqual([0]);
  });

  it('does not stop the network where it does not read', async () => {
    const { test, guest, channel } = await withGuest('v250');
    guest.port.stall();
    channel.info('x'.repeat(300 * 1024));
    channel.urc('y'.repeat(300 * 1024));
    expect(guest.port.queued).toBeGreaterThan(256 * 1024);
    expect(test.modem.holdsNetwork).toBe(false);
  });
});

describe('URCs', () => {
  it('that nobody caused are the host’s', async () => {
    const { test, guest } = await withGuest('luat');
    await guest.asks('AT+CREG=1');
    test.modem.surroundings.cellular.registration.set(2);
    await test.host.expects('\r\n+CREG: 2\r\n');
    await guest.expects('');
  });

  it('that a guest caused are its own, and the host’s once it has gone', async () => {
    const { test, link } = await startAtFakeBroker('luat');
    const { guest, channel, leaves } = await guestOf(test);
    test.modem.clients.of(0).owner = channel;
    const say = (payload: string) =>
      link.send({ cmd: 'publish', topic: 'in', payload, qos: 0, dup: false, retain: false });
    say('a');
    await guest.expects('\r\n+MSUB: "in",1 byte,a\r\n');
    await leaves();
    say('b');
    await test.host.expects('\r\n+MSUB: "in",1 byte,b\r\n');
    expect(test.complaints).toEqual([]);
  });

  it('all: reach guests too', async () => {
    const { test, guest } = await withGuest('luat', { settings: { 'style.urc-port': 'all' } });
    await test.host.asks('AT+CREG=1');
    test.modem.surroundings.cellular.registration.set(2);
    await test.host.expects('\r\n+CREG: 2\r\n');
    await guest.expects('\r\n+CREG: 2\r\n');
  });
});

describe('a guest that goes', () => {
  it('takes its settings along: the next one does not meet them', async () => {
    const { test, guest, leaves } = await withGuest('v250');
    await guest.asks('ATE0V0');
    await leaves();
    const { guest: next, channel } = await guestOf(test);
    expect(channel.index).toBe(1);
    await next.dialogue('AT', `AT\r${ok}`);
  });

  it('leaves no trace in the modem', async () => {
    const { test, leaves } = await withGuest('v250');
    await leaves();
    await leaves();
    expect(test.modem.channels.map(({ index }) => index)).toEqual([0]);
    test.modem.powerOff();
    test.modem.powerOn();
    await test.host.dialogue('AT', `AT\r${ok}`);
  });

  it('gives its number free, while a later one keeps its own', async () => {
    const { test, leaves } = await withGuest('v250');
    const second = await guestOf(test);
    await leaves();
    const third = await guestOf(test);
    expect([second.channel.index, third.channel.index]).toEqual([2, 1]);
    expect(test.modem.channels.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(test.modem.channel(2)).toBe(second.channel);
    await second.guest.dialogue('AT', `AT\r${ok}`);
  });

  it('half-way through a prompt: nothing of it is kept', async () => {
    const { test, guest, leaves } = await withGuest('luat');
    await test.host.dialogue('AT+FSCREATE="a"', ok);
    await guest.asks('ATE0');
    await guest.dialogue('AT+FSWRITE="a",0,5,15', '\r\n>');
    guest.types('hel');
    await leaves();
    await test.host.dialogue('AT+FSFLSIZE="a"', `\r\n+FSFLSIZE: 0\r\n${ok}`);
    expect(test.complaints).toEqual([]);
  });

  it('while its command runs: what it opened is the module’s', async () => {
    const test = await ModemUnderTest.start('luat', { broker: 'embedded:0', routes: ['*=embedded'] });
    const { guest, leaves } = await guestOf(test);
    await guest.asks(onlineLines.luat[0]);
    guest.types('AT+MIPSTART="broker.example",1883\r');
    await leaves();
    const { client } = test.modem.clients.of(0);
    for (let turn = 0; turn < 500 && client.state !== 'linked'; turn++) await turns(4);
    expect(client.state).toBe('linked');
    expect(test.complaints).toEqual([]);
  });

  it('while it is one with a link: the link stays, and is the host’s', async () => {
    const peer = await tcpPeer();
    const test = await ModemUnderTest.start('esp8266', { routes: [`*=127.0.0.1:${peer.port}`] });
    await test.host.asks('AT+CWMODE=1');
    await test.host.asks('AT+CWJAP="home","secret12"');
    const { guest, channel, leaves } = await guestOf(test);
    await guest.asks('ATE0');
    await guest.dialogue('AT+CIPSTART="TCP","peer.example",80', `CONNECT\r\n${ok}`);
    const link = await peer.next();
    await guest.dialogue('AT+CIPMODE=1', ok);
    await guest.dialogue('AT+CIPSEND', `${ok}\r\n>`);
    expect(channel.state).toBe('online');
    await leaves();
    link.write('hello');
    await test.host.expects('\r\n+IPD,5:hello');
    expect(test.complaints).toEqual([]);
  });

  it('a port of the operator’s cannot be taken away so', async () => {
    const { test } = await withGuest('v250');
    await test.modem.removeChannel(test.modem.channels[0]!);
    await test.host.dialogue('AT', ok);
  });
});

describe('what is counted', () => {
  it('commands, bytes and messages', async () => {
    const { test, link } = await startAtFakeBroker('luat');
    const before = { ...test.modem.counters };
    await test.host.dialogue('AT+CSQ;+CSQ', `\r\n+CSQ: 28,99\r\n\r\n+CSQ: 28,99\r\n${ok}`);
    const { counters } = test.modem;
    expect(counters.commands - before.commands).toBe(2);
    expect(counters.bytesIn - before.bytesIn).toBe('AT+CSQ;+CSQ\r'.length);
    expect(counters.bytesOut - before.bytesOut).toBe(`\r\n+CSQ: 28,99\r\n\r\n+CSQ: 28,99\r\n${ok}`.length);
    link.send({ cmd: 'publish', topic: 'in', payload: 'x', qos: 0, dup: false, retain: false });
    await test.host.expects('\r\n+MSUB: "in",1 byte,x\r\n');
    await test.host.asks('AT+MPUB="out",0,0,"y"');
    expect(counters).toMatchObject({ messagesIn: 1, messagesOut: 1, urcsDropped: 0 });
  });
});

describe('the dialogue', () => {
  it('tells a URC from an answer', async () => {
    const test = await ModemUnderTest.start('luat');
    const lines: DialogueLine[] = [];
    test.modem.dialogue.on(line => lines.push(line));
    await test.host.asks('AT+CREG=1');
    test.modem.surroundings.cellular.registration.set(2);
    await test.host.reads();
    expect(lines.map(({ from, urc, text }) => [from, urc ?? false, text])).toEqual([
      ['host', false, 'AT+CREG=1'],
      ['modem', false, 'OK'],
      ['modem', true, '+CREG: 2'],
    ]);
  });
});
