/**
 * The cellular side of a module as one thing: what follows when power, radio, SIM or the network change. Owns the parts
 * and their order; each part keeps its own state. Knows no AT word and opens no link.
 */
import { Signal } from '../base/signal.js';
import { IpSession } from './ip-session.js';
import { type NetworkOperator, Operators } from './operators.js';
import type { Pace } from './pace.js';
import { PacketData, type PacketService } from './packet-data.js';
import { type Functionality, Radio } from './radio.js';
import type { OfflineReason, Reach } from './reach.js';
import { type Cell, Registration } from './registration.js';
import { SignalQuality, type SignalReading } from './signal-quality.js';
import { Sim, type SimCard } from './sim.js';

export interface CellularOptions {
  sim?: SimCard | 'none';
  cell?: Partial<Cell>;
  signal?: Partial<SignalReading>;
  operators?: readonly NetworkOperator[];
  apn?: string;
  /** IPv4 of context 1; without it, one that follows from the modem's name. */
  address?: string;
}

export type RegisterRequest =
  | { mode: 'automatic' }
  /** By long, short or numeric name. */
  | { mode: 'manual'; operator: string }
  | { mode: 'deregister' };

export type RegisterOutcome = 'done' | 'denied' | 'no-sim' | 'not-found' | 'no-network';

const functionalityTime = 500;

export class Cellular {
  readonly sim: Sim;
  readonly radio = new Radio();
  readonly registration: Registration;
  readonly signal: SignalQuality;
  readonly operators: Operators;
  readonly packetData: PacketData;
  readonly ipSession: IpSession;
  /** Something changed that `reach` may depend on. */
  readonly changed = new Signal<void>();
  readonly #pace: Pace;
  #power: 'off' | 'on' = 'off';
  #boots = 0;
  #offersPacketData = true;

