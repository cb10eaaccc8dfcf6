/** What strangers may cost before they speak MQTT, and how they are told apart. Time is a manual clock. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock } from '../../../src/base/clock.js';
import {
  type Arrival,
  defaultReceptionLimits,
  Reception,
  type ReceptionLimits,
} from '../../../src/broker/reception.js';
import { listenTcp } from '../../support/listeners.js';
import { recordingLog } from '../../support/log.js';
import { connectPacket, turn } from '../../support/mqtt.js';
import { clientHello, closed, fatalAlert, longHello, stranger, unknownCa } from '../../support/strangers.js';
import { temporaryFolder } from '../store/temporary.js';

const never = 1_000_000_000;

async function startReception(limits: Partial<ReceptionLimits> = {}) {
  const clock = new ManualClock();
  const log = recordingLog();
  const ca = await temporaryFolder();
  const reception = new Reception({ ca, limits: { ...defaultReceptionLimits, ...limits }, clock, log });
  const arrivals: Promise<Arrival | undefined>[] = [];
  const port = await listenTcp(socket => arrivals.push(reception.receive(socket)));
  return { port, clock, log, arrivals, warnings: () => log.said.filter(({ level }) => level === 'warn') };
}

/** With the handshake done. */
async function secured(port: number, options: { servername?: string } = {}): Promise<TLSSocket> {
  const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket.resume();
}

/** Lets time pass by this much again and again, until the peer has closed the connection. */
async function timeRunsUntilClosed(socket: Socket, clock: ManualClock, ms: number): Promise<void> {
  let isOpen = true;
  socket.once('close', () => {
    isOpen = false;
  });
  while (isOpen) {
    await turn();
    clock.advance(ms);
  }
}

describe('one port tells them apart', () => {
  async function transportOf({ arrivals }: { arrivals: Promise<Arrival | undefined>[] }) {
    while (arrivals.length === 0) await turn();
    return (await arrivals[0])?.transport;
  }

  test('MQTT, and its bytes are all there', async () => {
    const started = await startReception();
    await stranger(started.port, connectPacket);
    expect(await transportOf(started)).toBe('tcp');
    const { stream } = (await started.arrivals[0])!;
    expect((await once(stream.resume(), 'data'))[0]).toEqual(connectPacket);
    expect(started.clock.waiting).toBe(0);
  });

  test('TLS', async () => {
    const started = await startReception();
    (await secured(started.port)).write(connectPacket);
    expect(await transportOf(started)).toBe('tls');
    const { stream } = (await started.arrivals[0])!;
    expect((await once(stream.resume(), 'data'))[0]).toEqual(connectPacket);
    expect(started.clock.waiting).toBe(0);
  });

  test.each(['ws', 'wss'] as const)('%s', async scheme => {
    const started = await startReception();
    const socket = new WebSocket(`${scheme}://127.0.0.1:${started.port}/any/path`, ['mqtt'], {
      rejectUnauthorized: false,
    });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    expect(await transportOf(started)).toBe(scheme);
    socket.send(connectPacket);
    const { stream } = (await started.arrivals[0])!;
    expect((await once(stream.resume(), 'data'))[0]).toEqual(connectPacket);
    expect(started.clock.waiting).toBe(0);
  });

  test('an upgrade that comes byte by byte', async () => {
    const started = await startReception();
    const socket = await stranger(started.port);
    socket.setNoDelay(true);
    const request = `GET /mqtt HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n`;
    for (const letter of request) {
      socket.write(letter);
      await turn();
    }
    expect(await transportOf(started)).toBe('ws');
  });

  test('a ClientHello that comes byte by byte', async () => {
    const started = await startReception();
    const hello = await clientHello({ servername: 'broker.example' });
    const socket = await stranger(started.port);
    socket.setNoDelay(true);
    const answered = once(socket, 'data');
    for (const byte of hello) {
      socket.write(Buffer.from([byte]));
      await turn();
    }
    expect(((await answered)[0] as Buffer)[0]).toBe(0x16);
  });
});

