/** A modem's links as its host meets them: what a transcript cannot say, because it takes floods, reading, or many callers. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { turns } from '../../support/patience.js';
import { callerAt, tcpPeer, textFrom, udpPeer } from '../sockets/socket-under-test.js';
import { ModemUnderTest, type Plan } from './modem-under-test.js';

const KiB = 1024;
const ok = '\r\nOK\r\n';

async function joined(plan: Plan = {}) {
  const peer = await tcpPeer();
  const test = await ModemUnderTest.start('esp8266', { routes: [`*=127.0.0.1:${peer.port}`], ...plan });
  await test.host.dialogue('AT+CWMODE=1', ok);
  await test.host.dialogue('AT+CWJAP="home","secret12"', `WIFI CONNECTED\r\nWIFI GOT IP\r\n${ok}`);
  return { test, peer };
}

async function linked(plan?: Plan) {
  const { test, peer } = await joined(plan);
  await test.host.dialogue('AT+CIPSTART="TCP","peer.example",80', `CONNECT\r\n${ok}`);
  return { test, peer, link: await peer.next() };
}

async function transparent(plan?: Plan) {
  const all = await linked(plan);
  await all.test.host.dialogue('AT+CIPMODE=1', ok);
  await all.test.host.dialogue('AT+CIPSEND', `${ok}\r\n>`);
  return all;
}

/** The payload of every +IPD, in order; fails where anything else stands between. */
function payloads(output: string): string {
  let all = '';
  for (let at = 0; at < output.length; ) {
    const [head = '', length] = /^\r\n\+IPD,(\d+):/.exec(output.slice(at, at + 20)) ?? [];
    if (head === '') throw new Error(`not a +IPD at ${at}: ${JSON.stringify(output.slice(at, at + 40))}`);
    at += head.length + Number(length);
    all += output.slice(at - Number(length), at);
  }
  return all;
}

const pattern = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7) % 256));

describe('a flood for a host that does not read', () => {
  test('stops at the bound, in pieces of a segment, and nothing of it is lost', async () => {
    const { test, link } = await linked();
    const flood = pattern(12_000_000);
    test.host.port.stall();
    link.write(flood);
    await turns(200);
    expect(test.host.port.queued).toBeGreaterThan(256 * KiB);
    expect(test.host.port.queued).toBeLessThan(256 * KiB + 160 * KiB);
    test.host.port.resume();
    let output = '';
    while (payloads(output).length < flood.length) {
      const more = await test.host.reads();
      if (more === '') test.clock.advance(20); // the modem looks again
      output += more;
    }
    expect(Buffer.from(payloads(output), 'latin1').equals(flood)).toBe(true);
    expect(Math.max(...[...output.matchAll(/\+IPD,(\d+):/g)].map(([, n]) => Number(n)))).toBe(1460);
    expect(test.complaints).toEqual([]);
  });

  test('of single bytes behind an open prompt never finds the URC queue full', async () => {
    const { test, link } = await linked();
    await test.host.dialogue('AT+CIPSEND=5', `${ok}> `);
    const flood = pattern(6000);
    for (const byte of flood) {
      link.write(Buffer.from([byte]));
      await turns(2);
    }
    expect(test.modem.channels[0]!.isOverfull).toBe(true);
    test.host.types('hello');
    let output = await test.host.reads();
    output = output.slice(output.indexOf('\r\n+IPD'));
    while (payloads(output).length < flood.length) {
      test.clock.advance(20);
      output += await test.host.reads();
    }
    expect(payloads(output)).toBe(flood.toString('latin1'));
    expect(test.said.filter(({ text }) => text.includes('dropped'))).toEqual([]);
  });

  test('holds up neither another modem’s host nor commands of its own', async () => {
    const { test, link } = await linked({ channels: 2 });
    test.host.port.stall();
    link.write(pattern(2_000_000));
    await turns(100);
    await test.hosts[1]!.dialogue('AT', ok);
  });
});

test('an empty datagram that would wait to be fetched is no datagram', async () => {
  const { socket, port } = await udpPeer();
  const { host } = await ModemUnderTest.start('quectel', { routes: [`*=127.0.0.1:${port}`] });
  await host.dialogue('AT+QIACT=1', ok);
  await host.dialogue('AT+QIOPEN=1,0,"UDP","peer.example",7000,0,0', `${ok}\r\n+QIOPEN: 0,0\r\n`);
  const heard = once(socket, 'message');
  await host.dialogue('AT+QISENDEX=0,"70"', '\r\nSEND OK\r\n');
  const [, { port: local }] = await heard;
  for (const datagram of ['', '', 'data']) socket.send(datagram, local, '127.0.0.1');
  await host.expects('\r\n+QIURC: "recv",0\r\n');
  await host.dialogue('AT+QIRD=0,1500', `\r\n+QIRD: 4\r\ndata\r\n${ok}`);
});

