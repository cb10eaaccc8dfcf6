/**
 * The sockets of a modem, made when first named, and its servers. Owns what lies around each: who opened it, what the host
 * called it, and how what comes on it reaches the dialect's rules, or the port in online data state.
 */
import type { Socket } from 'node:net';
import { type ByteString, fromBuffer } from '../base/bytes.js';
import { DropLog } from '../base/drop-log.js';
import type { Result } from '../grammar/exchange.js';
import { textOf } from '../grammar/values.js';
import { type DialEnvironment, dial } from '../net/dial.js';
import { type ListenPlace, type ListenRule, openAddress } from '../net/listen.js';
import { locate } from '../net/locate.js';
import { DialError } from '../net/outcome.js';
import type { Stream } from '../net/shaped-link.js';
import type { Arrival, LossCause } from '../sockets/link.js';
import { ModuleSocket } from '../sockets/module-socket.js';
import type { SocketEnvironment } from '../sockets/opening.js';
import { StreamLink } from '../sockets/stream-link.js';
import { isOn } from './argument-values.js';
import type { Channel } from './channel.js';
import { linksChanged } from './ip-links.js';
import { inspectLinks } from './link-inspection.js';
import type { Modem } from './modem.js';
import type { OnlineState } from './online-state.js';
import { nameOf, type ServerRequest, Servers } from './servers.js';

export interface LinkSlot {
  readonly index: number;
  readonly socket: ModuleSocket;
  /** The channel that opened it: its URCs go there. */
  owner: Channel | undefined;
  /** What the open named, as the host wrote it; the address of a caller. */
  host: ByteString;
  /** The PDP context it goes through, where its dialect says: it ends with that one. */
  cid: number | undefined;
  /** The server that it called; undefined for a link that the module dialled. */
  server: ServerRequest | undefined;
  /** While port and link are one. */
  online: OnlineState | undefined;
}

export class Links {
  readonly #slots = new Map<number, LinkSlot>();
  readonly servers: Servers;
  /** Done when the links that were given up at once are closed, and so free again. */
  ending: Promise<unknown> = Promise.resolve();
  readonly #env: SocketEnvironment;
  readonly #turnedAway: DropLog;

  constructor(
    readonly modem: Modem,
    readonly dialling: () => DialEnvironment,
    rules: readonly ListenRule[],
  ) {
    const noLink = 'no link is free for a caller of the module’s server: refused';
    this.#turnedAway = new DropLog(noLink, modem.clock, modem.log);
    this.servers = new Servers(rules, modem.log, (caller, server) => this.#called(caller, server));
    this.#env = {
      clock: modem.clock,
      log: modem.log,
      dial: request => (modem.surroundings.isOnline ? dial(request, dialling()) : offline),
      locate: async (host, port, signal) => {
        if (!modem.surroundings.isOnline) throw new DialError('unreachable', 'there is no network');
        return locate(host, port, dialling(), signal);
      },
      fate: (host, port) => dialling().fate?.({ host, port, transport: 'udp' }),
      openAddress: openAddress(rules),
    };
  }

  /** Those that the dialect's commands can name. */
  get indexes(): number[] {
    const { from, to } = this.modem.dialect.addresses.get('link') ?? { from: 0, to: 0 };
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }

  /** The one that a command means which names none. */
  get first(): number {
    return this.modem.dialect.addresses.get('link')?.from ?? 0;
  }

