/**
 * Packet data: attachment and the PDP contexts. Context 1 comes up by itself with registration, as the default bearer
 * of LTE does. After the network has taken a context away, nothing comes up by itself: only an activation by the host,
 * a restart of the radio or a reset ends that (`awaitsReactivation`).
 * Links that use a context are not known here; they listen to `lost`. [27.007 10.1.1 +CGDCONT, 10.1.9 +CGATT, 10.1.10 +CGACT]
 */
import { Signal } from '../base/signal.js';
import { cellularAddress, cellularAddress6 } from './derived.js';
import type { Pace } from './pace.js';

export type PdpType = 'IP' | 'IPV6' | 'IPV4V6' | 'PPP';

export interface ContextDefinition {
  type: PdpType;
  /** Empty: what the subscription says. */
  apn: string;
  user?: string;
  password?: string;
}

export interface PdpContext extends ContextDefinition {
  cid: number;
  active: boolean;
  /** IPv4, while active; absent with type IPV6. */
  address?: string;
  /** IPv6, while active, with types IPV6 and IPV4V6. */
  address6?: string;
}

export interface ContextLoss {
  cid: number;
  by: 'network' | 'host';
}

/** What the network offers now; cellular.ts tells. */
export type PacketService = 'available' | 'out-of-coverage' | 'denied' | 'no-sim' | 'none';

export type PacketOutcome = 'done' | 'denied' | 'no-sim' | 'no-network' | 'not-defined';

/** A host that detached stays so until it attaches; otherwise the module attaches as soon as it can. */
type Attachment = 'attached' | 'detached' | 'detached-by-host';

export const defaultCid = 1;
export const maximumCid = 15;
const attachTime = 300;
const activationTime = 300;

export interface PacketDataOptions {
  pace: Pace;
  /** Addresses follow from it. */
  seed: string;
  /** Of context 1, which exists from the start. */
  apn?: string;
  /** IPv4 of context 1. */
  address?: string;
}

export class PacketData {
  readonly attachment = new Signal<'attached' | 'detached'>();
  readonly activated = new Signal<{ cid: number }>();
  readonly lost = new Signal<ContextLoss>();
  readonly #pace: Pace;
  readonly #seed: string;
  readonly #givenAddress: string | undefined;
  readonly #definitions = new Map<number, ContextDefinition>();
  readonly #active = new Set<number>();
  #attachment: Attachment = 'detached';
  #service: PacketService = 'none';
  #awaitsReactivation = false;

  constructor({ pace, seed, apn = 'internet', address }: PacketDataOptions) {
    this.#pace = pace;
    this.#givenAddress = address;
    this.#seed = seed;
    this.#definitions.set(defaultCid, { type: 'IP', apn });
  }

  get attached(): boolean {
    return this.#attachment === 'attached';
  }

  get hasActiveContext(): boolean {
    return this.#active.size > 0;
  }

  /** The network took a context away, and the host has not yet done what brings data back. */
  get awaitsReactivation(): boolean {
    return this.#awaitsReactivation;
  }

