/**
 * One socket of a module, from the dial to the close: its state, the link while there is one, what waits in its inbox, and
 * the dialling again of a link that is to stay. How any of it looks on the AT port is not known here.
 *
 *   idle → connecting → connected → closing → idle
 *   connected → closed (by the peer, or lost) → connecting
 */
import { isIP } from 'node:net';
import type { Timer } from '../base/clock.js';
import { Signal } from '../base/signal.js';
import { DialError, type DialFailure } from '../net/outcome.js';
import type { Peer } from '../net/route.js';
import { AskedPeers } from './asked-peers.js';
import { Inbox } from './inbox.js';
import type { Arrival, Link, LinkEvents, LinkKind, LossCause } from './link.js';
import { type Opening, open, type SocketEnvironment, type SocketRequest } from './opening.js';

export type SocketState = 'idle' | 'connecting' | 'connected' | 'closing' | 'closed';

export type OpenResult =
  | { outcome: 'connected' }
  | { outcome: 'already' | 'port-taken' | 'lost' | DialFailure; cause: string };

export type SendOutcome = 'sent' | 'lost' | 'not-open' | DialFailure;

/** Why the link is not being read: the host is slow, or the inbox is full. */
type Hold = 'host' | 'window';

/** Bytes of one link since it was opened. */
export interface Traffic {
  sent: number;
  received: number;
  /** Of those received, how many the host has fetched. */
  read: number;
}

/** A dial under way, and what its caller is told instead when it is given up. */
interface Attempt {
  opening: Opening;
  givenUp?: OpenResult;
}

export class ModuleSocket {
  /** There is a link. */
  readonly opened = new Signal<void>();
  /** There is none any more, whoever ended it. */
  readonly ended = new Signal<void>();
  readonly arrived = new Signal<Arrival>();
  /** Of what arrived before, the part that the window had no room for. */
  readonly refilled = new Signal<Arrival>();
  /** Each write of the host, whole. */
  readonly sent = new Signal<Buffer>();
  /** All that was sent is with the system. */
  readonly drained = new Signal<void>();
  /** Not for a link that this side closed, nor for one that is dialled again. */
  readonly lost = new Signal<LossCause>();
  readonly inbox = new Inbox();
  traffic: Traffic = { sent: 0, received: 0, read: 0 };
  role: 'client' | 'server' = 'client';
  readonly #env: SocketEnvironment;
  readonly #holds = new Set<Hold>();
  /** What came with a read that was larger than the window. */
  #beyond: Arrival[] = [];
  #state: SocketState = 'idle';
  #request: SocketRequest | undefined;
  /** Whose events count: the link's of now. */
  #listening: symbol | undefined;
  #attempt: Attempt | undefined;
  #link: Link | undefined;
  /** Where the link was dialled to; a UDP link may have come by another peer since. */
  #dialled: Peer | undefined;
  /** Others that datagrams were sent to. */
  readonly #others = new AskedPeers();
  /** Milliseconds between the tries of a link that is dialled again when it is lost. */
  #again: number | undefined;
  #retry: Timer | undefined;
  #idleWatch: Timer | undefined;
  #busyAt = 0;

  constructor(env: SocketEnvironment) {
    this.#env = env;
  }

  get state(): SocketState {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#state !== 'idle' && this.#state !== 'closed';
  }

  get kind(): LinkKind | undefined {
    return this.#link?.kind ?? this.#request?.kind;
  }

