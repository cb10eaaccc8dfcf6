/**
 * A peer over UDP. UDP has no links: the first datagram of a transcript counts as one that comes. The peer sends to the
 * address that sent last, and may move to another port of its own.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type ByteString, fromBuffer, visible } from '../../src/base/bytes.js';
import type { Signal } from '../../src/base/signal.js';
import { eventually, turns } from './patience.js';
import type { PeerLink } from './peer.js';
import { type Address, loopback } from './sockets.js';

export class UdpPeer implements PeerLink {
  /** Where it has moved to, the newest last. */
  #moved: Socket[] = [];
  /** Came and were not taken. */
  #datagrams: ByteString[] = [];
  #sender: RemoteInfo | undefined;

  /**
   * @param home its socket in every transcript
   * @param comes told of the first datagram
   * @param happened told of every one
   */
  private constructor(
    private readonly home: Socket,
    private readonly comes: (link: PeerLink) => void,
    private readonly happened: Signal<void>,
  ) {
    this.#listen(home);
  }

  static async start(comes: (link: PeerLink) => void, happened: Signal<void>): Promise<UdpPeer> {
    return new UdpPeer(await bound(), comes, happened);
  }

  get address(): Address {
    return { host: loopback, port: this.home.address().port };
  }

  /** Of the newest, if it has moved. */
  get port(): number {
    return this.#newest.address().port;
  }

  /** Every datagram, with the borders between them. */
  get untaken(): string | undefined {
    if (this.#datagrams.length === 0) return undefined;
    return this.#datagrams.map(datagram => visible(datagram) || '(empty)').join(' | ');
  }

  async send(datagram: Buffer): Promise<boolean> {
    const { address, port } = this.#sender ?? {};
    const error = await new Promise<Error | null>(resolve => this.#newest.send(datagram, port, address, resolve));
    return error === null;
  }

  async next(datagram: ByteString, patience: number): Promise<boolean> {
    await eventually(() => this.#datagrams.length > 0, this.happened, patience);
    if (this.#datagrams[0] !== datagram) {
      await turns(10); // the rest of what is wrong helps whoever reads the report
      return false;
    }
    this.#datagrams.shift();
    return true;
  }

  /** Sends from another port from now on. Datagrams to the old one count as well. */
  async moves(): Promise<void> {
    const socket = await bound();
    this.#listen(socket);
    this.#moved.push(socket);
  }

  /** As before the first datagram. */
  destroy(): void {
    for (const socket of this.#moved) socket.close();
    this.#moved = [];
    this.#datagrams = [];
    this.#sender = undefined;
  }

  stop(): void {
    this.destroy();
    this.home.close();
  }

  get #newest(): Socket {
    return this.#moved.at(-1) ?? this.home;
  }

  #listen(socket: Socket): void {
    socket.on('error', () => {});
    socket.on('message', (datagram, sender) => {
      const isFirst = this.#sender === undefined;
      this.#sender = sender;
      this.#datagrams.push(fromBuffer(datagram));
      if (isFirst) this.comes(this);
      this.happened.emit();
    });
  }
}

async function bound(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, loopback);
  await once(socket, 'listening');
  return socket;
}
