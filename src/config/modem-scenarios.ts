/** The scenarios that the modems of a config name: read, and checked against the dialects that these speak. */
import { openDialect } from '../dialects/open.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { DaemonConfig, ModemConfig } from './modem-config.js';

export interface PlannedModem {
  /** With the scenario's dialect, where nobody chose another. */
  config: ModemConfig;
  scenario: Scenario | undefined;
}

/** @throws ConfigError where a scenario is wrong, OperatorError where a dialect is */
export function planScenarios({ modems }: DaemonConfig): Promise<readonly PlannedModem[]> {
  return Promise.all(
    modems.map(async config => (config.scenario === undefined ? { config, scenario: undefined } : planned(config))),
  );
}

async function planned(given: ModemConfig): Promise<PlannedModem> {
  const { checkScenarioDialect, readScenarioFile } = await import('./scenario-file.js');
  const read = await readScenarioFile(given.scenario!);
  const config = { ...given, dialect: given.dialect ?? read.scenario.dialect };
  const { dialect = 'w800', settings } = config;
  await checkScenarioDialect(read, await openDialect(dialect, { overrides: settings }));
  return { config, scenario: read.scenario };
}