  /** Those that were named since power-on. */
  get named(): LinkSlot[] {
    return [...this.#slots.values()];
  }

  /** Those of a second set too, which lists of facts leave out. */
  get open(): LinkSlot[] {
    return [...this.#slots.values()].filter(({ socket }) => socket.isOpen).sort((a, b) => a.index - b.index);
  }

  /** The links of the module's servers; of one of them, where its number is said. */
  callers(server?: number): LinkSlot[] {
    return this.open.filter(slot => slot.server && (server === undefined || nameOf(slot.server) === server));
  }

  /** The lowest that can be opened. */
  get free(): number | undefined {
    return this.indexes.find(index => this.#isFree(index));
  }

  /** Does a server hold it, or is it open? */
  isBusy(index: number): boolean {
    return this.#slots.get(index)?.socket.isOpen === true || this.servers.holding(index) !== undefined;
  }

  /** The PDP context that it goes through, as the command named it that opened it or let a server hold it. */
  cidOf(index: number): number | undefined {
    return this.#slots.get(index)?.cid;
  }

  /** Whose command opened it. */
  ownerOf(index: number): Channel | undefined {
    return this.#slots.get(index)?.owner;
  }

  ifAny(index: number): LinkSlot | undefined {
    return this.#slots.get(index);
  }

  of(index: number): LinkSlot {
    return this.#slots.get(index) ?? this.#make(index);
  }

  /** @param named what its command says of it besides the port */
  listen(
    port: number,
    most: number,
    owner: Channel | undefined,
    named: Pick<ServerRequest, 'number' | 'link' | 'cid'> = {},
  ): Promise<Result> {
    const { link, cid } = named;
    if (link !== undefined) Object.assign(this.of(link), { owner, cid, server: undefined });
    return this.servers.listen({ port, most, owner, ...named });
  }

  /** Links of its callers stay. */
  unlisten(port?: number): 'done' | 'not-open' {
    return this.servers.close(server => port === undefined || server.port === port).length > 0 ? 'done' : 'not-open';
  }

  /** Where callers find the server that listens at this port of the AT command. */
  listeningAt(port: number): ListenPlace | undefined {
    return this.servers.placeOf(port);
  }

  /** The network went away under all of them, or one PDP context under those that go through it. */
  drop(why: string, cid?: number): void {
    for (const { socket, ...slot } of this.open) {
      if (cid !== undefined && slot.cid !== cid) continue;
      this.modem.log.debug({ why, link: slot.index }, 'the network is gone: the link is lost');
      socket.drop();
    }
    if (cid === undefined) return;
    for (const { link, owner } of this.servers.close(server => server.cid === cid))
      if (link !== undefined) this.modem.event('socket.closed', { cause: 'network' }, { link }, owner);
  }

  /** The host gave all links up at once: nobody is told of each. */
  shut(): void {
    this.ending = Promise.all(this.open.map(slot => this.hangUp(slot)));
  }

  /** In order, by the host. A port that is online on it, not the one that says so, is back in command state. */
  hangUp({ socket, online }: LinkSlot): Promise<'closed' | 'not-open'> {
    online?.linkLost();
    return socket.close();
  }

  /** Stops reading the network, or goes on. */
  hold(isHeld: boolean): void {
    for (const { socket } of this.#slots.values()) {
      if (isHeld) socket.hold('host');
      else socket.release('host');
    }
  }

  /** A power cut. */
  destroy(): void {
    this.unlisten();
    for (const { socket } of this.#slots.values()) socket.destroy();
    this.#slots.clear();
  }

  async close(): Promise<void> {
    this.unlisten();
    await Promise.all(this.open.map(({ socket }) => socket.close()));
  }

  #make(index: number): LinkSlot {
    const { modem } = this;
    const socket = new ModuleSocket(this.#env);
    const parts = { owner: undefined, host: '', cid: undefined, server: undefined, online: undefined };
    const slot: LinkSlot = { index, socket, ...parts };
    inspectLinks(modem, slot);
    socket.arrived.on(arrival => this.#arrived(slot, arrival));
    socket.refilled.on(arrival => this.#arrived(slot, arrival));
    socket.drained.on(() => slot.online?.drained());
    socket.lost.on(cause => this.#lost(slot, cause));
    if (modem.holdsNetwork) socket.hold('host');
    this.#slots.set(index, slot);
    return slot;
  }

  #called(caller: Socket, server: ServerRequest): void {
    const { modem } = this;
    const { owner, most, cid } = server;
    const [address, port] = [caller.remoteAddress ?? '', caller.remotePort ?? 0];
    const callers = this.open.filter(slot => slot.server === server).length;
    const place = this.#placeOfCaller;
    if (place === undefined || callers >= most) {
      this.#turnedAway.add({ callers, most });
      // In a later turn: who calls has its link before it loses it, as over a network that takes time.
      modem.clock.soon(() => caller.resetAndDestroy());
      return modem.event('socket.refused', { address, port, server: nameOf(server) }, {}, owner);
    }
    const slot = this.of(place);
    Object.assign(slot, { owner, host: address, cid, server });
    const shaped = this.dialling().shape?.(caller, { host: address, port, transport: 'tcp' });
    const stream = (shaped ?? caller) as Stream;
    const reset = () => {
      caller.resetAndDestroy();
      stream.destroy();
    };
    slot.socket.accept(
      events => new StreamLink({ kind: 'tcp', stream, address, port, reset, clock: modem.clock }, events),
      () => this.#rule('idle', place) * 1000,
    );
    modem.event('socket.accepted', { address, port, server: nameOf(server) }, { link: place }, owner);
  }

  get #placeOfCaller(): number | undefined {
    const { callers } = this.modem.dialect.sockets;
    const order = callers === 'highest' ? this.indexes.reverse() : this.indexes;
    return order.find(index => this.#isFree(index));
  }

  #isFree(link: number): boolean {
    const { modem } = this;
    return !this.isBusy(link) && !isOn(modem.dialect.sockets.taken(modem.scopeAt({ link })));
  }

  #arrived(slot: LinkSlot, arrival: Arrival): void {
    if (slot.online) return slot.online.fromNetwork(arrival.bytes);
    if (this.#receives(slot) === 'wait') this.#store(slot, arrival);
    else this.#push(slot, arrival);
  }

  #store(slot: LinkSlot, arrival: Arrival): void {
    const { bytes, address, port } = arrival;
    // An empty datagram is nothing to fetch, and would fill no window, however many came.
    if (bytes.length === 0) return;
    const first = slot.socket.inbox.bytes === 0;
    const length = slot.socket.store(arrival, this.#rule('window', slot.index));
    if (length === 0) return;
    const fields = { length, first, address, port };
    this.modem.event('socket.waiting', fields, { link: slot.index }, slot.owner);
  }

  /** A stream is cut into what a segment holds; a datagram stays one. */
  #push({ index, socket, owner }: LinkSlot, { bytes, address, port }: Arrival): void {
    socket.traffic.read += bytes.length;
    const size = socket.kind === 'udp' ? bytes.length : Math.max(1, this.#rule('segment', index));
    for (let at = 0; at < bytes.length || at === 0; at += Math.max(1, size)) {
      const piece = fromBuffer(bytes.subarray(at, at + size));
      const fields = { bytes: piece, length: piece.length, address, port };
      this.modem.event('socket.data', fields, { link: index }, owner);
    }
  }

  #lost(slot: LinkSlot, cause: LossCause): void {
    const { modem } = this;
    modem.log.info({ link: slot.index, cause }, `link lost: ${cause}`);
    linksChanged(modem);
    if (slot.online) return slot.online.linkLost();
    modem.event('socket.closed', { cause }, { link: slot.index }, slot.owner);
  }

  #receives({ index }: LinkSlot): string {
    const { modem } = this;
    return textOf(modem.dialect.sockets.receive(modem.scopeAt({ link: index })));
  }

  #rule(name: 'segment' | 'window' | 'idle', link: number): number {
    const { modem } = this;
    return Number(modem.dialect.sockets[name](modem.scopeAt({ link })) ?? 0);
  }
}

const offline = {
  done: Promise.resolve({ outcome: 'unreachable', cause: 'there is no network' } as const),
  cancel: () => {},
};
