/** Faults: which there are, and which a modem suffers from. */
import { ControlFailure } from '../failure.js';
import type { ModemFaultControl } from '../faults.js';
import type { FaultCatalogue, FaultList, Lifted } from '../messages.js';
import { faultRequest } from '../requests.js';
import { type Call, modemOf, type Rig, type Route, write } from './route.js';

const ofModem = '/api/modems/:name/faults';

export const faultRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/faults',
    summary: 'Every fault by name, with its parameters',
    result: 'FaultCatalogue',
    run: ({ rig }): FaultCatalogue => ({ faults: [...catalogueOf(rig)] }),
  },
  {
    method: 'get',
    path: ofModem,
    summary: 'Those that a modem suffers from',
    result: 'FaultList',
    run: (call): FaultList => {
      const { seed, active } = faultsOf(call);
      return { seed, faults: [...active] };
    },
  },
  write(ofModem, {
    summary: 'Injects a fault: { fault: NAME, … } with its parameters',
    body: faultRequest,
    result: 'ActiveFault',
    status: 201,
    run: (call, request) => faultsOf(call).inject(request),
  }),
  {
    method: 'delete',
    path: ofModem,
    summary: 'Lifts all of them',
    result: 'Lifted',
    run: (call): Lifted => {
      const faults = faultsOf(call);
      const ids = faults.active.map(({ id }) => id);
      return { lifted: ids.filter(id => faults.lift(id)).length };
    },
  },
  {
    method: 'delete',
    path: `${ofModem}/:id`,
    summary: 'Lifts one',
    result: 'Lifted',
    run: (call): Lifted => {
      const { id = '' } = call.params;
      if (/^\d{1,15}$/.test(id) && faultsOf(call).lift(Number(id))) return { lifted: 1 };
      const active = faultsOf(call).active.map(each => `${each.id} (${each.fault})`);
      throw new ControlFailure('not-found', 'no such fault is active', {
        found: id.slice(0, 100),
        expected: active.join(', ') || undefined,
      });
    },
  },
];

function catalogueOf({ target }: Rig) {
  if (target.faults) return target.faults.catalogue;
  throw new ControlFailure('conflict', 'faults cannot be injected here');
}

function faultsOf(call: Call): ModemFaultControl {
  const { faults } = modemOf(call);
  if (faults) return faults;
  throw new ControlFailure('conflict', 'faults cannot be injected here');
}
