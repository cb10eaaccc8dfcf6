/** All that can be found wrong with a modem before anything of it is opened: its dialect, rules and files. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { OperatorError } from '../base/errors.js';
import { type NamedModem, portsOf } from '../config/claims.js';
import { planScenario } from '../config/modem-scenarios.js';
import { openDialect } from '../dialects/open.js';
import type { Dialect } from '../grammar/dialect.js';
import { isGrammarPath } from '../grammar/library.js';
import { type ListenRule, parseListen } from '../net/listen.js';
import { type DialPolicy, isLoopback } from '../net/policy.js';
import { parseRoute, type Route } from '../net/route.js';
import { type NetworkConditions, usualConditions } from '../network/conditions.js';
import { parsePort } from '../ports/open-port.js';
import type { Scenario } from '../scenarios/scenario.js';

/** What can change while the modem runs: links that stand live on, and the next dial goes the new way. */
export interface Routing {
  routes: readonly Route[];
  policy: DialPolicy;
}

export interface ModemPlan {
  config: NamedModem;
  dialect: Dialect;
  scenario: Scenario | undefined;
  routing: Routing;
  listen: readonly ListenRule[];
  conditions: Required<NetworkConditions>;
  certificates: ReadonlyMap<string, Buffer>;
  files: ReadonlyMap<string, Buffer>;
  /** Two plans with the same are one modem, but for routing and conditions: of what it is made from, files by content. */
  fingerprint: string;
}

/** @throws OperatorError, with the modem's name in it */
export async function planModem(given: NamedModem): Promise<ModemPlan> {
  try {
    const { config, scenario } = await planScenario(given);
    const { dialect: wanted = 'w800', profile, settings } = config;
    const dialect = await openDialect(wanted, { profile, overrides: settings });
    const certificates = contentsOf('certificate', config.certs);
    const files = contentsOf('file', config.files);
    return {
      config,
      dialect,
      scenario,
      routing: {
        routes: (config.routes ?? []).map(parseRoute),
        policy: config.dial ?? (listensBeyondLoopback(config) ? 'routes' : 'any'),
      },
      listen: (config.listen ?? []).map(parseListen),
      conditions: { ...usualConditions, ...config.network },
      certificates,
      files,
      fingerprint: fingerprintOf(config, [...certificates.values(), ...files.values()]),
    };
  } catch (error) {
    throw aboutModem(given.name, error);
  }
}

/** The error again, with the modem that it is about. What has a place of its own stays as it is. */
export function aboutModem(modem: string, error: unknown): unknown {
  if (!(error instanceof OperatorError) || error.constructor !== OperatorError) return error;
  return new OperatorError(error.code, error.summary, { ...error.details, modem });
}

/** Whoever reaches the port could otherwise reach whatever this host reaches. */
function listensBeyondLoopback(config: NamedModem): boolean {
  return portsOf(config).some(port => {
    if (typeof port !== 'string') return false;
    const spec = parsePort(port);
    return 'host' in spec && spec.host !== 'localhost' && !isLoopback(spec.host);
  });
}

type Contents = Readonly<Record<string, string | Buffer>>;

function contentsOf(kind: string, named: Contents = {}): Map<string, Buffer> {
  return new Map(
    Object.entries(named).map(([name, file]) => [name, Buffer.isBuffer(file) ? file : read(kind, name, file)]),
  );
}

function read(kind: string, name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new OperatorError('config', `cannot read the ${kind} \`${name}\``, {
      found: file,
      hint: (cause as Error).message,
      cause,
    });
  }
}

function fingerprintOf(config: NamedModem, contents: readonly Buffer[]): string {
  const { routes, dial, network, certs, files, port, ...same } = config;
  const hash = createHash('sha256').update(JSON.stringify([same, Object.keys(certs ?? {}), Object.keys(files ?? {})]));
  for (const each of portsOf(config))
    hash.update(typeof each === 'string' ? `port ${each}\n` : `object ${idOf(each)}\n`);
  for (const bytes of contents) hash.update(`${bytes.length}\n`).update(bytes);
  for (const file of [config.dialect, config.scenario])
    if (file !== undefined && (file === config.scenario || isGrammarPath(file))) hash.update(read('file', file, file));
  return hash.digest('base64');
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/** One number for one object. */
function idOf(object: object): number {
  const id = ids.get(object) ?? ++lastId;
  ids.set(object, id);
  return id;
}
