/**
 * Faults, as the API needs them of whoever strikes. One small face, so that what the API does with them can be seen without
 * any of them; the only place here that knows how faults are made.
 */
import type { Signal } from '../base/signal.js';
import type * as armed from '../scenarios/armed-fault.js';
import { faultCatalogue } from '../scenarios/catalogue.js';
import { checkFault } from '../scenarios/fault.js';
import type { ModemFaults } from '../scenarios/modem-faults.js';
import type { FaultNews } from '../scenarios/register.js';
import type { ActiveFault, FaultSpec } from './messages.js';

/** Of one modem. */
export interface ModemFaultControl {
  /** With it a run can be repeated. */
  readonly seed: number;
  readonly active: readonly ActiveFault[];
  /** How often faults have struck, since the start. */
  readonly struck: number;
  readonly news: Signal<FaultNews>;
  /** @throws OperatorError for what is no fault, or not of this kind */
  inject(request: unknown): ActiveFault;
  /** @returns whether it was there */
  lift(id: number): boolean;
}

export interface FaultControl {
  readonly catalogue: readonly FaultSpec[];
  /** By the name of the modem. */
  of(modem: string): ModemFaultControl | undefined;
}

/** @param faults by the name of the modem */
export function faultControl(faults: ReadonlyMap<string, ModemFaults>): FaultControl {
  return {
    catalogue: faultCatalogue.map(specOf),
    of: modem => {
      const own = faults.get(modem);
      return own && controlOf(own);
    },
  };
}

function controlOf(faults: ModemFaults): ModemFaultControl {
  return {
    seed: faults.seed,
    news: faults.news,
    get active() {
      return faults.active.map(activeOf);
    },
    get struck() {
      return faults.struck;
    },
    inject: request => activeOf(faults.inject(checkFault(request))),
    lift: id => faults.lift(id),
  };
}

function specOf({ name, layer, title, parameters }: (typeof faultCatalogue)[number]): FaultSpec {
  return { name, layer, title, parameters: { ...parameters } };
}

function activeOf({ id, name, layer, text, values, state, struck }: armed.ActiveFault): ActiveFault {
  return { id, fault: name, layer, text, parameters: { ...values }, state, struck };
}
