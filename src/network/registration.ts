/**
 * Registration in the three domains: circuit switched, packet switched, EPS. The module searches and the network gives
 * its verdict; a test may change the verdict at any time, and it holds over power cycles, as a real network's does.
 * Never decides when to search: cellular.ts does. [27.007 7.2 +CREG, 10.1.20 +CGREG, 10.1.22 +CEREG]
 */
import { OperatorError } from '../base/errors.js';
import { Signal } from '../base/signal.js';
import type { Pace } from './pace.js';

export const domains = ['cs', 'ps', 'eps'] as const;
export type Domain = (typeof domains)[number];

/** 0 not registered, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming. */
export type RegistrationStat = 0 | 1 | 2 | 3 | 4 | 5;

export interface Cell {
  /** Location, routing or tracking area: 4 hex digits, upper case. */
  area: string;
  /** Cell id: up to 8 hex digits, upper case. */
  cell: string;
  /** Access technology: 0 GSM … 7 E-UTRAN. */
  act: number;
}

/** Where the terminal is, is known only while it is registered. */
export type RegistrationView = { stat: RegistrationStat } & Partial<Cell>;

export interface RegistrationChange {
  domain: Domain;
  kind: 'stat' | 'cell';
}

const searchTime = 2000;
const firstCell: Cell = { area: 'DE10', cell: '5A29C0B', act: 7 };

export const isRegisteredStat = (stat: RegistrationStat): boolean => stat === 1 || stat === 5;

export class Registration {
  readonly changed = new Signal<RegistrationChange>();
  /** After everybody has heard of a change of `stat`, in all domains: for what follows from it. */
  readonly told = new Signal<void>();
  readonly #pace: Pace;
  readonly #stats: Record<Domain, RegistrationStat> = { cs: 0, ps: 0, eps: 0 };
  readonly #verdicts: Record<Domain, RegistrationStat> = { cs: 1, ps: 1, eps: 1 };
  #phase: 'off' | 'searching' | 'settled' = 'off';
  #search: { cancel(): void } | undefined;
  #waiting: (() => void)[] = [];
  #cell: Cell;

  constructor(pace: Pace, cell: Partial<Cell> = {}) {
    this.#pace = pace;
    this.#cell = validCell({ ...firstCell, ...cell });
  }

  of(domain: Domain): RegistrationView {
    const stat = this.#stats[domain];
    return isRegisteredStat(stat) ? { stat, ...this.#cell } : { stat };
  }

  isRegistered(domain: Domain): boolean {
    return isRegisteredStat(this.#stats[domain]);
  }

  /** What the network says, whatever the terminal has heard of it yet. */
  verdict(domain: Domain): RegistrationStat {
    return this.#verdicts[domain];
  }

  /** The terminal begins to look for a network; without effect while it is at it. */
  start(): void {
    if (this.#phase !== 'off') return;
    this.#phase = 'searching';
    this.#apply(() => 2);
    this.#search = this.#pace.later(searchTime, () => {
      this.#phase = 'settled';
      this.#apply(domain => this.#verdicts[domain]);
      this.#release();
    });
  }

  /** The terminal leaves: radio off, SIM gone, or deregistered by the host. */
  stop(): void {
    this.#halt();
    this.#apply(() => 0);
  }

  /** The same without a word: the whole module is off. */
  reset(): void {
    this.#halt();
    for (const domain of domains) this.#stats[domain] = 0;
  }

  /** Resolves when no search is under way. */
  whenSettled(): Promise<void> {
    if (this.#phase !== 'searching') return Promise.resolve();
    return new Promise(resolve => this.#waiting.push(resolve));
  }

  /** What the network says from now on, to these domains; a search under way ends with it. */
  set(stat: number, ...which: Domain[]): void {
    if (!isStat(stat))
      throw new OperatorError('config', 'no such registration state', { found: `${stat}`, expected: '0 to 5' });
    const concerned = which.length > 0 ? which : domains;
    for (const domain of concerned) this.#verdicts[domain] = stat;
    if (this.#phase === 'settled') this.#apply(domain => this.#verdicts[domain]);
  }

  /** The terminal camps on another cell. */
  moveTo(cell: Partial<Cell>): void {
    this.#cell = validCell({ ...this.#cell, ...cell });
    for (const domain of domains) if (this.isRegistered(domain)) this.changed.emit({ domain, kind: 'cell' });
  }

  #halt(): void {
    this.#search?.cancel();
    this.#phase = 'off';
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** All domains move before the first listener hears of it. */
  #apply(next: (domain: Domain) => RegistrationStat): void {
    const moved = domains.filter(domain => this.#stats[domain] !== next(domain));
    for (const domain of moved) this.#stats[domain] = next(domain);
    for (const domain of moved) this.changed.emit({ domain, kind: 'stat' });
    if (moved.length > 0) this.told.emit();
  }
}

const isStat = (value: number): value is RegistrationStat => Number.isInteger(value) && value >= 0 && value <= 5;

function validCell({ area, cell, act }: Cell): Cell {
  if (!/^[0-9A-F]{4}$/i.test(area)) throw badCell('area', area, '4 hex digits');
  if (!/^[0-9A-F]{1,8}$/i.test(cell)) throw badCell('cell', cell, '1 to 8 hex digits');
  if (!Number.isInteger(act) || act < 0 || act > 9) throw badCell('act', `${act}`, '0 to 9');
  return { area: area.toUpperCase(), cell: cell.toUpperCase(), act };
}

const badCell = (field: string, found: string, expected: string) =>
  new OperatorError('config', `${field} of the cell is not valid`, { found, expected });
