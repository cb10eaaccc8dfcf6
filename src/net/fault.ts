/**
 * The seam for network faults: a dial meets these points in this order, and a scenario may spoil any of them. With no
 * scenario the seam costs one comparison a step.
 */
import { forever, pause } from './deadline.js';
import type { DialEnvironment, Transport } from './dial.js';
import { DialError, type DialFailure } from './outcome.js';

export type DialStep = 'dns' | 'tcp' | 'tls' | 'websocket';

/** Who a link is to. */
export interface LinkPoint {
  /** As the request names them, before routes; port 0 where a name is only asked for. */
  host: string;
  port: number;
  transport: Transport | 'udp';
}

export interface FaultPoint extends LinkPoint {
  step: DialStep;
}

export type FaultOutcome =
  | { fault: 'fail'; outcome: DialFailure; cause?: string; after?: number }
  | { fault: 'delay'; ms: number }
  | { fault: 'hang' };

export async function meetFault(
  point: FaultPoint,
  env: Pick<DialEnvironment, 'fault' | 'clock' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const fault = env.fault?.(point);
  if (!fault) return;
  env.log.debug({ ...point, ...fault }, 'fault on the network');
  const wait = { signal, clock: env.clock };
  switch (fault.fault) {
    case 'delay':
      return pause(fault.ms, wait);
    case 'hang':
      return forever(signal);
    case 'fail':
      if (fault.after) await pause(fault.after, wait);
      throw new DialError(fault.outcome, fault.cause ?? `${point.step}: a fault of the scenario`);
  }
}
