/**
 * The wall clock of one module: the host's time, shifted. It may be right from power-on, or read 1970 until it is set
 * or synchronised. Formats nothing: it gives the fields that grammars print. [27.007 8.15 +CCLK; C asctime]
 */
import type { Clock } from '../base/clock.js';
import { Signal } from '../base/signal.js';

/** `host`: right from power-on. `never`: 1970 at power-on, until it is set or synchronised. */
export type ClockPolicy = 'host' | 'never';

export interface ClockOptions {
  policy?: ClockPolicy;
  /** Quarter hours from UTC. */
  zone?: number;
}

export interface ClockFields {
  yyyy: string;
  yy: string;
  MM: string;
  dd: string;
  /** Padded with a space, as asctime does. */
  d: string;
  hh: string;
  mm: string;
  ss: string;
  weekday: string;
  month: string;
  /** Quarter hours with sign, two digits: `+32`. */
  zone: string;
  /** Seconds since 1970-01-01 UTC. */
  epoch: number;
}

/** A local time as a host writes it. */
export interface TimeSetting {
  /** Four digits, or two: 70..99 are 19xx. */
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  /** Quarter hours; the clock's own where omitted. */
  zone?: number;
}

const quarterHour = 15 * 60_000;
const zoneLimit = 96;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export class ModuleClock {
  /** The time was set from the network. */
  readonly updated = new Signal<void>();
  readonly #clock: Clock;
  readonly #zoneAtStart: number;
  policy: ClockPolicy;
  #offset = 0;
  #zone: number;
  #synchronised = false;

  constructor(clock: Clock, { policy = 'host', zone = 0 }: ClockOptions = {}) {
    this.#clock = clock;
    this.policy = policy;
    this.#zoneAtStart = zone;
    this.#zone = zone;
    this.powerOn();
  }

  get synchronised(): boolean {
    return this.#synchronised;
  }

  get zone(): number {
    return this.#zone;
  }

  /** Milliseconds since 1970-01-01 UTC, as this module believes. */
  now(): number {
    return this.#clock.wall() + this.#offset;
  }

  /** A reset forgets what was set. */
  powerOn(): void {
    this.#synchronised = this.policy === 'host';
    this.#offset = this.#synchronised ? 0 : -this.#clock.wall();
    this.#zone = this.#zoneAtStart;
  }

  /** From a time server or the network: the host's time, or the one given. */
  sync(now: number = this.#clock.wall(), zone: number = this.#zone): void {
    this.#offset = now - this.#clock.wall();
    this.#zone = zone;
    this.#synchronised = true;
    this.updated.emit();
  }

  setZone(zone: number): 'done' | 'bad-range' {
    if (!isZone(zone)) return 'bad-range';
    this.#zone = zone;
    return 'done';
  }

  /** By the host. A date that no calendar has changes nothing. */
  set(setting: TimeSetting): 'done' | 'bad-range' {
    const zone = setting.zone ?? this.#zone;
    const local = localTime(setting);
    if (local === undefined || !isZone(zone)) return 'bad-range';
    this.#zone = zone;
    this.#offset = local - zone * quarterHour - this.#clock.wall();
    return 'done';
  }

  /** The fields in the clock's own zone, or in another one. */
  fields(zone: number = this.#zone): ClockFields {
    const now = this.now();
    const local = new Date(now + zone * quarterHour);
    const day = local.getUTCDate();
    const yyyy = String(local.getUTCFullYear()).padStart(4, '0');
    return {
      yyyy,
      yy: yyyy.slice(-2),
      MM: two(local.getUTCMonth() + 1),
      dd: two(day),
      d: String(day).padStart(2, ' '),
      hh: two(local.getUTCHours()),
      mm: two(local.getUTCMinutes()),
      ss: two(local.getUTCSeconds()),
      weekday: weekdays[local.getUTCDay()]!,
      month: months[local.getUTCMonth()]!,
      zone: formatZone(zone),
      epoch: Math.floor(now / 1000),
    };
  }
}

export const formatZone = (quarters: number): string => `${quarters < 0 ? '-' : '+'}${two(Math.abs(quarters))}`;

const two = (value: number): string => String(value).padStart(2, '0');

const isZone = (zone: number): boolean => Number.isInteger(zone) && Math.abs(zone) <= zoneLimit;

function localTime({ year, month, day, hour, minute, second }: TimeSetting): number | undefined {
  const fullYear = year >= 100 ? year : year + (year >= 70 ? 1900 : 2000);
  const time = Date.UTC(fullYear, month - 1, day, hour, minute, second);
  const back = new Date(time);
  // Date.UTC rolls 31 February over into March; what does not come back as it went in was no date.
  const same =
    back.getUTCFullYear() === fullYear &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === day &&
    back.getUTCHours() === hour &&
    back.getUTCMinutes() === minute &&
    back.getUTCSeconds() === second;
  return same ? time : undefined;
}
