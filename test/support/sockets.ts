/** Small helpers around listening sockets and streams on loopback. */
import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Address {
  host: string;
  port: number;
}

export const loopback = '127.0.0.1';

export const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Listens on any port of loopback, and remembers its sockets so that `stop` can end them. */
export class Listener {
  readonly #sockets = new Set<Socket>();

  private constructor(readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  static async start(server: Server): Promise<Listener> {
    const listener = new Listener(server);
    server.listen(0, loopback);
    await once(server, 'listening');
    return listener;
  }

  get address(): Address {
    return { host: loopback, port: portOf(this.server) };
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

/** One end of a relay, and how it can be cut: a TLS or WebSocket stream is reset by the TCP socket under it. */
export interface End {
  stream: Duplex;
  tcp: Socket;
}

/** Passes bytes, ends and resets from one end to the other, both ways. A gate may hold them back. */
export function relay(left: End, right: End, gate: (pass: () => void) => void = pass => pass()): void {
  pour(left, right, gate);
  pour(right, left, gate);
}

function pour(from: End, to: End, gate: (pass: () => void) => void): void {
  from.stream.on('data', (chunk: Buffer) => gate(() => to.stream.writable && to.stream.write(chunk)));
  from.stream.on('end', () => gate(() => to.stream.end()));
  from.stream.on('error', () => gate(() => reset(to)));
  from.stream.on('close', () => gate(() => !to.stream.writableEnded && to.stream.destroy()));
}

export function reset({ stream, tcp }: End): void {
  tcp.resetAndDestroy();
  stream.destroy();
}
