/**
 * What one module sees around it: cellular network, Wi-Fi, its own identity, the time. Made per modem; the modem turns it
 * on and off and asks whether a link can be dialled. Knows no AT word, opens no link, keeps nothing on disk.
 */
import type { Clock } from '../base/clock.js';
import { type Log, silentLog } from '../base/log.js';
import { Signal } from '../base/signal.js';
import { Cellular, type CellularOptions } from './cellular.js';
import { Identity, type IdentityFields } from './identity.js';
import { type ClockOptions, ModuleClock } from './module-clock.js';
import { Pace, type Timing } from './pace.js';
import type { OfflineReason, Reach } from './reach.js';
import { Wifi, type WifiOptions } from './wifi.js';

/** What carries a module's links. */
export type Bearer = 'cellular' | 'wifi';

export interface SurroundingsOptions {
  /** The modem's name: identity and addresses follow from it. */
  name: string;
  clock: Clock;
  timing?: Timing;
  /** What the module has, best first. */
  bearers: readonly [Bearer, ...Bearer[]];
  cellular?: CellularOptions;
  wifi?: WifiOptions;
  identity?: Partial<IdentityFields>;
  time?: ClockOptions;
  log?: Log;
}

export class Surroundings {
  readonly identity: Identity;
  readonly cellular: Cellular;
  readonly wifi: Wifi;
  readonly time: ModuleClock;
  /** Links can be dialled from now on, from this address. */
  readonly online = new Signal<{ address: string }>();
  /** No link can live any more. Not told at power-off: who switches off knows. */
  readonly offline = new Signal<{ why: OfflineReason }>();
  readonly #bearers: readonly Bearer[];
  readonly #log: Log;
  #power: 'off' | 'on' = 'off';
  #told: Reach = { state: 'offline', why: 'powered-off' };

  constructor({ name, clock, timing = 'instant', bearers, log = silentLog, ...options }: SurroundingsOptions) {
    const pace = new Pace(clock, timing);
    this.#bearers = bearers;
    this.#log = log;
    this.identity = new Identity(name, options.identity);
    this.cellular = new Cellular(pace, name, options.cellular);
    this.wifi = new Wifi(pace, name, options.wifi);
    this.time = new ModuleClock(clock, options.time);
    this.#followBearers();
    this.#followTime();
  }

  get power(): 'off' | 'on' {
    return this.#power;
  }

  /** May a link be dialled now, from which address, and if not, why not? The first bearer's reason counts. */
  get reach(): Reach {
    if (this.#power === 'off') return { state: 'offline', why: 'powered-off' };
    const all = this.#bearers.map(bearer => this[bearer].reach);
    return all.find(({ state }) => state === 'online') ?? all[0]!;
  }

  get isOnline(): boolean {
    return this.reach.state === 'online';
  }

  powerOn(): void {
    if (this.#power === 'on') return;
    this.#power = 'on';
    this.time.powerOn();
    for (const bearer of this.#bearers) this[bearer].powerOn();
  }

  /** Nothing is emitted: what was up is gone without a word, as in the module. */
  powerOff(): void {
    this.#power = 'off';
    this.cellular.powerOff();
    this.wifi.powerOff();
    this.#told = { state: 'offline', why: 'powered-off' };
  }

  #followBearers(): void {
    this.cellular.changed.on(() => this.#look());
    this.wifi.addressed.on(() => this.#look());
    this.wifi.lost.on(() => this.#look());
    this.cellular.registration.changed.on(({ domain, kind }) => {
      if (kind === 'stat') this.#log.info({ domain, stat: this.cellular.registration.of(domain).stat }, 'registration');
    });
    this.wifi.joined.on(({ ssid }) => this.#log.info({ ssid }, 'wifi joined'));
    this.wifi.lost.on(({ by }) => this.#log.info({ by }, 'wifi lost'));
  }

  /** The cellular network tells the time on registration [24.008 9.2.15a], where this module's clock is to be right. */
  #followTime(): void {
    this.cellular.packetData.attachment.on(state => {
      if (state === 'attached' && this.time.policy === 'host') this.time.sync();
    });
  }

  /** Tells a change of `reach` once. */
  #look(): void {
    const reach = this.reach;
    const told = this.#told;
    this.#told = reach;
    if (reach.state === told.state) return;
    if (reach.state === 'online') {
      this.#log.info({ address: reach.address }, 'online');
      this.online.emit({ address: reach.address });
    } else {
      this.#log.info({ why: reach.why }, 'offline');
      this.offline.emit({ why: reach.why });
    }
  }
}
