/** Reads a config file again and brings the daemon to it; what is wrong is told at its place, and leaves all as it is. */
import { OperatorError } from '../base/errors.js';
import { withNames } from '../config/claims.js';
import { type ConfigFile, placed, readConfigFile, whereItStands } from '../config/file.js';
import type { DaemonConfig } from '../config/modem-config.js';
import type { Changes } from '../daemon/fleet.js';
import type { Daemon } from '../daemon.js';
import { checkDialects } from './config-dialects.js';

export interface ConfigSource {
  file: string;
  /** What stands on top of the file: the options of the command line. */
  complete(config: DaemonConfig): DaemonConfig;
}

/** @throws OperatorError */
export async function readSource({ file }: Pick<ConfigSource, 'file'>): Promise<ConfigFile> {
  const read = await readConfigFile(file);
  await checkDialects(read);
  return read;
}

/** @throws OperatorError; the daemon runs on as it was then */
export async function reloadConfig(source: ConfigSource, daemon: Pick<Daemon, 'reload'>): Promise<Changes> {
  const read = await readSource(source);
  const config = source.complete(read.config);
  try {
    return await daemon.reload(config);
  } catch (error) {
    throw await atItsPlace(read, config, error);
  }
}

/** What goes wrong with one modem only once it starts, such as a port that is taken, now with the line of that modem. */
export async function atItsPlace(read: ConfigFile, { modems }: DaemonConfig, error: unknown): Promise<unknown> {
  if (!(error instanceof OperatorError) || error.details.modem === undefined || error.details.place) return error;
  const index = withNames(modems).findIndex(({ name }) => name === error.details.modem);
  if (index < 0) return error;
  return placed(read, whereItStands(read, index, ...(error.code === 'port' ? ['port'] : [])), error);
}

export function changesInWords({ started, removed, restarted, adapted, kept }: Changes): string {
  const parts = Object.entries({ started, removed, restarted, adapted }).flatMap(([what, names]) =>
    names.length === 0 ? [] : [`${what}: ${shown(names)}`],
  );
  parts.push(`${kept.length} as before`);
  return `the config was read again; ${parts.join('; ')}`;
}

const most = 5;

const shown = (names: readonly string[]): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
