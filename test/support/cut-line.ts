/**
 * A line to the broker that can be cut right behind a packet of one kind: for what must survive a loss at exactly that
 * point. Before a cut everything passes; after it nothing does, either way, until the line is mended.
 */
import { connect, createServer, type Socket } from 'node:net';
import mqttPacket, { type Packet } from 'mqtt-packet';
import { Signal } from '../../src/base/signal.js';
import { within } from './patience.js';
import { type Address, type End, Listener, relay, reset } from './sockets.js';

export type Side = 'modem' | 'broker';

/** `next` waits for the packet, `cut` holds back what comes behind it. */
interface Cut {
  side: Side;
  cmd: Packet['cmd'];
  state: 'next' | 'cut';
}

export class CutLine {
  readonly #modems = new Set<End>();
  readonly #held = new Signal<void>();
  #cut: Cut | undefined;

  private constructor(
    private readonly broker: Address,
    private readonly listener: Listener,
  ) {
    listener.server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  static async start(broker: Address): Promise<CutLine> {
    return new CutLine(broker, await Listener.start(createServer({ allowHalfOpen: true })));
  }

  get address(): Address {
    return this.listener.address;
  }

  /** Resolves when the other side has answered the packet: it got that one, and its answer is lost. */
  cutAfter(side: Side, cmd: Packet['cmd']): Promise<void> {
    this.#cut = { side, cmd, state: 'next' };
    const answered = new Promise<void>(resolve => {
      const off = this.#held.on(() => {
        off();
        resolve();
      });
    });
    return within(10_000, () => `no ${cmd} of the ${side}, or no answer to it`, answered);
  }

  /** The modem's links are reset; new ones pass everything. */
  mend(): void {
    for (const modem of this.#modems) reset(modem);
    this.#cut = undefined;
  }

  async stop(): Promise<void> {
    await this.listener.stop();
  }

  #accept(socket: Socket): void {
    const upstream = connect({ ...this.broker, allowHalfOpen: true, noDelay: true });
    const modem = { stream: socket, tcp: socket };
    this.#modems.add(modem);
    socket.on('close', () => {
      this.#modems.delete(modem);
      upstream.destroy();
    });
    relay(modem, { stream: upstream, tcp: upstream }, pass => this.#pass(pass));
    // Behind the relay: the packet itself has passed when it is seen here.
    this.#watch(socket, 'modem');
    this.#watch(upstream, 'broker');
  }

  #pass(pass: () => void): void {
    if (this.#cut?.state === 'cut') this.#held.emit();
    else pass();
  }

  #watch(socket: Socket, side: Side): void {
    const parser = mqttPacket.parser();
    parser.on('packet', ({ cmd }) => {
      if (this.#cut?.side === side && this.#cut.cmd === cmd) this.#cut.state = 'cut';
    });
    socket.on('data', (chunk: Buffer) => void parser.parse(chunk));
  }
}
