/**
 * A config file: YAML with the options of the command line by the same names, a list of modems and what they share.
 * Reads and checks it; every mistake is named at its line and column. Paths in it are from the file's own folder.
 */
import { basename, dirname, isAbsolute, join } from 'node:path';
import { OperatorError } from '../base/errors.js';
import { parseBroker } from '../broker/choice.js';
import { type ControlConfig, parseControlListen } from '../control/settings.js';
import { enablePlaces, merge, placeIn, type Raw } from '../grammar/document.js';
import { isGrammarPath } from '../grammar/library.js';
import { parseListen } from '../net/listen.js';
import { parseRoute } from '../net/route.js';
import { parsePort } from '../ports/open-port.js';
import type { DaemonConfig, ModemConfig } from './modem-config.js';
import type { ConfigDocument, ModemDocument } from './schema.js';
import { type Path, type Problem, problemsOf, readYaml, refuse } from './yaml-file.js';

/** A config file that was read; what is found wrong with it later can still be placed. */
export interface ConfigFile {
  file: string;
  document: Raw;
  config: DaemonConfig;
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
  await refuse(file, document, misspelt(parsed.data));
  return { file, document, config: configOf(parsed.data, dirname(file)) };
}

/** The error again, now with the line of the config that it is about. */
export async function placed({ file, document }: Omit<ConfigFile, 'config'>, path: Path, error: OperatorError) {
  await enablePlaces();
  return new OperatorError('config', error.summary, { ...error.details, place: placeIn({ file, document }, path) });
}

// What has a spelling of its own.

function misspelt({ modems, defaults = {}, broker, control }: ConfigDocument): Problem[] {
  const problems: Problem[] = [];
  const attempt = (path: Path, parse: () => unknown) => {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      problems.push({ path, summary: error.summary, ...error.details });
    }
  };
  const rules = (path: Path, { routes = [], listen = [] }: Pick<ModemDocument, 'routes' | 'listen'>) => {
    for (const [i, route] of routes.entries()) attempt([...path, 'routes', i], () => parseRoute(route));
    for (const [i, rule] of listen.entries()) attempt([...path, 'listen', i], () => parseListen(rule));
  };
  if (broker !== undefined) attempt(['broker'], () => parseBroker(broker));
  if (control !== undefined) attempt(['control', 'listen'], () => parseControlListen(control.listen));
  rules(['defaults'], defaults);
  for (const [i, modem] of modems.entries()) {
    rules(['modems', i], modem);
    for (const port of portsOf(modem)) attempt(['modems', i, 'port'], () => parsePort(port));
  }
  return problems;
}

const portsOf = ({ port = [] }: ModemDocument): readonly string[] => (typeof port === 'string' ? [port] : port);

// From the file's names to the daemon's.

function configOf(
  { modems, defaults = {}, broker, 'broker-host': brokerHost, cloud, ca, state, control }: ConfigDocument,
  folder: string,
): DaemonConfig {
  return {
    broker,
    brokerHost,
    cloud: cloud === undefined ? undefined : fromFolder(folder, cloud),
    ca: ca === undefined ? undefined : fromFolder(folder, ca),
    state: state === undefined ? undefined : fromFolder(folder, state),
    control: control && controlOf(control, folder),
    modems: modems.map(modem => modemOf(merge(defaults, modem) as ModemDocument, folder)),
  };
}

function controlOf(
  { listen, 'token-file': tokenFile }: NonNullable<ConfigDocument['control']>,
  folder: string,
): ControlConfig {
  return { listen, tokenFile: tokenFile === undefined ? undefined : fromFolder(folder, tokenFile) };
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
