/** What is told of links by their numbers: who holds one, who gets one, and what a send buffer of its own does. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { turns } from '../../support/patience.js';
import { callerAt, tcpPeer, textFrom } from '../sockets/socket-under-test.js';
import { ModemUnderTest, type Plan } from './modem-under-test.js';

const ok = '\r\nOK\r\n';
const error = '\r\nERROR\r\n';

const started = (plan: Plan = {}) =>
  ModemUnderTest.start('./test/fixtures/grammars/held-numbers.yaml', { listen: ['*=127.0.0.1:0'], ...plan });

/** Whatever becomes of it. */
function calls(port: number): void {
  const caller = connect(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void caller.destroy());
}

async function linked(plan: Plan = {}) {
  const peer = await tcpPeer();
  const test = await started({ routes: [`*=127.0.0.1:${peer.port}`], ...plan });
  await test.host.dialogue('AT+OPEN=0,tcp,"peer.example",80', ok);
  return { test, host: test.host, link: await peer.next() };
}

describe('a server whose command names a link', () => {
  async function listening(line = 'AT+LISTEN=0,80', plan: Plan = {}) {
    const test = await started(plan);
    await test.host.dialogue(line, ok);
    return { test, host: test.host, port: test.modem.links.listeningAt(80)!.port };
  }

  test('holds that number: nothing else is opened there, until it is closed', async () => {
    const { host } = await listening();
    await host.dialogue('AT+FREE?', `\r\n+FREE: 1\r\n${ok}`);
    await host.dialogue('AT+OPEN=0,tcp,"127.0.0.1",9', `\r\n+OPEN: already\r\n${error}`);
    await host.dialogue('AT+LISTEN=0,81', `\r\n+LISTEN: already\r\n${error}`);
    await host.dialogue('AT+LISTEN=1,80', `\r\n+LISTEN: already\r\n${error}`);
    await host.dialogue('AT+CLOSE=0', ok);
    await host.dialogue('AT+CLOSE=0', error);
    await host.dialogue('AT+LISTEN=0,81', ok);
  });

  test('gives its callers the highest free numbers, and says whose they are', async () => {
    const { host, port } = await listening();
    for (const link of [3, 2, 1]) {
      await callerAt(port);
      await host.expects(`\r\n+CAME: ${link},0,127.0.0.1\r\n`);
    }
    calls(port);
    await host.expects('\r\n+FULL: 0\r\n');
  });

  test('takes no more callers than it may, and one again when one has gone', async () => {
    const { host, port } = await listening('AT+LISTEN=0,80,1');
    const first = await callerAt(port);
    await host.expects('\r\n+CAME: 3,0,127.0.0.1\r\n');
    calls(port);
    await host.expects('\r\n+FULL: 0\r\n');
    first.end();
    await host.expects('\r\n+GONE: 3,peer-closed\r\n');
    await callerAt(port);
    await host.expects('\r\n+CAME: 3,0,127.0.0.1\r\n');
  });

  test('leaves its callers their links when it is closed', async () => {
    const { host, port } = await listening();
    const caller = await callerAt(port);
    await host.expects('\r\n+CAME: 3,0,127.0.0.1\r\n');
    await host.dialogue('AT+CLOSE=0', ok);
    caller.write('still here');
    await host.expects('\r\n+WAITS: 3\r\n');
  });

  test('ends with its PDP context, as the links that go through it do', async () => {
    const { test, host, port } = await listening();
    await callerAt(port);
    await host.expects('\r\n+CAME: 3,0,127.0.0.1\r\n');
    await host.dialogue('AT+OF=1', `\r\n+OF: 0,idle,1,1\r\n+OF: 3,connected,1,1\r\n${ok}`);
    test.modem.surroundings.cellular.packetData.deactivateByNetwork(1);
    await host.expects('\r\n+GONE: 3,network\r\n\r\n+GONE: 0,network\r\n');
    expect(test.modem.links.listeningAt(80)).toBeUndefined();
  });

  test('that is closed before it listens never does', async () => {
    const test = await started({ channels: 2 });
    test.host.types('AT+LISTEN=0,80\r');
    test.hosts[1]!.types('AT+CLOSE=0\r');
    await turns(20);
    expect(test.modem.links.listeningAt(80)).toBeUndefined();
    await test.host.expects(error);
  });
});

test('a closed link that the dialect keeps is free for nobody', async () => {
  const { host, link } = await linked();
  await host.dialogue('AT+USED=0,1', ok);
  link.end();
  await host.expects('\r\n+GONE: 0,peer-closed\r\n');
  await host.dialogue('AT+FREE?', `\r\n+FREE: 1\r\n${ok}`);
  await host.dialogue('AT+USED=0,0', ok);
  await host.dialogue('AT+FREE?', `\r\n+FREE: 0\r\n${ok}`);
});

describe('a send buffer', () => {
  const sends = async ({ host }: ModemUnderTest, bytes: number) => {
    await host.dialogue(`AT+SEND=0,${bytes}`, '\r\n>');
    host.types('x'.repeat(bytes));
    return host.reads();
  };

  test('takes what fits, and says what room is left and what the peer has', async () => {
    const { test } = await linked();
    expect(await sends(test, 1000)).toBe(`\r\n+SEND: sent,1000,1000\r\n${ok}`);
    expect(await sends(test, 1001)).toBe(`\r\n+SEND: full,1000\r\n${error}`);
  });

  test('fills up while the peer reads nothing, and nobody waits for it', async () => {
    const { test, link } = await linked();
    link.pause();
    let sent = 0;
    for (; sent < 50_000 && test.modem.links.of(0).socket.queued === 0; sent++)
      void test.modem.links.of(0).socket.send(Buffer.alloc(1000));
    const answer = await sends(test, 1000);
    expect(answer).toMatch(/^\r\n\+SEND: full,\d+\r\n\r\nERROR\r\n$/);
    link.resume();
    await textFrom(link.setEncoding('latin1'), sent * 1000);
    await turns(20);
    expect(await sends(test, 1000)).toBe(`\r\n+SEND: sent,1000,${(sent + 1) * 1000}\r\n${ok}`);
  });
});

describe('UDP without a peer of its own', () => {
  async function peer() {
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return { socket, port: socket.address().port };
  }

  test('sends to whom a datagram names, hears anybody on this host, and has no address', async () => {
    const { socket, port } = await peer();
    const test = await started({ dial: 'any' });
    await test.host.dialogue('AT+OPEN=2,udp,"",0', ok);
    const local = test.modem.links.of(2).socket.localPort;
    expect(test.modem.links.of(2).socket.peer).toBeUndefined();
    await test.host.dialogue(`AT+SEND=2,4,"127.0.0.1",${port}`, '\r\n>');
    const heard = once(socket, 'message');
    test.host.types('ping');
    expect(String((await heard)[0])).toBe('ping');
    await test.host.expects(`\r\n+SEND: sent,1000,4\r\n${ok}`);
    socket.send('pong', local, '127.0.0.1');
    await test.host.expects('\r\n+WAITS: 2\r\n');
    await test.host.dialogue('AT+READ=2', `\r\n+READ: 4,127.0.0.1,pong\r\n${ok}`);
  });

  test('a datagram that names nobody goes nowhere', async () => {
    const test = await started();
    await test.host.dialogue('AT+OPEN=2,udp,"",0', ok);
    await test.host.dialogue('AT+SEND=2,1', '\r\n>');
    test.host.types('x');
    await test.host.expects(`\r\n+SEND: lost,1000\r\n${error}`);
  });
});
