/**
 * The modems of a daemon: starts them, and brings them to another config with as little harm as can be. One that is in both
 * configs alike is not touched; routes, dial policy and network change in place; any other change restarts that modem.
 */
import { inParallel } from '../base/parallel.js';
import { Signal } from '../base/signal.js';
import { claim, type NamedModem, portsOf, withNames } from '../config/claims.js';
import type { ModemConfig } from '../config/modem-config.js';
import type { Reloaded } from '../control/messages.js';
import type { Modem } from '../modem/modem.js';
import { applyConditions } from '../network/conditions.js';
import { type ModemPlan, planModem } from './plan.js';
import { type Around, endModem, startModem } from './start-modem.js';

/** As the control API tells it. */
export type Changes = Reloaded;

interface Member {
  plan: ModemPlan;
  modem: Modem;
}

/** Of disks and listeners that are waited for at once. */
const startsAtOnce = 16;

export class Fleet {
  /** One that came with a change of the config: new, or in place of the one of that name. */
  readonly started = new Signal<Modem>();
  /** One is about to be closed by a change of the config. */
  readonly leaving = new Signal<Modem>();
  /** `modems` is another list now. */
  readonly changed = new Signal<void>();
  readonly #around: Around;
  /** In the order of the config. */
  #members: readonly Member[] = [];

  private constructor(around: Around) {
    this.#around = around;
  }

  /** @throws OperatorError; nothing is left running then */
  static async start(plans: readonly ModemPlan[], around: Around): Promise<Fleet> {
    const fleet = new Fleet(around);
    fleet.#members = await fleet.#startAll(plans);
    return fleet;
  }

  get modems(): readonly Modem[] {
    return this.#members.map(({ modem }) => modem);
  }

  /**
   * @throws OperatorError where the config is wrong, before anything is touched, or where a port cannot be had; those that
   * would have changed run again as they were then
   */
  async change(modems: readonly ModemConfig[]): Promise<Changes> {
    const plans = await planAll(modems);
    const difference = differenceOf(this.#members, plans);
    const { removed, replaced } = difference;
    await this.#swap([...removed, ...replaced.map(({ old }) => old)], difference);
    for (const { old, plan } of difference.adapted) adapt(old, plan);
    const byName = new Map(this.#members.map(member => [member.plan.config.name, member]));
    this.#members = plans.map(plan => {
      const { modem, plan: own } = byName.get(plan.config.name)!;
      return { modem, plan: { ...own, config: plan.config, routing: plan.routing, conditions: plan.conditions } };
    });
    this.changed.emit();
    return namesOf(difference);
  }

  async close(): Promise<void> {
    const members = this.#members;
    this.#members = [];
    await Promise.all(members.map(({ modem }) => endModem(modem, this.#around)));
  }

  /** First comes what needs no port of those that leave: if that fails, nobody has been touched. */
  async #swap(leaving: readonly Member[], { started, replaced }: Difference): Promise<void> {
    const waiting = new Set(started.filter(plan => needsPortOf(plan, leaving)));
    const first = await this.#startAll(started.filter(plan => !waiting.has(plan)));
    await this.#closeAll(leaving);
    const staying = this.#members.filter(member => !leaving.includes(member));
    try {
      const second = await this.#startAll([...waiting, ...replaced.map(({ plan }) => plan)]);
      this.#members = [...staying, ...first, ...second];
      for (const { modem } of [...first, ...second]) this.started.emit(modem);
    } catch (error) {
      await Promise.all(first.map(({ modem }) => endModem(modem, this.#around)));
      await this.#restore(staying, leaving);
      throw error;
    }
  }

  async #restore(staying: readonly Member[], left: readonly Member[]): Promise<void> {
    this.#members = staying;
    try {
      const again = await this.#startAll(left.map(({ plan }) => plan));
      this.#members = [...staying, ...again];
      for (const { modem } of again) this.started.emit(modem);
      this.changed.emit();
    } catch (error) {
      this.#around.log.error({ err: error }, 'modems that a change of the config closed cannot be started again');
    }
  }

  /** All of them, or none. */
  async #startAll(plans: readonly ModemPlan[]): Promise<Member[]> {
    const { done, failure } = await inParallel(plans, startsAtOnce, async plan => ({
      plan,
      modem: await startModem(plan, this.#around),
    }));
    if (done.length === plans.length) return done;
    await Promise.all(done.map(({ modem }) => endModem(modem, this.#around)));
    throw failure;
  }

  async #closeAll(members: readonly Member[]): Promise<void> {
    for (const { modem } of members) this.leaving.emit(modem);
    await Promise.all(members.map(({ modem }) => endModem(modem, this.#around)));
  }
}

/** @throws OperatorError for what is wrong with any of them; nothing was opened then */
export async function planAll(modems: readonly ModemConfig[]): Promise<ModemPlan[]> {
  const named = withNames(modems);
  claim(named, error => {
    throw error;
  });
  const plans: ModemPlan[] = [];
  for (const modem of named) plans.push(await planModem(modem));
  return plans;
}

interface Difference {
  kept: Member[];
  adapted: { old: Member; plan: ModemPlan }[];
  replaced: { old: Member; plan: ModemPlan }[];
  started: ModemPlan[];
  removed: Member[];
}

function differenceOf(members: readonly Member[], plans: readonly ModemPlan[]): Difference {
  const before = new Map(members.map(member => [member.plan.config.name, member]));
  const difference: Difference = { kept: [], adapted: [], replaced: [], started: [], removed: [] };
  for (const plan of plans) {
    const old = before.get(plan.config.name);
    before.delete(plan.config.name);
    if (!old) difference.started.push(plan);
    else if (old.plan.fingerprint !== plan.fingerprint) difference.replaced.push({ old, plan });
    else if (isSame(old.plan, plan)) difference.kept.push(old);
    else difference.adapted.push({ old, plan });
  }
  difference.removed.push(...before.values());
  return difference;
}

const isSame = (a: ModemPlan, b: ModemPlan): boolean => same(a.routing, b.routing) && same(a.conditions, b.conditions);

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function adapt({ modem, plan: old }: Member, { routing, conditions }: ModemPlan): void {
  modem.reroute(routing);
  // What is alike in both was not touched in the file: it may have been changed by hand meanwhile, and stays so.
  const changed = Object.entries(conditions).filter(([key, value]) => !same(value, old.conditions[key as never]));
  applyConditions(modem.surroundings.cellular, Object.fromEntries(changed));
}

function needsPortOf(plan: ModemPlan, leaving: readonly Member[]): boolean {
  const textual = ({ name, ...config }: NamedModem) => ({ name, port: portsOf(config) });
  let clashes = false;
  const others = leaving.map(member => textual({ ...member.plan.config, name: `leaving ${member.plan.config.name}` }));
  claim([...others, textual(plan.config)], () => {
    clashes = true;
  });
  return clashes;
}

function namesOf({ kept, adapted, replaced, started, removed }: Difference): Changes {
  return {
    kept: kept.map(({ plan }) => plan.config.name),
    adapted: adapted.map(({ plan }) => plan.config.name),
    restarted: replaced.map(({ plan }) => plan.config.name),
    started: started.map(plan => plan.config.name),
    removed: removed.map(({ plan }) => plan.config.name),
  };
}