  /** Of the peer: an address that the host named itself stands, wherever a route leads it. UDP may be without one. */
  get peer(): Peer | undefined {
    if (!this.#link || this.#link.address === '') return undefined;
    return this.#shown({ host: this.#link.address, port: this.#link.port });
  }

  get localPort(): number {
    return this.#link?.local ?? this.#request?.local ?? 0;
  }

  get queued(): number {
    return this.#link?.queued ?? 0;
  }

  /** What was asked for, before routes. */
  get request(): SocketRequest | undefined {
    return this.#request;
  }

  async open(request: SocketRequest): Promise<OpenResult> {
    if (this.isOpen) return { outcome: 'already', cause: `the socket is ${this.#state}` };
    this.#begin(request, 'client');
    return this.#dial(request);
  }

  /** Dials now, and again every `every` ms as long as there is no link, until the socket is closed. */
  persist(request: SocketRequest, every: number): void {
    if (this.isOpen) return;
    this.#begin(request, 'client');
    this.#state = 'connecting';
    this.#again = every;
    void this.#tryAgain();
  }

  /** From now on (or no longer, with undefined) a link that is lost is dialled again, and nobody is told. */
  keep(every: number | undefined): void {
    this.#again = every;
    if (every === undefined) this.#giveUpRetry();
    else if (this.#state === 'closed') {
      this.#state = 'connecting';
      void this.#tryAgain();
    }
  }

  /** A caller of the module's own server. @param idle asked for the silence, in ms, after which it is cut; 0: never */
  accept(link: (events: LinkEvents) => Link, idle: () => number): void {
    this.#begin(undefined, 'server');
    this.#connected(link(this.#linkEvents()));
    this.#watchIdle(idle);
  }

  /** Done when the system has the bytes. @param to another peer than the link's, for this datagram */
  async send(bytes: Buffer, to?: Peer): Promise<SendOutcome> {
    if (this.#state !== 'connected' || !this.#link) return 'not-open';
    this.traffic.sent += bytes.length;
    this.#busyAt = this.#env.clock.now();
    const link = this.#link;
    this.sent.emit(bytes);
    if (!to) return link.send(bytes);
    try {
      const { addresses, port } = await this.#env.locate(to.host, to.port, new AbortController().signal);
      const real = { host: addresses[0]!, port };
      this.#others.remember(to, real);
      return await link.send(bytes, real);
    } catch (error) {
      if (error instanceof DialError) return error.outcome;
      throw error;
    }
  }

  /**
   * Bytes that the host fetches by itself: past `window` the peer waits. A stream is read in larger pieces than some windows:
   * what is beyond stays back, and comes as `refilled` once all before it was fetched.
   * @returns how many of them wait to be fetched now
   */
  store(arrival: Arrival, window: number): number {
    const { bytes } = arrival;
    const room = this.#room(arrival, window);
    const stored = bytes.subarray(0, room);
    if (stored.length > 0) this.inbox.put({ ...arrival, bytes: stored });
    if (stored.length < bytes.length) this.#beyond.push({ ...arrival, bytes: bytes.subarray(room) });
    if (this.inbox.bytes >= window) this.hold('window');
    return stored.length;
  }

  #room({ bytes }: Arrival, window: number): number {
    if (this.kind === 'udp') return bytes.length;
    return this.#beyond.length > 0 ? 0 : Math.max(0, window - this.inbox.bytes);
  }

  read(length: number): Arrival | undefined {
    const taken = this.inbox.take(length, this.kind === 'udp' ? 'datagrams' : 'stream');
    if (taken) this.traffic.read += taken.bytes.length;
    // Only once all is fetched: a window that opens byte by byte would make the peer send such packets.
    if (this.inbox.bytes === 0) this.#openWindow();
    return taken;
  }

  #openWindow(): void {
    if (this.#beyond.length === 0) return this.release('window');
    // In a later turn: the host is told of the next only after it has its answer.
    this.#env.clock.soon(() => {
      for (const arrival of this.#beyond.splice(0)) this.refilled.emit(arrival);
      if (this.inbox.bytes === 0) this.release('window');
    });
  }

  hold(why: Hold): void {
    this.#holds.add(why);
    this.#link?.pause();
  }

