/**
 * What is wrong with a config that a schema cannot see: what has a spelling of its own, files that are not there, and what
 * two modems cannot both have. Looks at files; starts nothing.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { OperatorError } from '../base/errors.js';
import { parseBroker } from '../broker/choice.js';
import { parseControlListen } from '../control/settings.js';
import { parseListen } from '../net/listen.js';
import { parseRoute } from '../net/route.js';
import { Identity } from '../network/identity.js';
import { parsePort } from '../ports/open-port.js';
import { claim, portsOf, withNames } from './claims.js';
import type { DaemonConfig, ModemConfig } from './modem-config.js';
import { hasPlaceholder } from './templates.js';
import type { Path } from './yaml-file.js';

export interface Mistake {
  /** Of the modem in the config; undefined where it is no modem's. */
  index: number | undefined;
  /** By the keys of the file, from the modem's entry on, or from the top. */
  path: Path;
  error: OperatorError;
}

export function mistakesIn({ broker, control, modems }: DaemonConfig): Mistake[] {
  const mistakes: Mistake[] = [];
  const attempt = (index: number | undefined, path: Path, act: () => unknown) => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error;
      mistakes.push({ index, path, error });
    }
  };
  if (broker !== undefined) attempt(undefined, ['broker'], () => parseBroker(broker));
  if (control !== undefined) attempt(undefined, ['control', 'listen'], () => parseControlListen(control.listen));
  for (const [index, modem] of modems.entries()) for (const [path, act] of checksOf(modem)) attempt(index, path, act);
  claim(withNames(modems), (error, index, what) => mistakes.push({ index, path: [what], error }));
  return mistakes;
}

function* checksOf(modem: ModemConfig): Iterable<[Path, () => unknown]> {
  const { name = '', routes = [], listen = [], identity = {}, address, certs = {}, files = {}, scenario } = modem;
  yield [['name'], () => checkNumbered(name)];
  for (const [i, route] of routes.entries()) yield [['routes', i], () => parseRoute(route)];
  for (const [i, rule] of listen.entries()) yield [['listen', i], () => parseListen(rule)];
  for (const port of portsOf(modem)) if (typeof port === 'string') yield [['port'], () => checkPort(port)];
  for (const [field, value] of Object.entries(identity))
    yield [['identity', field === 'apMac' ? 'ap-mac' : field], () => new Identity(name, { [field]: value })];
  if (address !== undefined) yield [['address'], () => checkAddress(address)];
  for (const [slot, file] of Object.entries(certs)) yield [['certs', slot], () => checkFile(file)];
  for (const [slot, file] of Object.entries(files)) yield [['files', slot], () => checkFile(file)];
  if (scenario !== undefined) yield [['scenario'], () => checkFile(scenario)];
}

function checkPort(port: string): void {
  checkNumbered(port);
  parsePort(port);
}

/** A brace is a letter like any other elsewhere; here it is the number that was forgotten. */
function checkNumbered(text: string): void {
  if (!hasPlaceholder(text)) return;
  throw new OperatorError('config', '{n} stands for a number only beside `count`', {
    found: text,
    hint: 'Say how many: `count: 10`.',
  });
}

function checkAddress(address: string): void {
  if (isIPv4(address)) return;
  throw new OperatorError('config', '`address` cannot be that', { found: address, expected: 'an IPv4 address' });
}

function checkFile(file: string | Buffer): void {
  if (typeof file !== 'string') return;
  try {
    accessSync(file, constants.R_OK);
  } catch (cause) {
    throw new OperatorError('config', `cannot read ${file}`, { hint: (cause as Error).message, cause });
  }
  if (!statSync(file).isDirectory()) return;
  throw new OperatorError('config', `cannot read ${file}`, { found: 'a folder', expected: 'a file' });
}
