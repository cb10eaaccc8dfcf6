/** Do the modems of a config speak dialects that exist, and do these have the settings? Said at the config's own lines. */
import { OperatorError } from '../base/errors.js';
import { type ConfigFile, placed, whereItStands } from '../config/file.js';
import type { ModemConfig } from '../config/modem-config.js';
import { ConfigError } from '../config/problems.js';
import { openDialect } from '../dialects/open.js';

/** @throws ConfigError; GrammarError where a grammar itself is wrong */
export async function checkDialects(file: ConfigFile): Promise<void> {
  const problems = new Map<string, OperatorError>();
  const seen = new Set<string>();
  for (const [i, modem] of file.config.modems.entries()) {
    const key = JSON.stringify([file.origins[i], modem.dialect, modem.profile, modem.settings]);
    if (seen.has(key)) continue;
    seen.add(key);
    for (const problem of await problemsOf(file, i, modem)) problems.set(problem.message, problem);
  }
  if (problems.size > 0) throw new ConfigError([...problems.values()]);
}

async function problemsOf(file: ConfigFile, index: number, modem: ModemConfig): Promise<OperatorError[]> {
  const { dialect, profile, settings = {} } = modem;
  if (!(await failure({ dialect, profile, settings }))) return [];
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
