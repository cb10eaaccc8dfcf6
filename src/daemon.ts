/** Wires it all: config to modems with their ports, the embedded broker, the state folder. Starts them, and stops them. */
import { readFileSync } from 'node:fs';
import { type Clock, systemClock } from './base/clock.js';
import { OperatorError } from './base/errors.js';
import { type Log, silentLog } from './base/log.js';
import { parseBroker } from './broker/choice.js';
import type { EmbeddedBroker } from './broker/embedded.js';
import type { DaemonConfig, ModemConfig } from './config/modem-config.js';
import { dialectOperations } from './dialects/index.js';
import type { Dialect } from './grammar/dialect.js';
import { enablePlaces, type Library } from './grammar/document.js';
import { builtInLibrary, isGrammarPath, withGrammarFile } from './grammar/library.js';
import { type LoadOptions, loadDialect } from './grammar/load.js';
import { whoHas } from './grammar/who-has.js';
import { Modem } from './modem/modem.js';
import type { RunOperation } from './modem/operation.js';
import { operations as coreRuns } from './modem/operations/index.js';
import { isLoopback } from './net/policy.js';
import { parseRoute } from './net/route.js';
import { Surroundings } from './network/surroundings.js';
import { createPort, parsePort } from './ports/open-port.js';
import type { Port } from './ports/port.js';
import { StateFolder, storeInMemory } from './store/state-folder.js';

export interface DaemonParts {
  clock?: Clock;
  log?: Log;
}

export interface Daemon {
  readonly modems: readonly Modem[];
  readonly broker: EmbeddedBroker | undefined;
  /** Removes links, closes sockets, writes what flash keeps. Safe to call twice. */
  stop(): Promise<void>;
}

const runs: ReadonlyMap<string, RunOperation> = new Map([
  ...coreRuns,
  ...Object.entries(dialectOperations).map(([name, { run }]) => [name, run] as const),
]);
const specs = Object.fromEntries(Object.entries(dialectOperations).map(([name, { spec }]) => [name, spec]));

/** @throws OperatorError for what the operator got wrong; what was started before is stopped again */
export async function startDaemon(
  config: DaemonConfig,
  { clock = systemClock, log = silentLog }: DaemonParts = {},
): Promise<Daemon> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const broker = await startBroker(config, clock, log);
    if (broker) undo.push(() => broker.stop());
    const state = config.state === undefined ? undefined : await StateFolder.open(config.state, log);
    if (state) undo.push(() => state.close());
    const modems: Modem[] = [];
    const names = namesOf(config.modems);
    for (const [i, each] of config.modems.entries()) {
      const modem = await makeModem({ ...each, name: names[i]! }, { clock, log, broker, state });
      undo.push(() => modem.close());
      await openPorts(modem, each, clock);
      modem.start();
      modems.push(modem);
    }
    return { modems, broker, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function namesOf(modems: readonly ModemConfig[]): string[] {
  const names = modems.map(({ name }, i) => name ?? (i === 0 ? 'modem' : `modem-${i + 1}`));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new OperatorError('config', `two modems are called \`${twice}\``, { hint: 'Give each its own `name`.' });
  return names;
}

async function startBroker(
  { broker = 'embedded', brokerHost }: DaemonConfig,
  clock: Clock,
  log: Log,
): Promise<EmbeddedBroker | undefined> {
  const choice = parseBroker(broker);
  if (choice.kind === 'none') return undefined;
  const { startEmbeddedBroker } = await import('./broker/embedded.js');
  return startEmbeddedBroker({ host: brokerHost, port: choice.port, fallback: choice.port === undefined, clock, log });
}

interface Around {
  clock: Clock;
  log: Log;
  broker: EmbeddedBroker | undefined;
  state: StateFolder | undefined;
}

async function makeModem(
  config: ModemConfig & { name: string },
  { clock, log, broker, state }: Around,
): Promise<Modem> {
  const { name, timing = 'instant' } = config;
  const dialect = await openDialect(config.dialect ?? 'w800', { overrides: config.settings });
  const library = await builtInLibrary();
  const modemLog = log.child({ modem: name });
  const surroundings = new Surroundings({
    name,
    clock,
    timing,
    bearers: [dialect.bearer],
    cellular: { sim: config.sim, address: config.address },
    wifi: { accessPoints: config.accessPoints },
    identity: config.identity,
    time: { policy: config.clock },
    log: modemLog,
  });
  return new Modem({
    name,
    dialect,
    operations: runs,
    surroundings,
    store: state ? await state.module(name) : storeInMemory(),
    certificates: readCertificates(config.certs ?? {}),
    dial: {
      routes: (config.routes ?? []).map(parseRoute),
      policy: config.dial ?? (listensBeyondLoopback(config) ? 'routes' : 'any'),
      embedded: () => broker && { host: broker.host, port: broker.port },
    },
    power: config.power ?? 'attach',
    timing,
    clock,
    log: modemLog,
    whoHas: command => whoHas(command, library, dialect.name),
  });
}

const dialects = new Map<string, Dialect>();

/** A dialect by name or path, loaded once for all modems that want the same. Errors name file, line and column. */
export async function openDialect(wanted: string, options: LoadOptions = {}): Promise<Dialect> {
  const key = JSON.stringify([wanted, options.overrides]);
  const known = dialects.get(key);
  if (known && !isGrammarPath(wanted)) return known;
  const base = await builtInLibrary();
  const { library, name } = isGrammarPath(wanted)
    ? await withGrammarFile(base, wanted)
    : { library: base, name: wanted };
  const dialect = await openDialectIn(library, name, options);
  dialects.set(key, dialect);
  return dialect;
}

/** A dialect of that library, with the operations of every family. */
export async function openDialectIn(library: Library, name: string, options: LoadOptions = {}): Promise<Dialect> {
  const whole = { ...options, operations: specs };
  try {
    return loadDialect(name, library, whole);
  } catch (error) {
    if (!(error instanceof OperatorError) || error.code !== 'grammar') throw error;
    // The parser that knows line numbers is loaded only when something is wrong.
    await enablePlaces();
    return loadDialect(name, library, whole);
  }
}

const portsOf = ({ port = 'pty' }: ModemConfig): readonly (string | Port)[] =>
  Array.isArray(port) ? port : [port as string | Port];

async function openPorts(modem: Modem, config: ModemConfig, clock: Clock): Promise<void> {
  for (const port of portsOf(config)) {
    const made =
      typeof port === 'string'
        ? await createPort(parsePort(port), { clock, log: modem.log, ptyMode: config.ptyMode })
        : port;
    await modem.addChannel(made);
  }
}

/** Whoever reaches the port could otherwise reach whatever this host reaches. */
function listensBeyondLoopback(config: ModemConfig): boolean {
  return portsOf(config).some(port => {
    if (typeof port !== 'string') return false;
    const spec = parsePort(port);
    return spec.kind === 'tcp' && spec.host !== 'localhost' && !isLoopback(spec.host);
  });
}

function readCertificates(certs: Readonly<Record<string, string | Buffer>>): Map<string, Buffer> {
  return new Map(
    Object.entries(certs).map(([name, file]) => [name, Buffer.isBuffer(file) ? file : readCertificate(name, file)]),
  );
}

function readCertificate(name: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new OperatorError('config', `cannot read the certificate \`${name}\``, {
      found: file,
      hint: (cause as Error).message,
      cause,
    });
  }
}
