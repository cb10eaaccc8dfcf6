/**
 * What the cellular network around a module is like, in words: for a config, and for whoever changes it while the modem
 * runs. What is left out stays as it is.
 */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import type { Cellular } from './cellular.js';
import { defaultOperators, type NetworkOperator } from './operators.js';
import type { RegistrationStat } from './registration.js';

/** In the order of `<stat>` [27.007 7.2]. */
export const registrationWords = ['none', 'home', 'searching', 'denied', 'unknown', 'roaming'] as const;
export type RegistrationWord = (typeof registrationWords)[number];

export interface OperatorNames {
  long: string;
  /** Default: as `long`. */
  short?: string;
  /** MCC and MNC, 5 or 6 digits. */
  numeric: string;
  /** Access technology, as in +COPS. Default 7, E-UTRAN. */
  act?: number;
}

export interface NetworkConditions {
  /** What the network says to whoever registers, in all domains. */
  registration?: RegistrationWord;
  /** As +CSQ has it: 0..31, or 99 for unknown. */
  signal?: number;
  /** The one that the module registers with by itself. */
  operator?: OperatorNames;
  /** Does the network give packet data? Without it the module registers, and neither attaches nor gets an address. */
  packetData?: boolean;
}

/** What a module meets unless told otherwise. */
export const usualConditions = {
  registration: 'home',
  signal: 28,
  operator: defaultOperators[0]!,
  packetData: true,
} satisfies Required<NetworkConditions>;

/** Before power-on, or while the modem runs. @throws OperatorError for a figure or a name that is none */
export function applyConditions(cellular: Cellular, conditions: NetworkConditions): void {
  const { registration, signal, operator, packetData } = conditions;
  if (operator !== undefined) cellular.operators.changeHome(operatorOf(operator));
  if (signal !== undefined) cellular.signal.set({ rssi: signal });
  if (packetData !== undefined) cellular.offerPacketData(packetData);
  if (registration !== undefined) cellular.registration.set(statOf(registration));
}

/** @throws OperatorError for what is none, as plain JavaScript may hand it over */
export function statOf(word: RegistrationWord): RegistrationStat {
  const stat = registrationWords.indexOf(word);
  if (stat >= 0) return stat as RegistrationStat;
  throw new OperatorError('config', 'no such registration state', {
    found: String(word),
    expected: registrationWords.join(', '),
    hint: didYouMean(String(word), registrationWords) || undefined,
  });
}

const operatorOf = ({ long, short = long, numeric, act = 7 }: OperatorNames): NetworkOperator => ({
  long,
  short,
  numeric,
  act,
  access: 'open',
});
