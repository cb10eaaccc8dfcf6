/** The faults of each modem, where any can come: a daemon without pays nothing for them. */
import { randomInt } from 'node:crypto';
import { OperatorError } from '../base/errors.js';
import { largestSeed } from '../base/random.js';
import type { DaemonConfig, ModemConfig } from '../config/modem-config.js';
import type { ModemFaults, ModemFaultsOptions } from '../scenarios/modem-faults.js';
import type { Scenario } from '../scenarios/scenario.js';

/**
 * What chance follows from; undefined where no fault can come. Of several scenarios the first that has a seed gives it.
 * @throws OperatorError
 */
export function seedOf(
  { modems, faults, seed, control }: DaemonConfig,
  plans: readonly { scenario: Scenario | undefined }[],
): number | undefined {
  if (seed !== undefined) return checkSeed(seed);
  const scenarios = plans.flatMap(({ scenario }) => scenario ?? []);
  if (scenarios.length > 0) return seedOfScenarios(scenarios);
  const mayCome = faults ?? (control !== undefined || modems.some(modem => (modem.faults ?? []).length > 0));
  return mayCome ? randomInt(largestSeed) : undefined;
}

const seedOfScenarios = (scenarios: readonly Scenario[]): number =>
  scenarios.find(scenario => scenario.seed !== undefined)?.seed ?? randomInt(largestSeed);

function checkSeed(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed <= largestSeed) return seed;
  throw new OperatorError('config', 'not a seed', {
    found: String(seed),
    expected: `a whole number from 0 to ${largestSeed}`,
  });
}

export async function makeFaults({ log, ...options }: ModemFaultsOptions): Promise<ModemFaults> {
  const { ModemFaults } = await import('../scenarios/modem-faults.js');
  return new ModemFaults({ ...options, log: log.child({ modem: options.name }) });
}

/** Those that are there from the start. @throws OperatorError */
export async function injectFaults(faults: ModemFaults, { faults: wanted = [] }: ModemConfig): Promise<void> {
  if (wanted.length === 0) return;
  const { checkFault } = await import('../scenarios/fault.js');
  for (const each of wanted) faults.inject(checkFault(each));
}
