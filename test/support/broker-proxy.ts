/**
 * Stands between the modem and the broker under test, so that links can be closed, reset and silenced. It also notes
 * which sessions were opened through it: the broker keeps them, and the next transcript must not meet them. The faults
 * are named as transcripts name them: broker closes, resets, silent, back.
 */
import { connect, createServer, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { type Address, type End, Listener, relay, reset } from './sockets.js';

interface Link {
  host: End;
  broker: End;
}

export class BrokerProxy {
  readonly #links = new Set<Link>();
  readonly #leftBehind = new Set<string>();
  /** What waits while the proxy is silent; undefined while it passes everything. */
  #held: (() => void)[] | undefined;

  private constructor(
    readonly broker: Address,
    private readonly listener: Listener,
  ) {
    listener.server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  static async start(broker: Address): Promise<BrokerProxy> {
    return new BrokerProxy(broker, await Listener.start(createServer({ allowHalfOpen: true })));
  }

  get address(): Address {
    return this.listener.address;
  }

  /** FIN on every link. What the other side still sends goes nowhere. */
  closes(): void {
    for (const { host, broker } of this.#drop()) {
      host.tcp.removeAllListeners('data').resume();
      host.tcp.end();
      broker.tcp.destroy();
    }
  }

  resets(): void {
    for (const { host, broker } of this.#drop()) {
      reset(host);
      broker.tcp.destroy();
    }
  }

  /** Nothing passes from now on, either way. */
  silent(): void {
    this.#held ??= [];
  }

  /** What was held passes now, in order. */
  back(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const pass of held) pass();
  }

  /** As new: no links, nothing held. Returns the client ids whose session or will the broker may still hold. */
  clear(): string[] {
    this.#held = undefined;
    for (const { host, broker } of this.#drop()) {
      host.tcp.destroy();
      broker.tcp.destroy();
    }
    const ids = [...this.#leftBehind];
    this.#leftBehind.clear();
    return ids;
  }

  async stop(): Promise<void> {
    this.clear();
    await this.listener.stop();
  }

  #accept(socket: Socket): void {
    const upstream = connect({ ...this.broker, allowHalfOpen: true, noDelay: true });
    upstream.on('error', () => {});
    const link: Link = { host: { stream: socket, tcp: socket }, broker: { stream: upstream, tcp: upstream } };
    this.#links.add(link);
    this.#watch(socket);
    relay(link.host, link.broker, pass => this.#gate(link, pass));
    socket.on('close', () => this.#links.delete(link));
  }

  #gate(link: Link, pass: () => void): void {
    if (!this.#links.has(link)) return;
    if (this.#held) this.#held.push(pass);
    else pass();
  }

  /** The links, which are the proxy's no longer: whatever happens to one end stays unknown to the other. */
  #drop(): Link[] {
    const links = [...this.#links];
    this.#links.clear();
    return links;
  }

  #watch(socket: Socket): void {
    const parser = mqttPacket.parser();
    const read = (chunk: Buffer) => void parser.parse(chunk);
    parser.on('packet', packet => {
      socket.off('data', read);
      if (packet.cmd === 'connect' && (!packet.clean || packet.will)) this.#leftBehind.add(packet.clientId);
    });
    parser.on('error', () => socket.off('data', read));
    socket.on('data', read);
  }
}
