/** What a step of a scenario does to a modem and around it. */
import type { Clock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { applyOverrides } from '../grammar/overrides.js';
import type { Address } from '../grammar/vocabulary.js';
import type { Modem } from '../modem/modem.js';
import type { Fault } from './fault.js';
import type { ModemFaults } from './modem-faults.js';
import type { Action } from './scenario.js';
import type { ScenarioBroker } from './sightings.js';

export interface ActionParts {
  modem: Modem;
  faults: ModemFaults;
  broker: ScenarioBroker | undefined;
  clock: Clock;
  log: Log;
}

/** What brought a step about. `command`: it was typed, and nothing of it is done yet. `start`: power is coming. */
export type Occasion = 'start' | 'command' | 'other';

/**
 * Faults are injected at once, so that they strike the very command that brought them about; all else happens in a later
 * turn, when the modem is in the middle of nothing.
 */
export function act(action: Action, occasion: Occasion, parts: ActionParts): void {
  if (action.does === 'fault' && isAtOnce(action.fault, occasion)) inject(action.fault, occasion, parts);
  else parts.clock.soon(() => attempt(parts, () => perform(action, parts)));
}

/** A module cannot restart while it is starting, nor while it does something; the network may change at any time. */
const isAtOnce = ({ spec }: Fault, occasion: Occasion): boolean =>
  spec.begins === 'at-points' || occasion === 'command' || (occasion === 'start' && spec.layer === 'network');

/** What would begin at once begins at the command, as such faults do at theirs. */
function inject(fault: Fault, occasion: Occasion, parts: ActionParts): void {
  const { nth, at, rate, command } = fault.when;
  const waits = [nth, at, rate, command].some(condition => condition !== undefined);
  const isHere = occasion === 'command' && fault.spec.begins === 'at-once' && !waits;
  attempt(parts, () => parts.faults.inject(isHere ? atThisCommand(fault) : fault));
}

const atThisCommand = (fault: Fault): Fault => ({ ...fault, when: { ...fault.when, nth: 1 } });

function perform(action: Action, parts: ActionParts): unknown {
  const { modem, faults, broker } = parts;
  switch (action.does) {
    case 'fault':
      return faults.inject(action.fault);
    case 'lift':
      return lift(action.name, faults);
    case 'urc':
      return modem.channels[action.channel]?.urc(action.text);
    case 'publish': {
      const { topic, payload, qos, retain } = action;
      return broker?.publish(topic, payload, { qos, retain });
    }
    case 'power':
      return power(action.to, modem);
    case 'set':
      return Object.entries(action.values).map(([name, value]) => set(name, value, modem));
    default:
      return action satisfies never;
  }
}

function lift(name: string | undefined, faults: ModemFaults): void {
  for (const fault of faults.active) if (name === undefined || fault.name === name) faults.lift(fault.id);
}

function power(to: 'on' | 'off' | 'restart', modem: Modem): void {
  if (to !== 'on') modem.powerOff();
  if (to !== 'off') modem.powerOn();
}

/** As a host would have stored it: on every channel, or for the first of whatever it is kept by. */
function set(name: string, value: string | number | boolean, modem: Modem): void {
  const { of } = modem.dialect.settings.get(name) ?? { of: undefined };
  const stored = applyOverrides(modem.dialect, { [name]: value }).settings.get(name)?.factory;
  const first: Address = { client: modem.clients.first, link: modem.links.first, cid: 1 };
  const addresses = of === 'channel' ? modem.channels.map(({ address }) => address) : [first];
  for (const address of addresses) modem.settings.set({ name, of }, stored, address);
}

/** What cannot be done, such as one fault too many, is told; the scenario goes on, and its expectations will show it. */
function attempt({ log }: ActionParts, work: () => unknown): void {
  try {
    const result = work();
    if (result instanceof Promise) result.catch((error: Error) => tell(log, error));
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    tell(log, error);
  }
}

const tell = (log: Log, error: Error): void => log.error({ err: error }, 'the scenario cannot do that');