describe('time', () => {
  test('runs out for who says nothing', async () => {
    const { port, clock, arrivals } = await startReception({ silence: 1000, handshake: never });
    await timeRunsUntilClosed(await stranger(port), clock, 1000);
    expect(await arrivals[0]).toBeUndefined();
    expect(clock.waiting).toBe(0);
  });

  test.each([
    ['a byte of TLS', async () => Buffer.from([0x16])],
    ['half a ClientHello', async () => (await clientHello({ servername: 'a.example' })).subarray(0, 100)],
    ['half an upgrade', async () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\nX: ')],
  ])('runs out for who begins and does not go on: %s', async (_, bytes) => {
    const { port, clock, arrivals } = await startReception({ silence: never, handshake: 1000 });
    await timeRunsUntilClosed(await stranger(port, await bytes()), clock, 1000);
    expect(await arrivals[0]).toBeUndefined();
    expect(clock.waiting).toBe(0);
  });

  test('runs out within TLS too, for silence and for half an upgrade', async () => {
    const silent = await startReception({ silence: 1000, handshake: never });
    await timeRunsUntilClosed(await secured(silent.port), silent.clock, 1000);
    expect(await silent.arrivals[0]).toBeUndefined();

    const slow = await startReception({ silence: never, handshake: 1000 });
    const socket = await secured(slow.port);
    socket.write('GET / HTTP/1.1\r\n');
    await timeRunsUntilClosed(socket, slow.clock, 1000);
    expect(await slow.arrivals[0]).toBeUndefined();
    expect(slow.clock.waiting).toBe(0);
  });
});

describe('handshakes', () => {
  test('over the limit are cut off; MQTT in the clear is served', async () => {
    const { port, arrivals, warnings } = await startReception({ handshakes: 1 });
    const first = await stranger(port, Buffer.from([0x16]));
    while (arrivals.length < 1) await turn();
    await closed(await stranger(port, Buffer.from([0x16])));
    expect(warnings()).toMatchObject([{ text: expect.stringContaining('too many handshakes') }]);
    await stranger(port, connectPacket);
    while (arrivals.length < 3) await turn();
    expect((await arrivals[2])?.transport).toBe('tcp');

    first.destroy();
    expect(await arrivals[0]).toBeUndefined();
    (await secured(port)).write(connectPacket);
    while (arrivals.length < 4) await turn();
    expect((await arrivals[3])?.transport).toBe('tls');
  });

  test('that are refused for the CA say so, with what to do', async () => {
    const { port, arrivals, warnings } = await startReception();
    const socket = await stranger(port, await clientHello({ servername: 'a.example', maxVersion: 'TLSv1.2' }));
    await once(socket, 'data');
    socket.write(fatalAlert(unknownCa));
    await closed(socket);
    expect(await arrivals[0]).toBeUndefined();
    expect(warnings()).toMatchObject([
      { text: expect.stringContaining('atmodem ca'), fields: { cause: expect.stringContaining('unknown ca') } },
    ]);
  });

  test.each([
    ['garbage', () => Buffer.from([0x16, 9, 9, 9, 9, 9, 9, 9, 9])],
    ['a ClientHello that announces a megabyte', () => longHello(1_000_000, 10)],
    ['a megabyte of ClientHello', () => longHello(1_000_000, 1_000_000)],
    ['as much as three bytes can announce', () => longHello(0xffffff, 1_000_000)],
  ])('that are none end at once: %s', async (_, bytes) => {
    const { port, arrivals, warnings } = await startReception();
    await closed(await stranger(port, bytes()));
    expect(await arrivals[0]).toBeUndefined();
    expect(warnings()).toMatchObject([{ text: expect.stringContaining('TLS handshake') }]);
  });

  test('end with TLS within TLS', async () => {
    const { port, arrivals } = await startReception();
    const socket = await secured(port);
    socket.write(await clientHello({}));
    await closed(socket);
    expect(await arrivals[0]).toBeUndefined();
  });

  test('of WebSocket without the subprotocol are refused, and a browser reads what this is', async () => {
    const { port } = await startReception();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`, ['chat']);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('400');

    const response = await fetch(`http://127.0.0.1:${port}/`);
    expect(response.status).toBe(426);
    expect(await response.text()).toContain('MQTT broker');
  });
});
