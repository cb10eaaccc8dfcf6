/**
 * All peers of a run, and their links of one transcript in the order in which they came. The dialogue learns of a link by
 * an item that names it; one that it does not know at the end was not expected.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { Signal } from '../../src/base/signal.js';
import { eventually, turns, within } from './patience.js';
import { type PeerLink, StreamLink } from './peer.js';
import type { Address, End } from './sockets.js';
import { UdpPeer } from './udp-peer.js';

/** A modem may send for ever: then nobody waits for the end of it. */
const mostRounds = 50;

export class Peers {
  readonly #happened = new Signal<void>();
  #happenings = 0;
  #links: PeerLink[] = [];
  #known = 0;
  /** Started when a route first leads to it. */
  #udp: UdpPeer | undefined;

  constructor() {
    this.#happened.on(() => this.#happenings++);
  }

  get links(): readonly PeerLink[] {
    return this.#links;
  }

  /** How many of the links the dialogue knows: the first ones. */
  get known(): number {
    return this.#known;
  }

  /** A link comes over TCP or TLS. */
  meet(caller: End): void {
    this.#add(new StreamLink(caller, this.#happened));
  }

  async startUdp(): Promise<Address> {
    this.#udp = await UdpPeer.start(link => this.#add(link), this.#happened);
    return this.#udp.address;
  }

  /** A caller dials the modem; its link is the newest. Returns why it could not, as a code of the system. */
  async dial(server: Address, patience: number): Promise<string | undefined> {
    const tcp = connect({ ...server, allowHalfOpen: true, noDelay: true });
    try {
      await within(patience, () => 'no answer', once(tcp, 'connect'));
    } catch (error) {
      tcp.destroy();
      return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    }
    this.meet({ stream: tcp, tcp });
    this.#known = this.#links.length;
    return undefined;
  }

  /** Waits for the link of this number, which the dialogue knows then. Undefined: it does not come in time. */
  async reach(number: number, patience: number): Promise<PeerLink | undefined> {
    await eventually(() => this.#links.length >= number, this.#happened, patience);
    const link = this.#links[number - 1];
    if (link !== undefined) this.#known = Math.max(this.#known, number);
    return link;
  }

  /** Lets what is under way arrive: until nothing has come for a few turns. */
  async settle(): Promise<void> {
    for (let round = 0; round < mostRounds; round++) {
      const before = this.#happenings;
      await turns(4);
      if (this.#happenings === before) return;
    }
  }

  /** As new: no links, counted from 1. */
  clear(): void {
    for (const link of this.#links) link.destroy();
    this.#links = [];
    this.#known = 0;
  }

  stop(): void {
    this.clear();
    this.#udp?.stop();
  }

  #add(link: PeerLink): void {
    this.#links.push(link);
    this.#happened.emit();
  }
}
