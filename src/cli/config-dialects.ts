/** Do the modems of a config speak dialects that exist, and do these have the settings? Said at the config's own lines. */
import { OperatorError } from '../base/errors.js';
import { type ConfigFile, placed } from '../config/file.js';
import type { ModemConfig } from '../config/modem-config.js';
import { ConfigError } from '../config/problems.js';
import { openDialect } from '../dialects/open.js';
import { isMap } from '../grammar/document.js';

type Path = readonly (string | number)[];

/** @throws ConfigError; GrammarError where a grammar itself is wrong */
export async function checkDialects(file: ConfigFile): Promise<void> {
  const problems: OperatorError[] = [];
  for (const [i, modem] of file.config.modems.entries()) problems.push(...(await problemsOf(file, i, modem)));
  if (problems.length > 0) throw new ConfigError(problems);
}

async function problemsOf(file: ConfigFile, index: number, modem: ModemConfig): Promise<OperatorError[]> {
  const { dialect = 'w800', settings = {} } = modem;
  if (!(await failure(dialect, settings))) return [];
  const unknown = await failure(dialect);
  if (unknown) return [await placed(file, whereItStands(file, index, 'dialect'), unknown)];
  const problems: OperatorError[] = [];
  for (const [name, value] of Object.entries(settings)) {
    const refused = await failure(dialect, { [name]: value });
    if (refused) problems.push(await placed(file, [...whereItStands(file, index, 'settings', name)], refused));
  }
  return problems;
}

async function failure(dialect: string, overrides?: ModemConfig['settings']): Promise<OperatorError | undefined> {
  try {
    await openDialect(dialect, { overrides });
    return undefined;
  } catch (error) {
    // A mistake inside a grammar has its own place.
    if (error instanceof OperatorError && error.code === 'usage') return error;
    throw error;
  }
}

/** In the modem itself, else in what it takes from `defaults`. */
function whereItStands({ document }: ConfigFile, index: number, ...keys: string[]): Path {
  const own: Path = ['modems', index, ...keys];
  const reached = own.reduce<unknown>(
    (at, key) => (isMap(at) || Array.isArray(at) ? at[key as never] : undefined),
    document,
  );
  return reached === undefined ? ['defaults', ...keys] : own;
}
