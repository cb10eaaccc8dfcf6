/**
 * Options as plain JavaScript hands them over, where no compiler looked at them: a name or a word that is none is told,
 * with the nearest right one. What needs more than a list of words is checked where it is read.
 */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import type { ModemConfig } from './modem-config.js';
import { baudPolicies, clockPolicies, dialPolicies, powerPolicies, timings } from './words.js';

type Words = readonly string[] | 'any';

const modemOptions: Readonly<Record<keyof ModemConfig, Words>> = {
  name: 'any',
  dialect: 'any',
  profile: 'any',
  port: 'any',
  routes: 'any',
  dial: dialPolicies,
  listen: 'any',
  settings: 'any',
  power: powerPolicies,
  timing: timings,
  baud: baudPolicies,
  certs: 'any',
  files: 'any',
  identity: 'any',
  sim: 'any',
  accessPoints: 'any',
  address: 'any',
  network: 'any',
  clock: clockPolicies,
  faults: 'any',
  scenario: 'any',
  ptyMode: 'any',
};

/** @throws OperatorError */
export function checkOptions(config: ModemConfig): void {
  for (const [name, value] of Object.entries(config)) {
    const words = (modemOptions as Readonly<Record<string, Words>>)[name];
    if (words === undefined) throw unknown(`no option \`${name}\` of a modem`, name, Object.keys(modemOptions));
    if (words !== 'any' && value !== undefined && !words.includes(value))
      throw unknown(`no such \`${name}\``, String(value), words);
  }
}

function unknown(summary: string, found: string, words: readonly string[]): OperatorError {
  const hint = didYouMean(found, words);
  return new OperatorError('config', summary, { found, expected: words.join(', '), hint: hint || undefined });
}
