/** A module's socket with the test as its world: real peers on loopback, time by hand, everything it tells remembered. */
import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { Signal } from '../../../src/base/signal.js';
import { type DialEnvironment, dial } from '../../../src/net/dial.js';
import { locate } from '../../../src/net/locate.js';
import { parseRoute } from '../../../src/net/route.js';
import { ModuleSocket } from '../../../src/sockets/module-socket.js';
import type { SocketRequest } from '../../../src/sockets/opening.js';
import { listenTcp } from '../../support/listeners.js';
import { recordingLog } from '../../support/log.js';
import { eventually } from '../../support/patience.js';

export const request = (port: number, more: Partial<SocketRequest> = {}): SocketRequest => ({
  kind: 'tcp',
  host: '127.0.0.1',
  port,
  local: 0,
  mode: 'fixed',
  keepalive: 0,
  tls: undefined,
  within: undefined,
  ...more,
});

export class SocketUnderTest {
  readonly clock = new ManualClock();
  readonly log = recordingLog();
  readonly socket: ModuleSocket;
  readonly told = new Signal<void>();
  readonly losses: string[] = [];
  received = '';
  senders: string[] = [];

  constructor({ openAddress = '127.0.0.1', routes = [] as string[] } = {}) {
    const { clock, log } = this;
    const env: DialEnvironment = { routes: routes.map(parseRoute), policy: 'any', clock, log };
    this.socket = new ModuleSocket({
      clock,
      log,
      dial: dialled => dial(dialled, env),
      locate: (host, port, signal) => locate(host, port, env, signal),
      openAddress,
    });
    this.socket.arrived.on(({ bytes, address, port }) => {
      this.received += bytes.toString('latin1');
      this.senders.push(`${address}:${port}`);
      this.told.emit();
    });
    this.socket.lost.on(cause => {
      this.losses.push(cause);
      this.told.emit();
    });
    onTestFinished(() => this.socket.destroy());
  }

  until(holds: () => boolean): Promise<boolean> {
    return eventually(holds, this.told);
  }
}

/** A TCP peer that hands out its links in the order they came. */
export async function tcpPeer(): Promise<{ port: number; next(): Promise<Socket> }> {
  const came = new Signal<void>();
  const links: Socket[] = [];
  const port = await listenTcp(link => {
    links.push(link);
    came.emit();
  });
  const next = async () => {
    if (!(await eventually(() => links.length > 0, came))) throw new Error('no link came');
    return links.shift()!;
  };
  return { port, next };
}

export async function textFrom(link: Socket, length: number): Promise<string> {
  let text = '';
  while (text.length < length) text += String((await once(link, 'data'))[0]);
  return text;
}

export async function callerAt(port: number): Promise<Socket> {
  const caller = connect(port, '127.0.0.1');
  caller.on('error', () => {});
  onTestFinished(() => void caller.destroy());
  await once(caller, 'connect');
  return caller;
}

export async function udpPeer(): Promise<{ socket: DatagramSocket; port: number }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  return { socket, port: socket.address().port };
}
