/** A module's TCP socket against real peers: states, named outcomes, back-pressure, the winning back of a link. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { closedPort } from '../../support/listeners.js';
import { turns } from '../../support/patience.js';
import { request, SocketUnderTest, tcpPeer, textFrom } from './socket-under-test.js';

async function connected() {
  const test = new SocketUnderTest();
  const peer = await tcpPeer();
  expect(await test.socket.open(request(peer.port))).toEqual({ outcome: 'connected' });
  return { ...test, test, socket: test.socket, peer, link: await peer.next() };
}

describe('a link', () => {
  test('carries bytes both ways and counts them', async () => {
    const { test, socket, link } = await connected();
    expect(await socket.send(Buffer.from('ping'))).toBe('sent');
    expect(await textFrom(link, 4)).toBe('ping');
    link.write('pong!');
    await test.until(() => test.received === 'pong!');
    expect(test.received).toBe('pong!');
    expect(socket.traffic).toEqual({ sent: 4, received: 5, read: 0 });
  });

  test('knows its peer by the address that was asked for, wherever a route leads', async () => {
    const peer = await tcpPeer();
    const test = new SocketUnderTest({ routes: [`*=127.0.0.1:${peer.port}`] });
    await test.socket.open(request(1883, { host: '203.0.113.9' }));
    expect(test.socket.peer).toEqual({ host: '203.0.113.9', port: 1883 });
    (await peer.next()).write('x');
    await test.until(() => test.received === 'x');
    expect(test.senders).toEqual(['203.0.113.9:1883']);
  });

  test('that the peer closes is lost once, and the socket can be opened again', async () => {
    const { test, socket, peer, link } = await connected();
    link.end('bye');
    await test.until(() => test.losses.length > 0);
    expect([test.received, test.losses, socket.state]).toEqual(['bye', ['peer-closed'], 'closed']);
    expect(await socket.send(Buffer.from('x'))).toBe('not-open');
    expect(await socket.open(request(peer.port))).toEqual({ outcome: 'connected' });
  });

  test('that the peer resets is lost as that', async () => {
    const { test, link } = await connected();
    link.resetAndDestroy();
    await test.until(() => test.losses.length > 0);
    expect(test.losses).toEqual(['reset']);
  });

  test('that this side closes is not lost: what was sent arrives, then the end', async () => {
    const { test, socket, link } = await connected();
    void socket.send(Buffer.alloc(200_000, 'x'));
    const closing = socket.close();
    expect(socket.state).toBe('closing');
    expect(await textFrom(link, 200_000)).toHaveLength(200_000);
    expect(await closing).toBe('closed');
    expect([socket.state, test.losses]).toEqual(['idle', []]);
    expect(await socket.close()).toBe('not-open');
  });

  test('to a peer that takes nothing is cut a second after the close', async () => {
    const { test, socket, link } = await connected();
    link.pause();
    void socket.send(Buffer.alloc(16_000_000));
    await turns(20);
    const closing = socket.close();
    await turns(20);
    expect(socket.state).toBe('closing');
    test.clock.advance(1000);
    expect(await closing).toBe('closed');
    const gone = once(link, 'close');
    link.resume();
    await gone;
  });

  test('ends with the network under it, without a word to the peer but a reset', async () => {
    const { test, socket, link } = await connected();
    const gone = once(link, 'error');
    socket.drop();
    expect([test.losses, socket.state]).toEqual([['network'], 'closed']);
    expect((await gone)[0]).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('opening', () => {
  test('a port where nobody listens', async () => {
    const { socket } = new SocketUnderTest();
    expect(await socket.open(request(await closedPort()))).toMatchObject({ outcome: 'refused' });
    expect(socket.state).toBe('closed');
  });

  test('a name that does not exist', async () => {
    const { socket } = new SocketUnderTest();
    expect(await socket.open(request(80, { host: 'nosuch.invalid' }))).toMatchObject({ outcome: 'dns-failed' });
  });

  test('twice', async () => {
    const { socket, peer } = await connected();
    expect(await socket.open(request(peer.port))).toMatchObject({ outcome: 'already' });
  });

  test('a close, a power cut and the loss of the network end a dial under way', async () => {
    for (const [end, outcome] of [
      ['close', 'cancelled'],
      ['destroy', 'cancelled'],
      ['drop', 'lost'],
    ] as const) {
      const { socket } = new SocketUnderTest();
      const opening = socket.open(request(80, { host: 'slow.example' }));
      expect(socket.state).toBe('connecting');
      void socket[end]();
      expect(await opening).toMatchObject({ outcome });
      expect(socket.isOpen).toBe(false);
    }
  });
});

describe('a window of what waits to be read', () => {
  test('makes the peer wait, and loses nothing', async () => {
    const { test, socket, link } = await connected();
    const stored: number[] = [];
    for (const signal of [socket.arrived, socket.refilled])
      signal.on(arrival => void stored.push(socket.store(arrival, 1000)));
    const all = Buffer.from(Array.from({ length: 500_000 }, (_, i) => i % 251));
    link.write(all);
    await test.until(() => socket.inbox.bytes >= 1000);
    await turns(50);
    expect(socket.inbox.bytes).toBe(1000);
    const read: Buffer[] = [];
    for (let length = 0; length < all.length; ) {
      expect(socket.inbox.bytes).toBeLessThanOrEqual(1000);
      const taken = socket.read(300);
      if (taken) read.push(taken.bytes);
      else await turns(1);
      length += taken?.bytes.length ?? 0;
    }
    expect(Buffer.concat(read).equals(all)).toBe(true);
    expect(socket.traffic).toEqual({ sent: 0, received: all.length, read: all.length });
    expect(stored.reduce((sum, each) => sum + each)).toBe(all.length);
  });

  test('keeps what waits when the peer has closed', async () => {
    const { test, socket, link } = await connected();
    socket.arrived.on(arrival => socket.store(arrival, 1000));
    link.end('last words');
    await test.until(() => test.losses.length > 0);
    expect(socket.read(4)?.bytes.toString()).toBe('last');
    expect(socket.read(100)?.bytes.toString()).toBe(' words');
    expect(socket.read(100)).toBeUndefined();
  });

  test('is thrown away by a close, which ends what the peer had closed already', async () => {
    const { test, socket, link } = await connected();
    socket.arrived.on(arrival => socket.store(arrival, 1000));
    link.end('last words');
    await test.until(() => test.losses.length > 0);
    expect(await socket.close()).toBe('closed');
    expect(socket.read(100)).toBeUndefined();
    expect(await socket.close()).toBe('not-open');
  });
});

describe('a link that is kept', () => {
  test('is dialled again at once when it is lost, then every second, and nobody is told', async () => {
    const { test, socket, peer, link } = await connected();
    socket.keep(1000);
    link.destroy();
    const second = await peer.next();
    await turns(5);
    expect([socket.state, test.losses]).toEqual(['connected', []]);
    second.write('again');
    await test.until(() => test.received === 'again');
    expect(test.received).toBe('again');
  });

  test('is tried until there is somebody', async () => {
    const test = new SocketUnderTest();
    const port = await closedPort();
    test.socket.persist(request(port), 1000);
    await turns(30);
    expect(test.socket.state).toBe('connecting');
    const { createServer } = await import('node:net');
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const came = once(server, 'connection');
    test.clock.advance(1000);
    const [link] = await came;
    await turns(5);
    expect(test.socket.state).toBe('connected');
    link.destroy();
    server.close();
  });

  test('is lost like any other once it is kept no longer', async () => {
    const { test, socket, link } = await connected();
    socket.keep(1000);
    socket.keep(undefined);
    link.destroy();
    await test.until(() => test.losses.length > 0);
    expect(test.losses).toEqual(['peer-closed']);
  });

  test('that waits for its next try is closed at once when it is given up', async () => {
    const test = new SocketUnderTest();
    test.socket.persist(request(await closedPort()), 1000);
    await turns(30);
    test.socket.keep(undefined);
    expect(test.socket.state).toBe('closed');
    expect(test.clock.waiting).toBe(0);
  });
});

test('a power cut resets the link and leaves nothing behind', async () => {
  const { test, socket, link } = await connected();
  const gone = once(link, 'error');
  socket.destroy();
  expect((await gone)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect([socket.state, test.losses, test.clock.waiting]).toEqual(['idle', [], 0]);
});
