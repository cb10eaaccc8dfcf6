/**
 * A port that listens on a socket: one DTE at a time may call. It owns the listening socket and the one connection; it never
 * waits for a DTE that does not read, and never answers a second one. Where it listens is its children's.
 */
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Port, PortEvents } from './port.js';
import { StreamOutput, type Totals } from './stream-output.js';

/** A DTE whose machine vanished is noticed after this, plus the ten probes of libuv. */
const keepAliveAfter = 30_000;
/** How long a closing port waits until the DTE has read its last bytes. */
const farewell = 200;

export interface ListeningPortOptions {
  spec: string;
  clock: Clock;
  log: Log;
}

/** The DTE of the moment. */
interface Caller {
  socket: Socket;
  output: StreamOutput;
  refused: number;
}

export abstract class ListeningPort implements Port {
  readonly spec: string;
  protected readonly log: Log;
  readonly #clock: Clock;
  readonly #totals: Totals = { delivered: 0, dropped: 0 };
  #server: Server | undefined;
  #events: PortEvents | undefined;
  #caller: Caller | undefined;
  #isHeld = false;
  #closing: Promise<void> | undefined;

  constructor({ spec, clock, log }: ListeningPortOptions) {
    this.spec = spec;
    this.log = log;
    this.#clock = clock;
  }

  abstract get path(): string;

  /** Begins to listen. Rejects with an OperatorError. */
  protected abstract listen(server: Server): Promise<void>;

  /** Who called, for the log. */
  protected abstract nameOf(socket: Socket): string;

  get isAttached(): boolean {
    return this.#caller !== undefined;
  }

  get queued(): number {
    return this.#caller?.output.queued ?? 0;
  }

  get delivered(): number {
    return this.#totals.delivered;
  }

  get dropped(): number {
    return this.#totals.dropped;
  }

  async open(events: PortEvents): Promise<void> {
    if (this.#server) throw new Error(`${this.spec} was opened before`);
    this.#events = events;
    const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveAfter });
    this.#server = server;
    await this.listen(server);
    server.on('error', reason => this.#events?.lost(reason));
    server.on('connection', socket => this.#called(socket));
  }

  write(bytes: Buffer): void {
    if (this.#caller) this.#caller.output.write(bytes);
    else this.#totals.dropped += bytes.length;
  }

  discard(): void {
    this.#caller?.output.discard();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (isHeld) this.#caller?.socket.pause();
    else this.#caller?.socket.resume();
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #called(socket: Socket): void {
    socket.on('error', error => this.log.debug({ port: this.path, error: error.message }, 'DTE connection failed'));
    if (this.#caller || this.#closing) this.#refuse(socket);
    else this.#accept(socket);
  }

  #accept(socket: Socket): void {
    const caller: Caller = { socket, output: this.#outputOf(socket), refused: 0 };
    this.#caller = caller;
    socket.on('data', chunk => this.#isCurrent(caller) && this.#events?.bytes(chunk));
    socket.on('end', () => this.#left(caller));
    socket.on('close', () => this.#left(caller));
    if (this.#isHeld) socket.pause();
    this.#events?.attached();
  }

  /** One warning a DTE: a caller that tries again for ever must not fill the log. */
  #refuse(socket: Socket): void {
    const from = this.nameOf(socket);
    const level = this.#caller?.refused === 0 ? 'warn' : 'debug';
    if (this.#caller) this.#caller.refused++;
    this.log[level]({ port: this.path, from }, 'second DTE refused: the port is in use');
    socket.destroy();
  }

  #left(caller: Caller): void {
    if (!this.#isCurrent(caller)) return;
    caller.output.end();
    this.#caller = undefined;
    this.#events?.detached();
  }

  #isCurrent(caller: Caller): boolean {
    return this.#caller === caller;
  }

  #outputOf(socket: Socket): StreamOutput {
    return new StreamOutput(socket, this.#totals, {
      drained: () => this.#events?.drained(),
      overflow: () => this.log.warn({ port: this.path, queued: this.queued }, 'the DTE does not read: dropping output'),
    });
  }

  async #shutDown(): Promise<void> {
    const socket = this.#caller?.socket;
    this.#events = undefined;
    this.#caller?.output.discard();
    this.#caller = undefined;
    const server = this.#server;
    if (!server?.listening) return;
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    if (socket) {
      const timer = this.#clock.after(farewell, () => socket.destroy());
      socket.once('close', () => timer.cancel());
      socket.destroySoon();
    }
    await closed;
  }
}

/** @throws the system's error */
export async function listening(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options, resolve);
  });
  server.removeAllListeners('error');
}
