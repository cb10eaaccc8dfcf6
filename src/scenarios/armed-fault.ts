/** One fault that was injected into a modem: what it has met, how often it has struck, and whether it strikes here. */
import type { Timer } from '../base/clock.js';
import { type Random, randomFrom } from '../base/random.js';
import type { FaultLayer, FaultName } from './catalogue.js';
import { type Fault, pointsOf } from './fault.js';
import type { PointKind } from './points.js';

/** An injected fault, for who looks at it. */
export interface ActiveFault {
  /** Numbers injections of this modem, from 1. */
  readonly id: number;
  readonly name: FaultName;
  readonly layer: FaultLayer;
  /** As it was asked for: `at.late command=+MPUB by=2s`. */
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** `armed`: it waits for its points. `on`: a state that it brought about lasts. `over`: lifted, or struck often enough. */
  readonly state: 'armed' | 'on' | 'over';
  /** How often it has struck. */
  readonly struck: number;
}

/** What a point is about, as far as a fault may ask. */
export interface Subject {
  /** `AT` for AT alone. */
  command?: string;
  host?: string;
  port?: number;
}

export class ArmedFault implements ActiveFault {
  readonly random: Random;
  state: ActiveFault['state'] = 'armed';
  struck = 0;
  /** Ends what it brought about. */
  undo: (() => void) | undefined;
  /** Runs while it is to be lifted by time. */
  expiry: Timer | undefined;
  readonly #points: readonly PointKind[];
  #seen = 0;

  constructor(
    readonly id: number,
    readonly fault: Fault,
    seed: number,
  ) {
    this.random = randomFrom(seed);
    this.#points = pointsOf(fault);
  }

  get name(): FaultName {
    return this.fault.name;
  }

  get layer(): FaultLayer {
    return this.fault.spec.layer;
  }

  get text(): string {
    return this.fault.text;
  }

  get values(): Readonly<Record<string, unknown>> {
    return this.fault.values;
  }

  /** What JSON has of it. */
  toJSON(): ActiveFault {
    const { id, name, layer, text, values, state, struck } = this;
    return { id, name, layer, text, values, state, struck };
  }

  /** Does it wait for a point, though its kind begins at once? */
  get waits(): boolean {
    const { command, nth, at, rate } = this.fault.when;
    return [command, nth, at, rate].some(condition => condition !== undefined);
  }

  /** It has struck as often as it may. */
  get isSpent(): boolean {
    return this.struck >= (this.fault.when.count ?? Number.POSITIVE_INFINITY);
  }

  fits(point: PointKind, { command, host, port }: Subject): boolean {
    const { when } = this.fault;
    return (
      this.state === 'armed' &&
      this.#points.includes(point) &&
      (when.command === undefined || when.command === command) &&
      (when.host === undefined || when.host.toLowerCase() === host?.toLowerCase()) &&
      (when.port === undefined || when.port === port)
    );
  }

  /** A point that fits is met. @param n its number @returns whether it would strike there */
  meets(n: number): boolean {
    const { nth = 1, at, rate } = this.fault.when;
    this.#seen += 1;
    // Drawn for each, so that what is drawn here does not depend on what struck before.
    const isHit = rate === undefined || this.random() < rate;
    if (this.isSpent || !isHit) return false;
    return at === undefined ? this.#seen >= nth : this.struck > 0 || n === at;
  }
}