describe('what is typed while bytes are being sent', () => {
  test.each([
    ['is lost: the rest of the data', 'helloXY', ''],
    ['is told so: a line', 'helloXY\r\n', '\r\nbusy s...\r\n'],
    ['counts neither before nor after', 'hello\r\nAT\r\nAT+G', '\r\nbusy s...\r\n'],
    ['may be a blank line', 'hello\r\n', ''],
  ])('%s', async (_, typed, told) => {
    const { test, link } = await linked();
    await test.host.dialogue('AT+CIPSEND=5', `${ok}> `);
    test.host.types(typed);
    await test.host.expects(`\r\nRecv 5 bytes\r\n${told}\r\nSEND OK\r\n`);
    expect(await textFrom(link, 5)).toBe('hello');
    await test.host.dialogue('AT', ok);
  });
});

describe('transparent mode', () => {
  test('carries every byte both ways, escapes inside data too', async () => {
    const { test, link } = await transparent();
    const all = Buffer.concat([pattern(40_000), Buffer.from('+++'), pattern(40_000), Buffer.from('+++\r\n')]);
    const received = textFrom(link.setEncoding('latin1'), all.length);
    test.host.types(all.toString('latin1'));
    test.clock.advance(20);
    expect(await received).toBe(all.toString('latin1'));
    link.write(all);
    await test.host.expects(all.toString('latin1'));
  });

  test('does not read a host whose peer does not read, and loses nothing', async () => {
    const { test, link } = await transparent();
    link.pause();
    const all = pattern(16_000_000);
    test.host.port.chunkLimit = 64 * KiB;
    test.host.types(all.toString('latin1'));
    await turns(50);
    const { socket } = test.modem.links.ifAny(0)!;
    expect(socket.queued).toBeGreaterThan(256 * KiB);
    expect(socket.queued).toBeLessThan(256 * KiB + 128 * KiB);
    const received = textFrom(link.setEncoding('latin1'), all.length - 2048);
    link.resume();
    await received;
    // The silence was the modem's own: what the host typed last is no escape.
    test.clock.advance(20);
    await turns(20);
    expect(test.modem.channels[0]!.state).toBe('online');
  });

  test('outlives its host: the next one meets port and link as they are', async () => {
    const { test, link } = await transparent();
    test.host.detaches();
    test.host.attaches();
    test.host.types('still here');
    test.clock.advance(20);
    expect(await textFrom(link, 10)).toBe('still here');
    test.host.types('+++');
    test.clock.advance(20);
    await turns(4);
    test.clock.advance(20);
    await turns(4);
    await test.host.dialogue('AT', ok);
  });

  test('drops what is typed while there is no link, and says how much', async () => {
    const { test, link } = await transparent({ dial: 'routes' });
    test.modem.surroundings.wifi.lose();
    await turns(10);
    test.host.types('into the void');
    test.clock.advance(20);
    await turns(4);
    test.host.types('+++');
    for (let i = 0; i < 3; i++) {
      test.clock.advance(20);
      await turns(4);
    }
    expect(test.modem.channels[0]!.state).toBe('command');
    expect(test.said.find(({ text }) => text.includes('no link'))).toMatchObject({ fields: { bytes: 13 } });
    link.destroy();
  });

  test('ends with the power, and the next life begins in command state', async () => {
    const { test } = await transparent();
    test.modem.powerOff();
    test.modem.powerOn();
    await turns(10);
    test.host.take();
    await test.host.dialogue('AT', `AT\r\r\n${ok}`);
    expect(test.clock.waiting).toBe(0);
  });
});

describe('a server', () => {
  const server = async (plan: Plan = {}) => {
    const { test } = await joined({ listen: ['*=127.0.0.1:0'], ...plan });
    await test.host.dialogue('AT+CIPMUX=1', ok);
    const owner = test.modem.channels[0]!;
    expect(await test.modem.links.listen(333, 5, owner)).toEqual({ outcome: 'listening' });
    return { test, port: test.modem.links.listeningAt(333)!.port };
  };
  const refused = (port: number): Promise<string> =>
    new Promise(resolve => {
      const caller: Socket = connect(port, '127.0.0.1');
      onTestFinished(() => void caller.destroy());
      caller.on('error', error => resolve((error as NodeJS.ErrnoException).code ?? ''));
      caller.on('close', () => resolve('closed'));
    });

  test('makes a link of each caller while one is free, and turns the sixth away', async () => {
    const { test, port } = await server();
    for (let i = 0; i < 5; i++) {
      await callerAt(port);
      await turns(10);
    }
    expect(test.modem.links.open.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(await refused(port)).not.toBe('');
    expect(await refused(port)).not.toBe('');
    // One who knocks on and on does not fill the log.
    expect(test.said.filter(({ text }) => text.includes('no link is free'))).toHaveLength(1);
  });

  test('that is taken down keeps its links; after a power cut nobody listens', async () => {
    const { test, port } = await server();
    await callerAt(port);
    await turns(10);
    expect(test.modem.links.unlisten(333)).toBe('done');
    expect(await refused(port)).toBe('ECONNREFUSED');
    expect(test.modem.links.open).toHaveLength(1);
    expect(test.modem.links.unlisten(333)).toBe('not-open');
  });

  test('on a port that is taken tells the operator what to do', async () => {
    const { port } = await server();
    const test = await ModemUnderTest.start('esp8266', { listen: [`80=127.0.0.1:${port}`] });
    expect(await test.modem.links.listen(80, 5, undefined)).toMatchObject({ outcome: 'port-taken' });
    expect(test.said.find(({ text }) => text.includes('--listen 80='))).toBeDefined();
  });
});
