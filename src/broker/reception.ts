/**
 * From an accepted socket to the link over which MQTT is spoken. One port serves all: the first byte tells TLS and WebSocket
 * from MQTT, and inside TLS once more. Owns the order of the layers and what a stranger may cost until then: its silence, the
 * time of its handshakes, and how many of these are under way.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.js';
import { DropLog } from '../base/drop-log.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { type ClientTransport, peerOf } from './client-link.js';
import { DialledNames } from './dialled-names.js';
import { type Opening, opening } from './first-byte.js';
import type { TlsAcceptor } from './tls.js';
import type { WebSocketAcceptor } from './websocket.js';

export interface ReceptionLimits {
  /** How long a client may say nothing, once connected and once within TLS, in ms. */
  silence: number;
  /** How long a TLS or a WebSocket handshake may take, in ms. */
  handshake: number;
  /** TLS and WebSocket handshakes at once. */
  handshakes: number;
  /** Bytes of one WebSocket message; a client may put many packets into one. */
  message: number;
  /** Names whose certificates are kept ready. */
  certificates: number;
}

export const defaultReceptionLimits: ReceptionLimits = {
  // As long as aedes waits for CONNECT: a host may open the link by one AT command, and send CONNECT by the next.
  silence: 30_000,
  handshake: 15_000,
  handshakes: 1024,
  message: 4 * 1024 * 1024,
  certificates: 256,
};

export interface ReceptionOptions {
  /** Folder of the CA that certifies the broker. */
  ca: string | undefined;
  limits: ReceptionLimits;
  clock: Clock;
  log: Log;
}

/** A client that is about to speak MQTT. */
export interface Arrival {
  stream: Duplex;
  transport: ClientTransport;
}

export class Reception {
  readonly dialled = new DialledNames();
  readonly #options: ReceptionOptions;
  readonly #tooMany: DropLog;
  readonly #unserved: DropLog;
  #underWay = 0;
  #tls: Promise<TlsAcceptor> | undefined;
  #webSocket: Promise<WebSocketAcceptor> | undefined;

  constructor(options: ReceptionOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#tooMany = new DropLog('too many handshakes with the embedded broker at once, one was cut off', clock, log);
    this.#unserved = new DropLog('the embedded broker could not serve a client', clock, log);
  }

  /** Undefined where the socket ended, or was cut off, before it came to MQTT. Never rejects. */
  async receive(socket: Socket): Promise<Arrival | undefined> {
    socket.on('error', error => this.#options.log.debug({ error: error.message }, 'broker socket'));
    try {
      return await this.#layers(socket);
    } catch (error) {
      socket.destroy();
      this.#unserved.add({ peer: peerOf(socket), cause: causeOf(error) });
      return undefined;
    }
  }

  async #layers(socket: Socket): Promise<Arrival | undefined> {
    const outer = await this.#opening(socket, socket);
    const secure = outer === 'tls' ? await this.#handshake(socket, () => this.#overTls(socket)) : undefined;
    const inner = secure ? await this.#opening(socket, secure) : outer;
    const stream = secure ?? socket;
    switch (inner) {
      case 'mqtt':
        return { stream, transport: secure ? 'tls' : 'tcp' };
      case 'http': {
        const link = await this.#handshake(socket, () => this.#overWebSocket(stream));
        return link && { stream: link, transport: secure ? 'wss' : 'ws' };
      }
      case 'tls': // whose handshake failed, or within TLS
      case 'none':
        socket.destroy();
        return undefined;
    }
  }

  async #overTls(socket: Socket) {
    const { ca, limits, clock, log } = this.#options;
    this.#tls ??= import('./tls.js').then(
      ({ TlsAcceptor }) => new TlsAcceptor({ ca, certificates: limits.certificates, clock, log }),
    );
    const dialled = this.dialled.take(socket.remotePort);
    return (await this.#tls).accept(socket, dialled);
  }

  async #overWebSocket(stream: Duplex) {
    const { limits, log } = this.#options;
    this.#webSocket ??= import('./websocket.js').then(
      ({ WebSocketAcceptor }) => new WebSocketAcceptor(limits.message, log),
    );
    return (await this.#webSocket).accept(stream);
  }

  #opening(socket: Socket, stream: Duplex): Promise<Opening> {
    return this.#within(this.#options.limits.silence, socket, 'nothing was said', () => opening(stream));
  }

  /** Undefined also where there are too many of them. */
  async #handshake<T>(socket: Socket, work: () => Promise<T | undefined>): Promise<T | undefined> {
    const { handshakes, handshake } = this.#options.limits;
    if (this.#underWay >= handshakes) {
      this.#tooMany.add({ limit: handshakes });
      socket.destroy();
      return undefined;
    }
    this.#underWay += 1;
    try {
      return await this.#within(handshake, socket, 'the handshake did not end', work);
    } finally {
      this.#underWay -= 1;
    }
  }

  /** The work must end where the socket is closed, for so it is when its time is up. */
  async #within<T>(ms: number, socket: Socket, what: string, work: () => Promise<T>): Promise<T> {
    const timer = this.#options.clock.after(ms, () => {
      this.#options.log.debug({ peer: peerOf(socket), ms }, `a connection to the broker was cut off: ${what}`);
      socket.destroy();
    });
    try {
      return await work();
    } finally {
      timer.cancel();
    }
  }
}

/** What the operator can mend, in words; a bug with its stack. */
const causeOf = (error: unknown): string =>
  error instanceof OperatorError ? error.message : error instanceof Error ? `${error.stack}` : String(error);
