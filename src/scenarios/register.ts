/**
 * The injected faults of one modem and the points that its run meets: numbers each point, asks which faults strike there,
 * and keeps count, log and dialogue of it. What a strike does is not known here.
 */
import type { Clock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { seedFor } from '../base/random.js';
import { Signal } from '../base/signal.js';
import { ArmedFault, type Subject } from './armed-fault.js';
import { type Fault, pointsOf } from './fault.js';
import type { MetPoint, PointKind } from './points.js';

/** Faults in a modem at once. */
export const mostFaults = 64;

export interface RegisterOptions {
  /** The modem's: what is drawn for it depends on it. */
  name: string;
  seed: number;
  clock: Clock;
  log: Log;
  /** A line of the dialogue; asked for only while somebody listens. */
  say(channel: number, text: () => string): void;
}

export interface Meeting extends Subject {
  /** For people, and asked for only where somebody wants to know. */
  what(): string;
  channel?: number;
  /** Of those that would strike here, the ones that do. */
  choose?(hits: readonly ArmedFault[]): readonly ArmedFault[];
}

export interface FaultNews {
  what: 'injected' | 'lifted' | 'struck';
  id: number;
  /** Its name. */
  fault: string;
}

export class FaultRegister {
  readonly met = new Signal<MetPoint>();
  /** What becomes of each fault; strikes of what holds for every byte or chunk apart. */
  readonly news = new Signal<FaultNews>();
  readonly #options: RegisterOptions;
  readonly #numbers = new Map<PointKind, number>();
  #faults: readonly ArmedFault[] = [];
  #injected = 0;
  /** By faults that are over. */
  #struckBefore = 0;

  constructor(options: RegisterOptions) {
    this.#options = options;
  }

  get all(): readonly ArmedFault[] {
    return this.#faults;
  }

  /** How often faults have struck. */
  get struck(): number {
    return this.#faults.reduce((sum, { struck }) => sum + struck, this.#struckBefore);
  }

  get isEmpty(): boolean {
    return this.#faults.length === 0;
  }

  /** How many points of a kind were met. */
  reached(point: PointKind): number {
    return this.#numbers.get(point) ?? 0;
  }

  /** @throws OperatorError (config) */
  add(fault: Fault): ArmedFault {
    if (this.#faults.length >= mostFaults) {
      throw new OperatorError('config', 'too many faults at once', {
        found: `${this.#faults.length} in ${this.#options.name}`,
        expected: `at most ${mostFaults}`,
        hint: 'Lift some first.',
      });
    }
    this.#refuseThePast(fault);
    const id = this.#injected + 1;
    this.#injected = id;
    const armed = new ArmedFault(id, fault, seedFor(`${this.#options.name}/${id}/${fault.name}`, this.#options.seed));
    this.#faults = [...this.#faults, armed];
    this.#options.log.info({ fault: fault.name, id }, `fault injected: ${fault.text}`);
    this.#options.say(0, () => `${fault.text} injected`);
    this.#tellNews('injected', armed);
    return armed;
  }

  /** Ends what it brought about, if it did. */
  remove(armed: ArmedFault): void {
    if (armed.state === 'over') return;
    armed.state = 'over';
    this.#faults = this.#faults.filter(other => other !== armed);
    this.#struckBefore += armed.struck;
    armed.expiry?.cancel();
    const { undo } = armed;
    armed.undo = undefined;
    undo?.();
    this.#options.log.info({ fault: armed.name, id: armed.id, struck: armed.struck }, `fault over: ${armed.text}`);
    this.#options.say(0, () => `${armed.name} over`);
    this.#tellNews('lifted', armed);
  }

  /** All of them, without a word. */
  forget(): void {
    for (const armed of this.#faults) armed.expiry?.cancel();
    this.#faults = [];
  }

  /** So many points of a kind are met at once. @returns the number of the first */
  advance(point: PointKind, by = 1): number {
    const before = this.#numbers.get(point) ?? 0;
    this.#numbers.set(point, before + by);
    return before + 1;
  }

  /** A point is met. @returns the faults that strike there, in the order of their injection; each is counted and told */
  meet(point: PointKind, meeting: Meeting): readonly ArmedFault[] {
    const n = this.advance(point);
    if (this.isEmpty && !this.met.isHeard) return [];
    const hits = this.#faults.filter(armed => armed.fits(point, meeting) && armed.meets(n));
    const struck = hits.length > 0 ? (meeting.choose?.(hits) ?? hits) : hits;
    for (const armed of struck) {
      armed.struck += 1;
      this.tell(armed, meeting, `${point} ${n}`);
    }
    this.tellMet({ point, n }, meeting, struck);
    for (const armed of struck) if (armed.isSpent && armed.fault.spec.begins === 'at-points') this.remove(armed);
    return struck;
  }

  /** It strikes with its injection, at no point. */
  strikeNow(armed: ArmedFault): void {
    armed.struck += 1;
    this.tell(armed, { what: () => 'the module' }, 'at once');
  }

  /** @param where of a strike: `at.command 7` */
  tell(armed: ArmedFault, { what, channel = 0 }: Meeting, where: string): void {
    const { name, id, fault } = armed;
    const { log, say } = this.#options;
    const text = () => `${name} struck ${what()} (${where})`;
    if (isContinuous(fault)) {
      if (log.isLevelEnabled('debug')) log.debug({ fault: name, id, where }, `fault: ${text()}`);
      return;
    }
    log.info({ fault: name, id, where }, `fault: ${text()}`);
    say(channel, text);
    this.#tellNews('struck', armed);
  }

  tellMet(
    met: Pick<MetPoint, 'point' | 'n' | 'last'>,
    { what, channel }: Meeting,
    struck: readonly ArmedFault[],
  ): void {
    if (!this.met.isHeard) return;
    const names = struck.map(({ name }) => name);
    this.met.emit({ ...met, what: what(), channel, struck: names.length > 0 ? names : undefined });
  }

  #tellNews(what: FaultNews['what'], { id, name }: ArmedFault): void {
    if (this.news.isHeard) this.news.emit({ what, id, fault: name });
  }

  #refuseThePast(fault: Fault): void {
    const { at } = fault.when;
    if (at === undefined) return;
    const points = pointsOf(fault);
    const reached = Math.min(...points.map(point => this.reached(point)));
    if (at > reached) return;
    throw new OperatorError('config', `${fault.name} can no longer strike there`, {
      found: `at ${at}`,
      expected: `more than ${reached}: so many of ${points.join(', ')} were met`,
      hint: '`nth` counts from now on.',
    });
  }
}

/** What holds for every byte or chunk would drown all else. */
const isContinuous = ({ name }: Fault): boolean => name === 'line.chop' || name === 'network.latency';
