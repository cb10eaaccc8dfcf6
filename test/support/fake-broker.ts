/**
 * A broker that does only what its test tells it to: for the answers that no decent broker gives. Packets of the client are
 * awaited in order; answers are packets or raw bytes.
 */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { generate, type Packet, parser } from 'mqtt-packet';
import { listenTcp } from './listeners.js';

type Command = Packet['cmd'];
type Of<Cmd extends Command> = Extract<Packet, { cmd: Cmd }>;

export class FakeLink {
  readonly #arrived: Packet[] = [];
  readonly #parser = parser({ protocolVersion: 4 });
  #wake: () => void = () => {};

  constructor(readonly socket: Socket) {
    this.#parser.on('packet', packet => {
      this.#arrived.push(packet);
      this.#wake();
    });
    socket.on('data', chunk => this.#parser.parse(chunk));
    socket.once('close', () => this.#wake());
  }

  /** The next packet, which must be of that kind. */
  async next<Cmd extends Command>(cmd: Cmd): Promise<Of<Cmd>> {
    while (this.#arrived.length === 0) {
      if (this.socket.destroyed) throw new Error(`expected ${cmd}, but the client closed the link`);
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    const packet = this.#arrived.shift()!;
    if (packet.cmd !== cmd) throw new Error(`expected ${cmd}, got ${JSON.stringify(packet)}`);
    return packet as Of<Cmd>;
  }

  /** All in one write, so that they come in one chunk. */
  send(...packets: (Packet | Buffer)[]): void {
    this.socket.write(Buffer.concat(packets.map(packet => (Buffer.isBuffer(packet) ? packet : generate(packet)))));
  }

  async accept(sessionPresent = false): Promise<Of<'connect'>> {
    const connect = await this.next('connect');
    this.send({ cmd: 'connack', returnCode: 0, sessionPresent });
    return connect;
  }

  /** Resolves when the client's side is closed; what is still unread does not matter. */
  async closed(): Promise<void> {
    if (!this.socket.closed) await once(this.socket, 'close').catch(() => {});
  }
}

export class FakeBroker {
  readonly #links: FakeLink[] = [];
  #wake: () => void = () => {};

  private constructor(readonly port: number) {}

  static async start(): Promise<FakeBroker> {
    let broker: FakeBroker | undefined;
    const port = await listenTcp(socket => broker?.accept(socket));
    broker = new FakeBroker(port);
    return broker;
  }

  /** The next client that dials. */
  async link(): Promise<FakeLink> {
    while (this.#links.length === 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
    return this.#links.shift()!;
  }

  private accept(socket: Socket): void {
    this.#links.push(new FakeLink(socket));
    this.#wake();
  }
}
