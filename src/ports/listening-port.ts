/**
 * A port that listens on a socket: one DTE at a time may call. It owns the listening socket and the one connection; it never
 * waits for a DTE that does not read, and never answers a second one. Where it listens is its children's.
 */
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { OutputQueue } from './output-queue.js';
import type { Port, PortEvents } from './port.js';

/** Bytes given to the socket at most; the rest waits in the port, where `discard()` still reaches it. */
const socketBound = 64 * 1024;
/** A DTE whose machine vanished is noticed after this, plus the ten probes of libuv. */
const keepAliveAfter = 30_000;
/** How long a closing port waits until the DTE has read its last bytes. */
const farewell = 200;

export interface ListeningPortOptions {
  spec: string;
  clock: Clock;
  log: Log;
}

/** The DTE of the moment, with what its socket has not yet handed to the kernel. */
interface Caller {
  socket: Socket;
  inFlight: number;
  refused: number;
}

export abstract class ListeningPort implements Port {
  readonly spec: string;
  protected readonly log: Log;
  readonly #clock: Clock;
  readonly #queue = new OutputQueue();
  #server: Server | undefined;
  #events: PortEvents | undefined;
  #caller: Caller | undefined;
  #isHeld = false;
  #closing: Promise<void> | undefined;
  #delivered = 0;
  #dropped = 0;

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
    return this.#queue.size + (this.#caller?.inFlight ?? 0);
  }

  get delivered(): number {
    return this.#delivered;
  }

  get dropped(): number {
    return this.#dropped;
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
    if (bytes.length === 0) return;
    const caller = this.#caller;
    if (!caller) this.#dropped += bytes.length;
    else if (this.#queue.size === 0 && caller.inFlight + bytes.length <= socketBound) this.#send(caller, bytes);
    else this.#enqueue(caller, bytes);
  }

  discard(): void {
    this.#queue.clear();
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
    const caller: Caller = { socket, inFlight: 0, refused: 0 };
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
    this.#dropped += this.#queue.clear() + caller.inFlight;
    this.#caller = undefined;
    this.#events?.detached();
  }

  #isCurrent(caller: Caller): boolean {
    return this.#caller === caller;
  }

  #enqueue(caller: Caller, bytes: Buffer): void {
    switch (this.#queue.push(bytes)) {
      case 'taken':
        this.#pump(caller);
        return;
      case 'overflow':
        this.log.warn({ port: this.path, queued: this.queued }, 'the DTE does not read: dropping output');
        break;
      case 'still-overflowing':
    }
    this.#dropped += bytes.length;
  }

  #pump(caller: Caller): void {
    while (this.#queue.size > 0 && caller.inFlight < socketBound) {
      const block = this.#queue.peek();
      this.#queue.take(block.length);
      this.#send(caller, block);
    }
  }

  #send(caller: Caller, bytes: Buffer): void {
    caller.inFlight += bytes.length;
    caller.socket.write(bytes, error => {
      if (error || !this.#isCurrent(caller)) return;
      caller.inFlight -= bytes.length;
      this.#delivered += bytes.length;
      this.#pump(caller);
      if (this.queued === 0) this.#events?.drained();
    });
  }

  async #shutDown(): Promise<void> {
    const socket = this.#caller?.socket;
    this.#events = undefined;
    this.#caller = undefined;
    this.#queue.clear();
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
