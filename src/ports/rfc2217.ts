/**
 * A serial line over TCP [RFC 2217]: the client is the DTE, and tells over Telnet what a pty cannot carry: its baud rate as
 * it changes, DTR and RTS; it is told of CTS, DSR, DCD and RI. One that negotiates nothing is a plain TCP client, whose
 * bytes pass as they are, but for 0xFF, which stands twice. Owns what waits for the client, so that nothing is ever cut
 * within an escape.
 */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { Arrival } from './arrival.js';
import { ComPort } from './com-port.js';
import { OutputQueue } from './output-queue.js';
import { type DceLines, type Port, type PortEvents, usualSpeed } from './port.js';
import { PortOver } from './port-over.js';
import { escaped, options, subnegotiation, Telnet } from './telnet.js';

export interface Rfc2217PortOptions {
  clock: Clock;
  log: Log;
}

/** A client that sets up the line and waits for each answer, in ms. One that does not is not kept waiting long. */
const setUp = { pause: 150, longest: 2000 };

/** Bytes given to the inner port at most: what it holds cannot be purged. */
const innerBound = 16 * 1024;

/** `us` is what the client may ask of the server. The modem echoes by itself. */
const policy = {
  us: [options.binary, options.echo, options.suppressGoAhead, options.comPort],
  peer: [options.binary, options.suppressGoAhead, options.comPort],
};

interface Client {
  telnet: Telnet;
  comPort: ComPort;
}

export class Rfc2217Port extends PortOver {
  readonly #log: Log;
  readonly #queue = new OutputQueue();
  readonly #arrival: Arrival;
  #events: PortEvents | undefined;
  #client: Client | undefined;
  #baud = usualSpeed;
  #lines: DceLines = { cts: false, dsr: false, dcd: false, ri: false };
  /** The modem wrote, and was not told yet that all of it is gone. */
  #owesDrained = false;
  #dropped = 0;

  /** @param inner a TCP port */
  constructor(inner: Port, { clock, log }: Rfc2217PortOptions) {
    super(inner);
    this.#log = log;
    this.#arrival = new Arrival(clock, setUp, () => this.#announce());
  }

  override get queued(): number {
    return this.#queue.size + this.inner.queued;
  }

  override get dropped(): number {
    return this.#dropped + this.inner.dropped;
  }

  async open(events: PortEvents): Promise<void> {
    this.#events = events;
    await this.inner.open({
      attached: () => this.#called(),
      detached: () => this.#left(),
      bytes: chunk => this.#client?.telnet.feed(chunk),
      drained: () => this.#innerDrained(),
      lost: reason => events.lost(reason),
    });
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    switch (this.#client ? this.#queue.push(bytes) : 'nobody') {
      case 'taken':
        this.#owesDrained = true;
        this.#pump();
        return;
      case 'overflow':
        this.#log.warn({ port: this.path, queued: this.queued }, 'the DTE does not read: dropping output');
        break;
      case 'still-overflowing':
      case 'nobody':
    }
    this.#dropped += bytes.length;
  }

  override discard(): void {
    this.#queue.clear();
  }

  override setLines(lines: DceLines): void {
    this.#lines = lines;
    this.#client?.comPort.setLines(lines);
  }

  override async close(): Promise<void> {
    this.#events = undefined;
    this.#arrival.cancel();
    while (this.#queue.size > 0 && this.inner.isAttached) this.#sendBlock();
    await this.inner.close();
  }

  // The client.

  /** Silent towards it until it asks: a plain TCP client would take a negotiation for data. */
  #called(): void {
    const telnet = new Telnet(policy, {
      data: bytes => this.#heard(bytes),
      send: bytes => this.#control(bytes),
      subnegotiation: (option, payload) => option === options.comPort && comPort.take(payload),
      agreed: option => option === options.comPort && this.#speaksComPort(),
    });
    const comPort = new ComPort(this.#baud, {
      send: payload => this.#control(subnegotiation(options.comPort, payload)),
      baud: baud => this.#setBaud(baud),
      lines: lines => !this.#arrival.isPending && this.#events?.lines?.(lines),
      purge: () => this.#purge(),
      flow: () => this.#pump(),
    });
    comPort.setLines(this.#lines);
    this.#client = { telnet, comPort };
    this.#arrival.begin();
  }

  #announce(): void {
    this.#events?.attached();
    if (this.#client) this.#events?.lines?.(this.#client.comPort.lines);
  }

  /** Its going drops what it held up, as closing a device does. One that nobody was told of leaves no trace. */
  #left(): void {
    const wasTold = !this.#arrival.cancel();
    this.#client = undefined;
    this.#dropped += this.#queue.clear();
    if (!wasTold) return;
    this.#events?.lines?.({ dtr: false, rts: false });
    this.#events?.detached();
  }

  #speaksComPort(): void {
    this.#client?.telnet.ask('us', options.binary);
    this.#client?.telnet.ask('peer', options.binary);
    this.#client?.comPort.begin();
  }

  #heard(bytes: Buffer): void {
    this.#arrival.settle();
    this.#events?.bytes(bytes);
  }

  #setBaud(baud: number): void {
    if (baud !== this.#baud) this.#log.debug({ port: this.path, baud }, 'the client sets its speed');
    this.#baud = baud;
    this.#events?.lineSpeed?.(baud);
  }

  // To the client.

  #control(bytes: Buffer): void {
    this.#arrival.stir();
    this.inner.write(bytes);
  }

  #purge(): void {
    this.#queue.clear();
    this.#tellDrained();
  }

  #innerDrained(): void {
    this.#pump();
    this.#tellDrained();
  }

  /** Answers to the client are none of the modem's. */
  #tellDrained(): void {
    if (!this.#owesDrained || this.queued > 0) return;
    this.#owesDrained = false;
    this.#events?.drained();
  }

  #pump(): void {
    if (!this.#client?.comPort.mayTransmit) return;
    while (this.#queue.size > 0 && this.inner.queued < innerBound) this.#sendBlock();
  }

  #sendBlock(): void {
    const block = this.#queue.peek();
    this.#queue.take(block.length);
    this.inner.write(escaped(block));
  }
}
