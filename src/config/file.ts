/**
 * A config file: YAML with the options of the command line by the same names, a list of modems and what they share.
 * Reads and checks it; every mistake is named at its line and column. Paths in it are from the file's own folder.
 */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { OperatorError } from '../base/errors.js';
import type { ControlConfig } from '../control/settings.js';
import { enablePlaces, isMap, merge, placeIn, type Raw } from '../grammar/document.js';
import { isGrammarPath } from '../grammar/library.js';
import { mistakesIn } from './mistakes.js';
import type { DaemonConfig, ModemConfig } from './modem-config.js';
import type { ConfigDocument, ModemDocument } from './schema.js';
import { numbered } from './templates.js';
import { type Path, type Problem, problemsOf, readYaml, refuse } from './yaml-file.js';

/** A config file that was read; what is found wrong with it later can still be placed. */
export interface ConfigFile {
  file: string;
  document: Raw;
  config: DaemonConfig;
  /** The place in `modems:` that each modem of the config comes from. */
  origins: readonly number[];
}

/** @throws ConfigError */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const document = await readYaml(file, { title: 'a config', expected: '`modems:` and a list' });
  const { configSchema, knownKeys } = await import('./schema.js');
  const parsed = configSchema.safeParse(document);
  if (!parsed.success) {
    await refuse(
      file,
      document,
      parsed.error.issues.flatMap(issue => problemsOf(issue, document, knownKeys)),
    );
    throw parsed.error;
  }
  const read = { file, document, ...configOf(parsed.data, dirname(file)) };
  const problems = mistakesIn(read.config).map(({ index, path, error }): Problem => {
    const { summary, details } = error;
    return { ...details, path: index === undefined ? path : whereItStands(read, index, ...path), summary };
  });
  await refuse(file, document, withoutRepeats(problems));
  return read;
}

/** The error again, now with the line of the config that it is about. */
export async function placed(read: Pick<ConfigFile, 'file' | 'document'>, path: Path, error: OperatorError) {
  await enablePlaces();
  return new OperatorError(error.code, error.summary, { ...error.details, place: placeIn(read, path) });
}

/** The place of what a modem has: in its own entry, else in what it takes from `defaults`. @param index in the config */
export function whereItStands({ document, origins }: ConfigFile, index: number, ...keys: Path): Path {
  const own: Path = ['modems', origins[index] ?? index];
  const [section] = keys;
  if (section === undefined) return own;
  const isOwn =
    valueAt(document, [...own, ...keys]) !== undefined || Array.isArray(valueAt(document, [...own, section]));
  return isOwn || valueAt(document, ['defaults', section]) === undefined ? [...own, ...keys] : ['defaults', ...keys];
}

const valueAt = (document: Raw, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (isMap(at) || Array.isArray(at) ? at[key as never] : undefined), document);

/** What is wrong with an entry is wrong with each modem that is made of it. */
function withoutRepeats(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const key = problem.path.join('\0');
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}

// From the file's names to the daemon's.

function configOf(
  { modems, defaults = {}, broker, 'broker-host': brokerHost, cloud, ca, state, control }: ConfigDocument,
  folder: string,
): Pick<ConfigFile, 'config' | 'origins'> {
  const entries = modems.flatMap((modem, origin) =>
    alike(merge(defaults, modem) as ModemDocument).map(document => ({ origin, modem: modemOf(document, folder) })),
  );
  const config = {
    broker,
    brokerHost,
    cloud: cloud === undefined ? undefined : fromFolder(folder, cloud),
    ca: ca === undefined ? undefined : fromFolder(folder, ca),
    state: state === undefined ? undefined : fromFolder(folder, state),
    control: control && controlOf(control, folder),
    modems: entries.map(({ modem }) => modem),
  };
  return { config, origins: entries.map(({ origin }) => origin) };
}

function alike({ count, ...modem }: ModemDocument): ModemDocument[] {
  return count === undefined ? [modem] : Array.from({ length: count }, (_, i) => numbered(modem, i + 1));
}

function controlOf(
  { listen, 'token-file': tokenFile }: NonNullable<ConfigDocument['control']>,
  folder: string,
): ControlConfig {
  return { listen, tokenFile: tokenFile === undefined ? undefined : fromFolder(folder, tokenFile) };
}

function modemOf(document: ModemDocument, folder: string): ModemConfig {
  const { 'access-points': accessPoints, 'pty-mode': ptyMode, identity, network, ...rest } = document;
  const { certs, files, dialect, scenario, ...same } = rest;
  const { 'ap-mac': apMac, ...numbers } = identity ?? {};
  const { 'packet-data': packetData, ...conditions } = network ?? {};
  return {
    ...same,
    dialect: dialect !== undefined && isGrammarPath(dialect) ? fromFolder(folder, dialect) : dialect,
    identity: identity && { ...numbers, ...(apMac === undefined ? {} : { apMac }) },
    network: network && { ...conditions, ...(packetData === undefined ? {} : { packetData }) },
    certs: allFromFolder(folder, certs),
    files: allFromFolder(folder, files),
    scenario: scenario === undefined ? undefined : fromFolder(folder, scenario),
    accessPoints,
    ptyMode: ptyMode === undefined ? undefined : Number.parseInt(ptyMode, 8),
  };
}

const allFromFolder = (folder: string, files: Readonly<Record<string, string>> | undefined) =>
  files && Object.fromEntries(Object.entries(files).map(([name, file]) => [name, fromFolder(folder, file)]));

/** Still a path where it has no folder: `./vendor.yaml`, never `vendor`. */
function fromFolder(folder: string, path: string): string {
  const whole = isAbsolute(path) ? path : join(folder, path);
  return basename(whole) === whole ? `./${whole}` : whole;
}
