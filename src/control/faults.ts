/**
 * Faults, as the API needs them of whoever strikes. One small face, so that what the API does with them can be seen without
 * any of them.
 */
import type { Signal } from '../base/signal.js';
import type { ActiveFault, FaultSpec } from './messages.js';

export interface FaultNews {
  what: 'injected' | 'lifted' | 'struck';
  id: number;
  /** Its name. */
  fault: string;
}

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