  /** Every defined context, by cid. */
  contexts(): PdpContext[] {
    return [...this.#definitions.keys()].sort((a, b) => a - b).map(cid => this.context(cid)!);
  }

  context(cid: number): PdpContext | undefined {
    const definition = this.#definitions.get(cid);
    if (!definition) return undefined;
    if (!this.#active.has(cid)) return { cid, ...definition, active: false };
    return { cid, ...definition, active: true, ...this.#addresses(cid, definition.type) };
  }

  /** Address of the first active context: what a link that names none goes out from. */
  get address(): string | undefined {
    const context = this.contexts().find(({ active }) => active);
    return context?.address ?? context?.address6;
  }

  /** An active context cannot be changed. A cid outside 1..15 is a bug: the grammar checks ranges. */
  define(cid: number, definition: ContextDefinition): 'done' | 'active' {
    if (!Number.isInteger(cid) || cid < 1 || cid > maximumCid)
      throw new RangeError(`cid ${cid} is not in 1..${maximumCid}`);
    if (this.#active.has(cid)) return 'active';
    this.#definitions.set(cid, { ...definition });
    return 'done';
  }

  undefine(cid: number): 'done' | 'active' {
    if (this.#active.has(cid)) return 'active';
    this.#definitions.delete(cid);
    return 'done';
  }

  async attach(): Promise<PacketOutcome> {
    if (this.attached) return 'done';
    const refused = this.#refusal();
    if (refused) return refused;
    await this.#pace.wait(attachTime);
    return this.#refusal() ?? this.#becomeAttached();
  }

  /** By the host; every context goes with it. */
  detach(): 'done' {
    this.#dropAll('host');
    this.#becomeDetached('detached-by-host');
    return 'done';
  }

  /** Activates one context, or every defined one; attaches first where that is not done. */
  async activate(cid?: number): Promise<PacketOutcome> {
    const wanted = cid === undefined ? [...this.#definitions.keys()] : [cid];
    if (wanted.some(each => !this.#definitions.has(each))) return 'not-defined';
    const attached = await this.attach();
    if (attached !== 'done') return attached;
    if (wanted.some(each => !this.#active.has(each))) await this.#pace.wait(activationTime);
    const refused = this.#refusal();
    if (refused) return refused;
    this.#awaitsReactivation = false;
    for (const each of wanted) this.#bringUp(each);
    return 'done';
  }

  /** By the host: one context, or all. */
  deactivate(cid?: number): 'done' | 'not-defined' {
    if (cid !== undefined && !this.#definitions.has(cid)) return 'not-defined';
    this.#drop(cid === undefined ? [...this.#active] : [cid], 'host');
    return 'done';
  }

  /** The network takes one context away, or all. */
  deactivateByNetwork(cid?: number): void {
    const taken = cid === undefined ? [...this.#active] : [cid].filter(each => this.#active.has(each));
    if (taken.length > 0) this.#awaitsReactivation = true;
    this.#drop(taken, 'network');
  }

  /**
   * Coverage that goes and returns leaves contexts as they are; a network that refuses takes them, and so does a
   * terminal that leaves.
   */
  follow(service: PacketService): void {
    this.#service = service;
    switch (service) {
      case 'available':
        this.#attachByItself();
        return;
      case 'out-of-coverage':
        return;
      case 'denied':
      case 'no-sim':
      case 'none':
        this.deactivateByNetwork();
        this.#becomeDetached('detached');
        return;
      default:
        service satisfies never;
    }
  }

  /** The host switches the radio off or leaves the network: contexts end before registration does. */
  release(): void {
    this.#dropAll('host');
    this.#becomeDetached('detached');
  }

  /** The radio starts anew: attachment and default context come by themselves again. */
  startAnew(): void {
    this.#awaitsReactivation = false;
    if (this.#attachment === 'detached-by-host') this.#attachment = 'detached';
  }

  /** Power off, without a word; definitions live in flash and stay. */
  reset(): void {
    this.#active.clear();
    this.#attachment = 'detached';
    this.#service = 'none';
    this.#awaitsReactivation = false;
  }

  #attachByItself(): void {
    if (this.#attachment !== 'detached') return;
    this.#pace.later(attachTime, () => {
      if (this.#attachment === 'detached' && this.#service === 'available') this.#becomeAttached();
    });
  }

  #becomeAttached(): 'done' {
    if (this.attached) return 'done';
    this.#attachment = 'attached';
    this.attachment.emit('attached');
    if (!this.#awaitsReactivation) this.#bringUp(defaultCid);
    return 'done';
  }

  #becomeDetached(how: 'detached' | 'detached-by-host'): void {
    const was = this.#attachment;
    this.#attachment = how === 'detached' && was === 'detached-by-host' ? was : how;
    if (was === 'attached') this.attachment.emit('detached');
  }

  #bringUp(cid: number): void {
    if (!this.#definitions.has(cid) || this.#active.has(cid)) return;
    this.#active.add(cid);
    this.activated.emit({ cid });
  }

  #dropAll(by: ContextLoss['by']): void {
    this.#drop([...this.#active], by);
  }

  #drop(cids: readonly number[], by: ContextLoss['by']): void {
    for (const cid of cids) if (this.#active.delete(cid)) this.lost.emit({ cid, by });
  }

  #refusal(): Exclude<PacketOutcome, 'done' | 'not-defined'> | undefined {
    switch (this.#service) {
      case 'available':
        return undefined;
      case 'denied':
      case 'no-sim':
        return this.#service;
      case 'out-of-coverage':
      case 'none':
        return 'no-network';
      default:
        return this.#service satisfies never;
    }
  }

  #addresses(cid: number, type: PdpType): Pick<PdpContext, 'address' | 'address6'> {
    const given = cid === defaultCid ? this.#givenAddress : undefined;
    const address = given ?? cellularAddress(this.#seed, cid);
    const address6 = cellularAddress6(this.#seed, cid);
    if (type === 'IPV6') return { address6 };
    return type === 'IPV4V6' ? { address, address6 } : { address };
  }
}
