/**
 * Do the modems of a config speak dialects that exist, and do these have the settings, and what their scenarios name? Said at
 * the config's own lines, and at the scenario's.
 */
import { OperatorError } from '../base/errors.js';
import { type ConfigFile, placed, whereItStands } from '../config/file.js';
import type { ModemConfig } from '../config/modem-config.js';
import { checkScenarioOf, readScenarioOf } from '../config/modem-scenarios.js';
import { ConfigError } from '../config/problems.js';
import type { ScenarioFile } from '../config/scenario-file.js';
import { openDialect } from '../dialects/open.js';

/** @throws ConfigError; GrammarError where a grammar itself is wrong */
export async function checkDialects(file: ConfigFile): Promise<void> {
  const problems = new Map<string, OperatorError>();
  const seen = new Set<string>();
  for (const [i, modem] of file.config.modems.entries()) {
    const key = JSON.stringify([file.origins[i], modem.dialect, modem.profile, modem.settings, modem.scenario]);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const problem of await problemsOf(file, i, modem)) problems.set(problem.message, problem);
  }
  if (problems.size > 0) throw new ConfigError([...problems.values()]);
}

async function problemsOf(file: ConfigFile, index: number, modem: ModemConfig): Promise<OperatorError[]> {
  const read = await readScenarioOf(modem);
  const { dialect = read?.scenario.dialect, profile, settings = {} } = modem;
  const spoken = { dialect, profile, settings };
  if (!(await failure(spoken))) return read ? lacking(spoken, read) : [];
  const unknown = await failure({ dialect });
  if (unknown) return [await placed(file, whereItStands(file, index, 'dialect'), unknown)];
  const unknownProfile = await failure({ dialect, profile });
  if (unknownProfile) return [await placed(file, whereItStands(file, index, 'profile'), unknownProfile)];
  const problems: OperatorError[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const refused = await failure({ dialect, profile, settings: { [name]: value } });
    if (refused) problems.push(await placed(file, whereItStands(file, index, 'settings', name), refused));
  }
  return problems;
}

/** What the scenario names that the dialect lacks. */
async function lacking(modem: Spoken, read: ScenarioFile): Promise<OperatorError[]> {
  try {
    await checkScenarioOf(modem, read);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [...error.problems];
    throw error;
  }
}

type Spoken = Pick<ModemConfig, 'dialect' | 'profile' | 'settings'>;

async function failure({ dialect = 'w800', profile, settings }: Spoken): Promise<OperatorError | undefined> {
  try {
    await openDialect(dialect, { profile, overrides: settings });
    return undefined;
  } catch (error) {
    // A mistake inside a grammar has its own place.
    if (error instanceof OperatorError && error.code === 'usage') return error;
    throw error;
  }
}
