/**
 * From a host and a port in an AT command to a link: route → DNS → TCP → TLS → WebSocket. Owns the order, the deadline and
 * the tidying up; never decides what a failure looks like on the AT port.
 */

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { within } from './deadline.js';
import { type FaultOutcome, type FaultPoint, type LinkPoint, meetFault } from './fault.js';
import { asciiName } from './host-name.js';
import { addressesOf, routed } from './locate.js';
import { DialError, type DialOutcome, type Linked } from './outcome.js';
import type { DialPolicy } from './policy.js';
import type { NameService } from './resolve.js';
import type { Peer, Route } from './route.js';
import type { Fate } from './shaped-link.js';
import { connectFirst } from './tcp.js';
import type { startTls, TlsRequest } from './tls.js';
import { openWebSocket } from './websocket.js';

export type Transport = 'tcp' | 'tls' | 'ws' | 'wss';

export interface DialRequest {
  /** A name or an address, as the AT command has it. */
  host: string;
  port: number;
  transport: Transport;
  /** For WebSocket; a leading slash is added when missing. */
  path?: string;
  /** For `tls` and `wss`; without it the server is not verified. */
  tls?: TlsRequest;
  /** For the whole dial, in ms. */
  within?: number;
}

export interface DialEnvironment {
  routes: readonly Route[];
  policy: DialPolicy;
  clock: Clock;
  log: Log;
  /** The embedded broker, for routes to `embedded`. */
  embedded?: () => EmbeddedPeer | undefined;
  fault?: (point: FaultPoint) => FaultOutcome | undefined;
  /** What a fault may do to a link while it stands: the link, or one around it. */
  shape?: (link: Duplex, point: LinkPoint) => Duplex;
  /** The same for datagrams. */
  fate?: (point: LinkPoint) => Fate;
  names?: NameService;
}

/** Where the embedded broker listens. */
export interface EmbeddedPeer extends Peer {
  /**
   * Told before the first byte of TLS, so that it can show a certificate for a name that no SNI brings: the port that the
   * link comes from, and the name or address that the server is checked against.
   * @returns what takes it back; called at the end of the link
   */
  dialled?(localPort: number, name: string): () => void;
}

export interface Dialling {
  /** Never rejects, but for a bug. */
  done: Promise<DialOutcome>;
  /** Ends the dial with `cancelled` and releases all it holds. After `done` it does nothing. */
  cancel(): void;
}

type StartTls = typeof startTls;

/** As long as the slowest module that is known waits: 75 s. */
const defaultWithin = 75_000;

const unverified: TlsRequest = { verify: false, checkHost: false, checkExpiry: false };

export function dial(request: DialRequest, env: DialEnvironment): Dialling {
  const caller = new AbortController();
  const ms = request.within ?? defaultWithin;
  const late = new DialError('timeout', `no link to ${request.host}:${request.port} within ${ms} ms`);
  const done = within({ signal: caller.signal, clock: env.clock }, ms, late, signal =>
    new Attempt(request, env, signal).run(),
  );
  return {
    done: done.catch(notLinked),
    cancel: () => caller.abort(new DialError('cancelled', 'the dial was cancelled')),
  };
}

function notLinked(error: unknown): DialOutcome {
  if (error instanceof DialError) return { outcome: error.outcome, cause: error.cause, step: error.step };
  throw error;
}

/** One dial under way, and the socket it would leave behind. */
class Attempt {
  #socket: Socket | undefined;

  constructor(
    readonly request: DialRequest,
    readonly env: DialEnvironment,
    readonly signal: AbortSignal,
  ) {}

  async run(): Promise<Linked> {
    try {
      return await this.#link();
    } catch (error) {
      this.#socket?.destroy();
      throw error;
    }
  }

  async #link(): Promise<Linked> {
    const { host, port, transport } = this.request;
    const peer = routed(host, port, this.env);
    const addresses = await addressesOf(peer.host, { host, port, transport }, this.env, this.signal);
    const startTls = await this.#loadTls();
    const { socket, address } = await this.#connect(addresses, peer.port);
    this.#socket = socket;
    const link = this.#shape(await this.#webSocket(startTls ? await this.#tls(startTls, socket, peer) : socket));
    // The last to hear an error, so that none goes unheard while a link has no owner.
    link.on('error', error => this.env.log.debug({ error: error.message, address }, 'link failed'));
    return { outcome: 'linked', link, address, port: peer.port, reset: () => reset(socket, link) };
  }

  async #connect(addresses: readonly string[], port: number) {
    await this.#meet('tcp');
    return connectFirst(addresses, port, { signal: this.signal, clock: this.env.clock });
  }

  /** Node's TLS takes 2 MB, which a modem without TLS never spends. Loaded before there is a socket to be unheard. */
  async #loadTls(): Promise<StartTls | undefined> {
    const { transport } = this.request;
    return transport === 'tls' || transport === 'wss' ? (await import('./tls.js')).startTls : undefined;
  }

  async #tls(start: StartTls, socket: Socket, peer: EmbeddedPeer): Promise<Socket> {
    const { host, tls = unverified } = this.request;
    await this.#meet('tls');
    this.#announce(socket, peer, asciiName(tls.serverName || host) ?? '');
    return start(socket, host, tls, { signal: this.signal, clock: this.env.clock, log: this.env.log });
  }

  #announce(socket: Socket, peer: EmbeddedPeer, name: string): void {
    if (socket.localPort === undefined) return;
    const forget = peer.dialled?.(socket.localPort, name);
    if (forget) socket.once('close', forget);
  }

  async #webSocket(socket: Socket): Promise<Duplex> {
    const { transport, host, port, path } = this.request;
    if (transport === 'tcp' || transport === 'tls') return socket;
    await this.#meet('websocket');
    return openWebSocket(socket, { host, port, path, secure: transport === 'wss' }, this.signal);
  }

  #shape(link: Duplex): Duplex {
    const { host, port, transport } = this.request;
    return this.env.shape?.(link, { host, port, transport }) ?? link;
  }

  #meet(step: FaultPoint['step']): Promise<void> {
    const { host, port, transport } = this.request;
    return meetFault({ step, host, port, transport }, this.env, this.signal);
  }
}

/** The TCP socket goes first: destroying TLS or WebSocket over a live one would still say goodbye. */
function reset(socket: Socket, link: Duplex): void {
  socket.resetAndDestroy();
  link.destroy();
}
