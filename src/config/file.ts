/**
 * A config file: YAML with the options of the command line by the same names, a list of modems and what they share.
 * Reads and checks it; every mistake is named at its line and column. Paths in it are from the file's own folder.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import { OperatorError, type OperatorErrorDetails } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import { parseBroker } from '../broker/choice.js';
import { enablePlaces, isMap, merge, placeIn, type Raw } from '../grammar/document.js';
import { isGrammarPath } from '../grammar/library.js';
import { parseRoute } from '../net/route.js';
import { parsePort } from '../ports/open-port.js';
import type { DaemonConfig, ModemConfig } from './modem-config.js';
import { ConfigError } from './problems.js';
import type { ConfigDocument, ModemDocument } from './schema.js';

type Path = readonly (string | number)[];

/** A config file that was read; what is found wrong with it later can still be placed. */
export interface ConfigFile {
  file: string;
  document: Raw;
  config: DaemonConfig;
}

interface Problem extends Omit<OperatorErrorDetails, 'place'> {
  path: Path;
  summary: string;
}

/** @throws ConfigError */
export async function readConfigFile(file: string): Promise<ConfigFile> {
  const document = await readYaml(file);
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
  await refuse(file, document, misspelt(parsed.data));
  return { file, document, config: configOf(parsed.data, dirname(file)) };
}

/** The error again, now with the line of the config that it is about. */
export async function placed({ file, document }: Omit<ConfigFile, 'config'>, path: Path, error: OperatorError) {
  await enablePlaces();
  return new OperatorError('config', error.summary, { ...error.details, place: placeIn({ file, document }, path) });
}

async function readYaml(file: string): Promise<Raw> {
  const { load, YAMLException } = await import('js-yaml');
  let document: unknown;
  try {
    document = load(readFileSync(file, 'utf8'), { filename: file });
  } catch (cause) {
    if (!(cause instanceof YAMLException)) throw unreadable(file, cause as Error);
    const { line = 0, column = 0 } = cause.mark ?? {};
    const place = { file, line: line + 1, column: column + 1 };
    throw new ConfigError([new OperatorError('config', cause.reason, { place, cause })]);
  }
  if (isMap(document)) return document;
  throw new ConfigError([
    new OperatorError('config', 'not a config', {
      place: { file, line: 1, column: 1 },
      expected: '`modems:` and a list',
    }),
  ]);
}

const unreadable = (file: string, cause: Error) =>
  new OperatorError('config', `cannot read ${file}`, { hint: cause.message, cause });

async function refuse(file: string, document: Raw, problems: readonly Problem[]): Promise<void> {
  if (problems.length === 0) return;
  await enablePlaces();
  throw new ConfigError(
    problems.map(
      ({ path, summary, ...details }) =>
        new OperatorError('config', summary, { ...details, place: placeIn({ file, document }, path) }),
    ),
  );
}

// What the schema found, in the house's words.

function problemsOf(
  issue: z.core.$ZodIssue,
  document: Raw,
  knownKeys: (path: readonly PropertyKey[]) => readonly string[],
): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(path);
    return issue.keys.map(key => ({
      path: [...path, key],
      summary: `unknown key \`${key}\``,
      expected: known.join(', '),
      hint: didYouMean(key, known) || undefined,
    }));
  }
  const found = path.reduce<unknown>((at, key) => (at as Raw | undefined)?.[key], document);
  const name = path.filter(key => typeof key === 'string').at(-1) ?? 'config';
  if (found === undefined) return [{ path, summary: `\`${name}\` is missing`, expected: issue.message }];
  const hint = issue.code === 'invalid_value' ? didYouMean(String(found), issue.values.map(String)) : '';
  return [
    {
      path,
      summary: `\`${name}\` cannot be that`,
      found: JSON.stringify(found),
      expected: issue.message,
      hint: hint || undefined,
    },
  ];
}

// What has a spelling of its own.

function misspelt({ modems, defaults = {}, broker }: ConfigDocument): Problem[] {
  const problems: Problem[] = [];
  const attempt = (path: Path, parse: () => unknown) => {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      problems.push({ path, summary: error.summary, ...error.details });
    }
  };
  const routes = (path: Path, { routes = [] }: Pick<ModemDocument, 'routes'>) => {
    for (const [i, route] of routes.entries()) attempt([...path, 'routes', i], () => parseRoute(route));
  };
  if (broker !== undefined) attempt(['broker'], () => parseBroker(broker));
  routes(['defaults'], defaults);
  for (const [i, modem] of modems.entries()) {
    routes(['modems', i], modem);
    for (const port of portsOf(modem)) attempt(['modems', i, 'port'], () => parsePort(port));
  }
  return problems;
}

const portsOf = ({ port = [] }: ModemDocument): readonly string[] => (typeof port === 'string' ? [port] : port);

// From the file's names to the daemon's.

function configOf(
  { modems, defaults = {}, broker, 'broker-host': brokerHost, ca, state }: ConfigDocument,
  folder: string,
): DaemonConfig {
  return {
    broker,
    brokerHost,
    ca: ca === undefined ? undefined : fromFolder(folder, ca),
    state: state === undefined ? undefined : fromFolder(folder, state),
    modems: modems.map(modem => modemOf(merge(defaults, modem) as ModemDocument, folder)),
  };
}

function modemOf(document: ModemDocument, folder: string): ModemConfig {
  const { 'access-points': accessPoints, 'pty-mode': ptyMode, identity, certs, dialect, ...rest } = document;
  const { 'ap-mac': apMac, ...numbers } = identity ?? {};
  return {
    ...rest,
    dialect: dialect !== undefined && isGrammarPath(dialect) ? fromFolder(folder, dialect) : dialect,
    identity: identity && { ...numbers, ...(apMac === undefined ? {} : { apMac }) },
    certs: certs && Object.fromEntries(Object.entries(certs).map(([name, file]) => [name, fromFolder(folder, file)])),
    accessPoints,
    ptyMode: ptyMode === undefined ? undefined : Number.parseInt(ptyMode, 8),
  };
}

/** Still a path where it has no folder: `./vendor.yaml`, never `vendor`. */
function fromFolder(folder: string, path: string): string {
  const whole = isAbsolute(path) ? path : join(folder, path);
  return basename(whole) === whole ? `./${whole}` : whole;
}
