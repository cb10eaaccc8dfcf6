/** The scenario that a modem of a config names: read, and checked against the dialect that it speaks. */
import { openDialect } from '../dialects/open.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { ModemConfig } from './modem-config.js';

export interface PlannedModem<Config extends ModemConfig> {
  /** With the scenario's dialect, where nobody chose another. */
  config: Config;
  scenario: Scenario | undefined;
}

/** @throws ConfigError where the scenario is wrong, OperatorError where the dialect is */
export async function planScenario<Config extends ModemConfig>(given: Config): Promise<PlannedModem<Config>> {
  if (given.scenario === undefined) return { config: given, scenario: undefined };
  const { checkScenarioDialect, readScenarioFile } = await import('./scenario-file.js');
  const read = await readScenarioFile(given.scenario);
  const config = { ...given, dialect: given.dialect ?? read.scenario.dialect };
  const { dialect = 'w800', profile, settings } = config;
  await checkScenarioDialect(read, await openDialect(dialect, { profile, overrides: settings }));
  return { config, scenario: read.scenario };
}
