/** UDP "links": borders, senders, the three modes of the peer, who is let in, and what a slow host loses. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { turns } from '../../support/patience.js';
import { request, SocketUnderTest, udpPeer } from './socket-under-test.js';

describe('a service', () => {
  test('hears who was sent to under the address that was named, wherever a route leads', async () => {
    const { socket, port } = await udpPeer();
    const test = new SocketUnderTest({ routes: [`*=127.0.0.1:${port}`] });
    expect(await test.socket.open(request(0, { kind: 'udp', host: '' }))).toEqual({ outcome: 'connected' });
    expect(test.socket.peer).toBeUndefined();
    const heard = once(socket, 'message');
    expect(await test.socket.send(Buffer.from('ping'), { host: '203.0.113.9', port: 6969 })).toBe('sent');
    expect(String((await heard)[0])).toBe('ping');
    socket.send('pong', test.socket.localPort, '127.0.0.1');
    await test.until(() => test.received === 'pong');
    expect(test.senders).toEqual(['203.0.113.9:6969']);
    expect(await test.socket.send(Buffer.from('for nobody'))).toBe('lost');
  });

  test('forgets whom it has not sent to for long', async () => {
    const { socket, port } = await udpPeer();
    const test = new SocketUnderTest({ routes: [`198.51.100.1=127.0.0.1:${port}`] });
    await test.socket.open(request(0, { kind: 'udp', host: '' }));
    await test.socket.send(Buffer.from('first'), { host: '198.51.100.1', port: 7 });
    for (let i = 0; i < 64; i++) await test.socket.send(Buffer.from('x'), { host: '127.0.0.1', port: 40_000 + i });
    socket.send('pong', test.socket.localPort, '127.0.0.1');
    await test.until(() => test.received === 'pong');
    expect(test.senders).toEqual([`127.0.0.1:${port}`]);
  });
});

async function opened(mode: 'fixed' | 'changes-once' | 'changes' = 'fixed') {
  const [peer, stranger] = [await udpPeer(), await udpPeer()];
  const test = new SocketUnderTest();
  expect(await test.socket.open(request(peer.port, { kind: 'udp', mode }))).toEqual({ outcome: 'connected' });
  const says = async (from: Socket, text: string) => {
    const before = test.received.length;
    from.send(text, test.socket.localPort, '127.0.0.1');
    await test.until(() => test.received.length > before);
  };
  const hears = async (who: Socket) => String((await once(who, 'message'))[0]);
  return { test, socket: test.socket, peer, stranger, says, hears };
}

test('a datagram arrives as it was sent, and knows its sender', async () => {
  const { test, socket, peer, stranger, says, hears } = await opened();
  const heard = hears(peer.socket);
  expect(await socket.send(Buffer.from('ping'))).toBe('sent');
  expect(await heard).toBe('ping');
  await says(peer.socket, 'pong');
  await says(stranger.socket, 'who?');
  expect(test.received).toBe('pongwho?');
  expect(test.senders).toEqual([`127.0.0.1:${peer.port}`, `127.0.0.1:${stranger.port}`]);
});

test('one datagram goes to another peer', async () => {
  const { socket, stranger, hears } = await opened();
  const heard = hears(stranger.socket);
  expect(await socket.send(Buffer.from('aside'), { host: '127.0.0.1', port: stranger.port })).toBe('sent');
  expect(await heard).toBe('aside');
  expect(await socket.send(Buffer.from('x'), { host: 'nosuch.invalid', port: 1 })).toBe('dns-failed');
});

describe('after a datagram from a stranger', () => {
  test.each([
    ['fixed', ['peer', 'peer']],
    ['changes-once', ['stranger', 'stranger']],
    ['changes', ['stranger', 'peer']],
  ] as const)('%s: what is sent goes to %s, then, after one from the peer, to %s', async (mode, receivers) => {
    const { socket, says, hears, ...who } = await opened(mode);
    for (const [i, speaker] of (['stranger', 'peer'] as const).entries()) {
      await says(who[speaker].socket, 'hello');
      const heard = hears(who[receivers[i]!].socket);
      await socket.send(Buffer.from(`for ${i}`));
      expect(await heard).toBe(`for ${i}`);
    }
  });
});

test('the port that the host names is the one; taken, it is a named outcome', async () => {
  const { port } = await udpPeer();
  const { socket } = new SocketUnderTest();
  expect(await socket.open(request(9, { kind: 'udp', local: port }))).toMatchObject({ outcome: 'port-taken' });
});

test('nobody beyond this host reaches it: it is bound to loopback', async () => {
  const { socket } = await opened();
  const probe = createSocket('udp4');
  onTestFinished(() => void probe.close());
  // The same port on every other address is free.
  probe.bind({ port: socket.localPort, address: '127.0.0.2', exclusive: true });
  await once(probe, 'listening');
});

test('while it is held datagrams are lost, as on a full radio; a close is silent', async () => {
  const { test, socket, peer, says } = await opened();
  socket.hold('host');
  peer.socket.send('lost', socket.localPort, '127.0.0.1');
  await turns(20);
  socket.release('host');
  await says(peer.socket, 'heard');
  expect(test.received).toBe('heard');
  expect(await socket.close()).toBe('closed');
  expect(test.losses).toEqual([]);
});
