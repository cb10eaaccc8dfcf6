/** The scenario that a modem of a config names: read, and checked against the dialect that it speaks. */
import { openDialect } from '../dialects/open.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { ModemConfig } from './modem-config.js';
import type { ScenarioFile } from './scenario-file.js';

export interface PlannedModem<Config extends ModemConfig> {
  /** With the scenario's dialect, where nobody chose another. */
  config: Config;
  scenario: Scenario | undefined;
}

/** @throws ConfigError where the scenario is wrong, OperatorError where the dialect is */
export async function planScenario<Config extends ModemConfig>(given: Config): Promise<PlannedModem<Config>> {
  const read = await readScenarioOf(given);
  if (!read) return { config: given, scenario: undefined };
  const config = { ...given, dialect: given.dialect ?? read.scenario.dialect };
  await checkScenarioOf(config, read);
  return { config, scenario: read.scenario };
}

/** @throws ConfigError */
export async function readScenarioOf({ scenario }: Pick<ModemConfig, 'scenario'>): Promise<ScenarioFile | undefined> {
  if (scenario === undefined) return undefined;
  const { readScenarioFile } = await import('./scenario-file.js');
  return readScenarioFile(scenario);
}

/** @throws ConfigError where it names what the dialect lacks, OperatorError where the dialect is wrong */
export async function checkScenarioOf(modem: Spoken, read: ScenarioFile): Promise<void> {
  const { checkScenarioDialect } = await import('./scenario-file.js');
  const { dialect = 'w800', profile, settings } = modem;
  await checkScenarioDialect(read, await openDialect(dialect, { profile, overrides: settings }));
}

type Spoken = Pick<ModemConfig, 'dialect' | 'profile' | 'settings'>;