  constructor(pace: Pace, seed: string, { sim, cell, signal, operators, apn, address }: CellularOptions = {}) {
    this.#pace = pace;
    this.sim = new Sim(pace, sim);
    this.registration = new Registration(pace, cell);
    this.signal = new SignalQuality(signal);
    this.operators = new Operators(operators);
    this.packetData = new PacketData({ pace, seed, apn, address });
    this.ipSession = new IpSession(this.packetData);
    this.sim.told.on(() => this.#simChanged());
    this.registration.told.on(() => this.#registrationChanged());
    for (const signal of [this.packetData.attachment, this.packetData.activated, this.packetData.lost])
      signal.on(() => this.changed.emit());
  }

  powerOn(): void {
    if (this.#power === 'on') return;
    this.#power = 'on';
    this.#boots += 1;
    this.radio.reset();
    this.operators.chooseAutomatically();
    this.signal.hear('network');
    this.sim.powerOn();
  }

  /** Without a word: a module that loses power reports nothing. Whoever holds links closes them. */
  powerOff(): void {
    this.#power = 'off';
    this.signal.hear('nothing');
    this.sim.reset();
    this.registration.reset();
    this.packetData.reset();
    this.ipSession.reset();
  }

  /** May a link be dialled now, from which address, and if not, why not? */
  get reach(): Reach {
    const why = this.#offlineReason();
    return why === undefined ? { state: 'online', address: this.packetData.address ?? '' } : { state: 'offline', why };
  }

  get isOnline(): boolean {
    return this.reach.state === 'online';
  }

  /** The operator in use, where the module is registered with one. */
  get operator(): NetworkOperator | undefined {
    return this.#isRegistered ? this.operators.current : undefined;
  }

  async setFunctionality(to: Functionality): Promise<'done'> {
    const boot = this.#boots;
    await this.#pace.wait(functionalityTime);
    if (this.#power === 'off' || boot !== this.#boots || to === this.radio.functionality) return 'done';
    // First the cause: whoever hears of a lost context finds the radio already off.
    this.radio.set(to);
    if (to === 1) this.#wakeRadio();
    else this.#quietRadio();
    if (to === 0) this.sim.powerOff();
    else this.sim.powerOn();
    this.#search();
    return 'done';
  }

  async register(request: RegisterRequest): Promise<RegisterOutcome> {
    if (request.mode === 'deregister') return this.#deregister();
    if (this.sim.state !== 'ready') return 'no-sim';
    const refused = request.mode === 'manual' ? this.#choose(request.operator) : this.#chooseAutomatically();
    if (refused) return refused;
    this.#search();
    await this.registration.whenSettled();
    return this.#registerOutcome();
  }

  /** By a test: the network gives packet data from now on, or no longer; registration is as it was. */
  offerPacketData(isOffered: boolean): void {
    if (this.#offersPacketData === isOffered) return;
    this.#offersPacketData = isOffered;
    if (this.#power === 'off') return;
    this.packetData.follow(this.#packetService());
    this.changed.emit();
  }

  #chooseAutomatically(): undefined {
    const before = this.operators.current;
    this.operators.chooseAutomatically();
    if (this.operators.current !== before) this.#leave();
  }

  #choose(name: string): 'denied' | 'not-found' | undefined {
    const operator = this.operators.find(name);
    if (!operator) return 'not-found';
    if (operator.access === 'forbidden') return 'denied';
    if (operator !== this.operators.current) this.#leave();
    this.operators.choose(operator);
    return undefined;
  }

  #deregister(): 'done' {
    this.operators.deregister();
    this.#leave();
    return 'done';
  }

  #registerOutcome(): RegisterOutcome {
    if (this.#isRegistered) return 'done';
    return this.registration.of('eps').stat === 3 ? 'denied' : 'no-network';
  }

  #leave(): void {
    this.packetData.release();
    this.registration.stop();
  }

  #wakeRadio(): void {
    this.signal.hear('network');
    this.packetData.startAnew();
  }

  #quietRadio(): void {
    this.#leave();
    this.signal.hear('nothing');
  }

  /** Looks for a network where everything it takes is there. */
  #search(): void {
    if (this.#power === 'off' || this.radio.functionality !== 1) return;
    if (this.sim.state !== 'ready' || this.operators.mode === 2) return;
    this.registration.start();
  }

  #simChanged(): void {
    // The search begins once everyone has heard of the card: modules report it first.
    if (this.sim.state === 'ready') this.#pace.later(0, () => this.#search());
    else this.registration.stop();
    this.changed.emit();
  }

  #registrationChanged(): void {
    this.packetData.follow(this.#packetService());
    this.changed.emit();
  }

  #packetService(): PacketService {
    if (this.sim.state !== 'ready') return 'no-sim';
    if (this.#isRegisteredForPackets) return this.#offersPacketData ? 'available' : 'denied';
    const stats = [this.registration.of('ps').stat, this.registration.of('eps').stat];
    if (stats.some(stat => stat === 2 || stat === 4)) return 'out-of-coverage';
    return stats.includes(3) ? 'denied' : 'none';
  }

  get #isRegisteredForPackets(): boolean {
    return this.registration.isRegistered('ps') || this.registration.isRegistered('eps');
  }

  get #isRegistered(): boolean {
    return (['cs', 'ps', 'eps'] as const).some(domain => this.registration.isRegistered(domain));
  }

  #offlineReason(): OfflineReason | undefined {
    if (this.#power === 'off') return 'powered-off';
    if (this.radio.functionality !== 1) return 'radio-off';
    if (this.sim.state === 'pin' || this.sim.state === 'puk') return 'sim-locked';
    if (this.sim.state !== 'ready') return 'no-sim';
    if (!this.#isRegisteredForPackets) return 'not-registered';
    if (!this.packetData.attached) return this.packetData.awaitsReactivation ? 'context-lost' : 'not-attached';
    if (this.packetData.hasActiveContext) return undefined;
    return this.packetData.awaitsReactivation ? 'context-lost' : 'no-context';
  }
}