  release(why: Hold): void {
    if (this.#holds.delete(why) && this.#holds.size === 0) this.#link?.resume();
  }

  /** In order. A dial under way ends as `cancelled`; what waits is thrown away, as the last of a link that the peer closed. */
  async close(): Promise<'closed' | 'not-open'> {
    const link = this.#link;
    const isThere = this.isOpen || this.inbox.bytes > 0;
    this.#forget();
    if (!isThere) {
      this.#state = 'idle';
      return 'not-open';
    }
    this.#state = 'closing';
    await link?.close();
    if (this.#state === 'closing') this.#state = 'idle';
    return 'closed';
  }

  /** A power cut: RST, and nothing is remembered or told. */
  destroy(): void {
    const link = this.#link;
    this.#forget();
    this.#state = 'idle';
    link?.reset();
  }

  /** The network went away under the link. */
  drop(): void {
    if (this.#state === 'idle' || this.#state === 'closed') return;
    if (this.#giveUp({ outcome: 'lost', cause: 'the network is gone' })) {
      this.#state = 'closed';
      return;
    }
    if (!this.#link) return;
    this.#link.reset();
    this.#lose('network');
  }

  #begin(request: SocketRequest | undefined, role: ModuleSocket['role']): void {
    this.#request = request;
    this.role = role;
    this.inbox.clear();
    this.#beyond = [];
    this.#holds.delete('window');
    this.traffic = { sent: 0, received: 0, read: 0 };
    this.#others.clear();
  }

  async #dial(request: SocketRequest): Promise<OpenResult> {
    this.#state = 'connecting';
    const attempt: Attempt = { opening: open(request, this.#env, this.#linkEvents()) };
    this.#attempt = attempt;
    const opened = await attempt.opening.done;
    if (attempt.givenUp) {
      if ('link' in opened) opened.link.reset();
      return attempt.givenUp;
    }
    this.#attempt = undefined;
    if (!('link' in opened)) {
      this.#state = 'closed';
      return opened;
    }
    this.#connected(opened.link);
    return { outcome: 'connected' };
  }

  /** Ends a dial under way; whether there was one. */
  #giveUp(instead: OpenResult): boolean {
    if (!this.#attempt) return false;
    this.#attempt.givenUp = instead;
    this.#attempt.opening.cancel();
    this.#attempt = undefined;
    return true;
  }

  #connected(link: Link): void {
    this.#link = link;
    this.#dialled = { host: link.address, port: link.port };
    this.#state = 'connected';
    this.#busyAt = this.#env.clock.now();
    if (this.#holds.size > 0) link.pause();
    this.opened.emit();
  }

  /** Those of a former link are not heard. */
  #linkEvents(): LinkEvents {
    const own = Symbol('link');
    this.#listening = own;
    const isHeard = () => this.#listening === own;
    return {
      arrived: arrival => isHeard() && this.#arrived(arrival),
      drained: () => isHeard() && this.drained.emit(),
      lost: cause => isHeard() && this.#lose(cause),
    };
  }

  #arrived(arrival: Arrival): void {
    this.traffic.received += arrival.bytes.length;
    this.#busyAt = this.#env.clock.now();
    const sender = this.#shown({ host: arrival.address, port: arrival.port });
    this.arrived.emit({ bytes: arrival.bytes, address: sender.host, port: sender.port });
  }

  #shown(real: Peer): Peer {
    const { host, port } = this.#dialled ?? real;
    if (!this.#request || real.host !== host || real.port !== port) return this.#others.named(real);
    return { host: isIP(this.#request.host) === 0 ? real.host : this.#request.host, port: this.#request.port };
  }

  #lose(cause: LossCause): void {
    this.#unlink();
    this.#idleWatch?.cancel();
    this.#state = 'closed';
    if (this.#again === undefined || !this.#request) return this.lost.emit(cause);
    this.#state = 'connecting';
    void this.#tryAgain();
  }

  #unlink(): void {
    const wasLinked = this.#link !== undefined;
    this.#link = undefined;
    this.#listening = undefined;
    if (wasLinked) this.ended.emit();
  }

  async #tryAgain(): Promise<void> {
    this.#retry = undefined;
    const result = await this.#dial(this.#request!);
    if (result.outcome === 'connected' || result.outcome === 'cancelled') return;
    const every = this.#again;
    if (every === undefined || this.#state !== 'closed') return;
    this.#state = 'connecting';
    this.#retry = this.#env.clock.after(every, () => void this.#tryAgain());
  }

  #giveUpRetry(): void {
    if (!this.#retry) return;
    this.#retry.cancel();
    this.#retry = undefined;
    this.#state = 'closed';
  }

  #forget(): void {
    this.#again = undefined;
    this.#giveUpRetry();
    this.#idleWatch?.cancel();
    this.#giveUp({ outcome: 'cancelled', cause: 'closed meanwhile' });
    this.#unlink();
    this.inbox.clear();
    this.#beyond = [];
  }

  /** Looks again when the silence could be over at the earliest: no timer is set for a byte that passes. */
  #watchIdle(idle: () => number): void {
    this.#idleWatch?.cancel();
    const { clock } = this.#env;
    const limit = idle();
    const left = limit - (clock.now() - this.#busyAt);
    if (limit > 0 && left <= 0) {
      void this.#link?.close();
      return this.#lose('idle');
    }
    this.#idleWatch = clock.after(limit > 0 ? left : 1000, () => this.#watchIdle(idle));
  }
}
