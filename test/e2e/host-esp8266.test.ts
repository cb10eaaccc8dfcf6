/** Firmware that builds its own packets, on a real pty: transparent mode with megabytes in it, and five links at once. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromBuffer } from '../../src/base/bytes.js';
import { systemClock } from '../../src/base/clock.js';
import { Signal } from '../../src/base/signal.js';
import { startModems } from '../../src/index.js';
import { eventually, turns } from '../support/patience.js';
import { PtyClient } from '../support/pty-client.js';
import { Listener } from '../support/sockets.js';

const ok = '\r\nOK\r\n';
const mebibyte = 1024 * 1024;

/** The far end of links: what came on each, in the order the links came. */
class Peer {
  readonly links: { socket: Socket; received: string }[] = [];
  readonly changed = new Signal<void>();

  private constructor(readonly listener: Listener) {
    listener.server.on('connection', (socket: Socket) => {
      const link = { socket, received: '' };
      this.links.push(link);
      socket.on('data', bytes => {
        link.received += fromBuffer(bytes);
        this.changed.emit();
      });
      this.changed.emit();
    });
  }

  static async start(): Promise<Peer> {
    const peer = new Peer(await Listener.start(createServer()));
    onTestFinished(() => peer.listener.stop());
    return peer;
  }

  async hears(link: number, bytes: string): Promise<void> {
    await eventually(() => (this.links[link]?.received.length ?? 0) >= bytes.length, this.changed, 20_000);
    expect(this.links[link]?.received === bytes, `link ${link}: what came is not what was sent`).toBe(true);
    this.links[link]!.received = '';
  }
}

/** A module that has joined, and whose every dial meets the peer. */
async function joined(): Promise<{ host: PtyClient; peer: Peer }> {
  const peer = await Peer.start();
  const { port } = peer.listener.address;
  const { modems, stop } = await startModems(
    [{ dialect: 'esp8266', port: 'pty', power: 'start', routes: [`*=127.0.0.1:${port}`] }],
    { broker: 'none' },
  );
  onTestFinished(stop);
  await turns(50);
  const host = await PtyClient.open(modems[0]!.port);
  onTestFinished(() => host.close());
  await host.exchange('ATE0\r\n', `ATE0\r\r\n${ok}`);
  await host.exchange('AT+CWMODE=1\r\n', ok);
  await host.exchange('AT+CWJAP="workshop","password"\r\n', `WIFI CONNECTED\r\nWIFI GOT IP\r\n${ok}`);
  return { host, peer };
}

async function transparent() {
  const { host, peer } = await joined();
  await host.exchange('AT+CIPMODE=1\r\n', ok);
  await host.exchange('AT+CIPSTART="TCP","peer.example",80\r\n', `CONNECT\r\n${ok}`);
  await host.exchange('AT+CIPSEND\r\n', `${ok}\r\n>`);
  return { host, peer };
}

/** Every byte value, no period that a buffer's size divides, and the escape sequence again and again. */
function payload(length: number): Buffer {
  const bytes = Buffer.from(Array.from({ length }, (_, i) => (i + Math.floor(i / 251)) % 256));
  for (let at = 1000; at + 3 < length; at += 4093) bytes.write('+++', at);
  return bytes;
}

/** As fast as the kernel takes it. */
async function writeAll(host: PtyClient, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const count = host.library.write(host.fd, bytes.subarray(done, done + 64 * 1024));
    if (typeof count === 'number') done += count;
    else await turns(1);
  }
}

describe('transparent mode', () => {
  test('moves 10 MB from the host and 10 MB to it, every byte, escapes inside them too', async () => {
    const { host, peer } = await transparent();
    const bytes = payload(10 * mebibyte);
    await Promise.all([writeAll(host, bytes), peer.hears(0, fromBuffer(bytes))]);
    peer.links[0]!.socket.write(bytes);
    await eventually(() => host.pending.length >= bytes.length, host.arrived, 20_000);
    expect(host.pending === fromBuffer(bytes)).toBe(true);
  });

  test('both ways at once', async () => {
    const { host, peer } = await transparent();
    const bytes = payload(2 * mebibyte);
    await eventually(() => peer.links.length > 0, peer.changed);
    peer.links[0]!.socket.write(bytes);
    await Promise.all([writeAll(host, bytes), peer.hears(0, fromBuffer(bytes))]);
    await eventually(() => host.pending.length >= bytes.length, host.arrived, 20_000);
    expect(host.pending === fromBuffer(bytes)).toBe(true);
  });

  test('is left by the escape alone, and the link stays', async () => {
    const { host, peer } = await transparent();
    host.write('+++\r\n');
    await peer.hears(0, '+++\r\n');
    const silence = (ms: number) => new Promise<void>(done => systemClock.after(ms, done));
    await silence(30); // the module measures it: at least 20 ms on both sides
    host.write('+++');
    await silence(60);
    await host.exchange('AT\r\n', ok);
    expect(peer.links[0]).toMatchObject({ received: '', socket: { destroyed: false } });
  });
});

test('five links at once, their data interleaved', async () => {
  const { host, peer } = await joined();
  await host.exchange('AT+CIPMUX=1\r\n', ok);
  for (let link = 0; link < 5; link++)
    await host.exchange(`AT+CIPSTART=${link},"TCP","peer.example",80\r\n`, `${link},CONNECT\r\n${ok}`);
  for (let round = 0; round < 20; round++) {
    for (let link = 0; link < 5; link++) {
      const text = `round ${round} of ${link}`;
      await host.exchange(`AT+CIPSEND=${link},${text.length}\r\n`, `${ok}> `);
      await host.exchange(text, `\r\nRecv ${text.length} bytes\r\n\r\nSEND OK\r\n`);
      await peer.hears(link, text);
      peer.links[link]!.socket.write(text.toUpperCase());
      await host.expect(`\r\n+IPD,${link},${text.length}:${text.toUpperCase()}`);
    }
  }
  for (const [link, { socket }] of peer.links.entries()) {
    const closed = once(socket, 'close');
    await host.exchange(`AT+CIPCLOSE=${link}\r\n`, `${link},CLOSED\r\n${ok}`);
    await closed;
  }
});
