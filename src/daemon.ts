/** Wires it all: config to modems with their ports, the embedded broker, the state folder. Starts them, and stops them. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Clock, systemClock } from './base/clock.js';
import { OperatorError } from './base/errors.js';
import { type Log, silentLog } from './base/log.js';
import { largestSeed } from './base/random.js';
import { parseBroker } from './broker/choice.js';
import type { EmbeddedBroker } from './broker/embedded.js';
import type { Cloud } from './clouds/cloud.js';
import type { DaemonConfig, ModemConfig } from './config/modem-config.js';
import { type PlannedModem, planScenarios } from './config/modem-scenarios.js';
import { dialectOperations } from './dialects/index.js';
import { openDialect } from './dialects/open.js';
import { builtInLibrary } from './grammar/library.js';
import { whoHas } from './grammar/who-has.js';
import { Modem } from './modem/modem.js';
import type { RunOperation } from './modem/operation.js';
import { operations as coreRuns } from './modem/operations/index.js';
import { parseListen } from './net/listen.js';
import { isLoopback } from './net/policy.js';
import { parseRoute } from './net/route.js';
import { Surroundings } from './network/surroundings.js';
import { createPort, parsePort } from './ports/open-port.js';
import type { Port } from './ports/port.js';
import type { ModemFaults, ModemFaultsOptions } from './scenarios/modem-faults.js';
import type { Scenario } from './scenarios/scenario.js';
import type { ScenarioRun } from './scenarios/scenario-run.js';
import { StateFolder, storeInMemory } from './store/state-folder.js';

export interface DaemonParts {
  clock?: Clock;
  log?: Log;
  /** Who stands between a modem and its first port: for a recording of what passes. */
  between?: (port: Port, modem: Modem, config: ModemConfig) => Port;
}

export interface Daemon {
  readonly modems: readonly Modem[];
  readonly broker: EmbeddedBroker | undefined;
  /** By the modem's name. Empty where faults cannot come: such a daemon pays nothing for them. */
  readonly faults: ReadonlyMap<string, ModemFaults>;
  /** By the modem's name: the scenarios that play. */
  readonly scenarios: ReadonlyMap<string, ScenarioRun>;
  /** What chance in faults follows from; undefined where they cannot come. */
  readonly seed: number | undefined;
  /** Removes links, closes sockets, writes what flash keeps. Safe to call twice. */
  stop(): Promise<void>;
}

const runs: ReadonlyMap<string, RunOperation> = new Map([
  ...coreRuns,
  ...Object.entries(dialectOperations).map(([name, { run }]) => [name, run] as const),
]);

/** @throws OperatorError for what the operator got wrong; what was started before is stopped again */
export async function startDaemon(
  config: DaemonConfig,
  { clock = systemClock, log = silentLog, between = port => port }: DaemonParts = {},
): Promise<Daemon> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    checkRoutes(config);
    const broker = await startBroker(config, clock, log);
    if (broker) undo.push(() => broker.stop());
    const state = config.state === undefined ? undefined : await StateFolder.open(config.state, log);
    if (state) undo.push(() => state.close());
    const planned = await planScenarios(config);
    const seed = seedOf(config, planned);
    if (seed !== undefined) log.info({ seed }, `faults may come, by the seed ${seed}`);
    const modems: Modem[] = [];
    const faults = new Map<string, ModemFaults>();
    const scenarios = new Map<string, ScenarioRun>();
    const names = namesOf(config.modems);
    for (const [i, { config: each, scenario }] of planned.entries()) {
      const name = names[i]!;
      const own = seed === undefined ? undefined : await makeFaults({ name, seed, clock, log });
      if (own) {
        faults.set(name, own);
        undo.push(async () => own.stop());
      }
      const modem = await makeModem({ ...each, name }, { clock, log, broker, state, faults: own });
      undo.push(() => modem.close());
      const [first, ...others] = await makePorts(modem, each, clock);
      // What is recorded is what the host sees: faults of the line are on the module's side of it.
      for (const port of [between(first!, modem, each), ...others]) await modem.addChannel(own?.wrap(port) ?? port);
      await injectFaults(own, each);
      if (scenario && own) {
        const played = await play(scenario, each, { modem, broker, faults: own });
        scenarios.set(name, played);
        undo.push(async () => played.stop());
      }
      modem.start();
      modems.push(modem);
    }
    return { modems, broker, faults, scenarios, seed, stop };
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

/** Without the broker every dial by that route would fail, and the firmware would be looked at for it. */
function checkRoutes({ broker, modems }: DaemonConfig): void {
  if (broker !== 'none') return;
  const found = modems.flatMap(({ routes = [] }) => routes).find(route => parseRoute(route).target === 'embedded');
  if (found === undefined) return;
  throw new OperatorError('config', 'a route leads to the embedded broker, which does not run', {
    found: `${found}, and the broker \`none\``,
    hint: 'Leave `--broker none` out, or route to a broker that runs: HOST=HOST:PORT.',
  });
}

async function startBroker(config: DaemonConfig, clock: Clock, log: Log): Promise<EmbeddedBroker | undefined> {
  const { broker = 'embedded', brokerHost: host, ca } = config;
  const choice = parseBroker(broker);
  const cloud = await openCloud(config);
  if (choice.kind === 'none') return undefined;
  const { startEmbeddedBroker } = await import('./broker/embedded.js');
  const { port } = choice;
  return startEmbeddedBroker({ host, port, fallback: port === undefined, cloud, ca, clock, log });
}

async function openCloud({ cloud, broker }: DaemonConfig): Promise<Cloud | undefined> {
  if (cloud === undefined) return undefined;
  if (broker === 'none')
    throw new OperatorError('config', 'a cloud is the embedded broker, which does not run', {
      found: 'a device list, and the broker `none`',
      hint: 'Leave `--broker none` out.',
    });
  const { makeCloud } = await import('./clouds/cloud.js');
  if (typeof cloud !== 'string') return makeCloud(cloud);
  const { readCloudFile } = await import('./config/cloud-file.js');
  return makeCloud(await readCloudFile(cloud));
}

/** Undefined where no fault can come. Of several scenarios the first that has a seed gives it. */
function seedOf({ modems, faults, seed }: DaemonConfig, planned: readonly PlannedModem[]): number | undefined {
  if (seed !== undefined) return checkSeed(seed);
  const scenarios = planned.flatMap(({ scenario }) => scenario ?? []);
  const mayCome = scenarios.length > 0 || (faults ?? modems.some(modem => (modem.faults ?? []).length > 0));
  if (!mayCome) return undefined;
  return scenarios.find(scenario => scenario.seed !== undefined)?.seed ?? randomInt(largestSeed);
}

function checkSeed(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed <= largestSeed) return seed;
  throw new OperatorError('config', 'not a seed', {
    found: String(seed),
    expected: `a whole number from 0 to ${largestSeed}`,
  });
}

async function makeFaults({ log, ...options }: ModemFaultsOptions): Promise<ModemFaults> {
  const { ModemFaults } = await import('./scenarios/modem-faults.js');
  return new ModemFaults({ ...options, log: log.child({ modem: options.name }) });
}

async function injectFaults(faults: ModemFaults | undefined, { faults: wanted = [] }: ModemConfig): Promise<void> {
  if (!faults || wanted.length === 0) return;
  const { checkFault } = await import('./scenarios/fault.js');
  for (const each of wanted) faults.inject(checkFault(each));
}

/** Where nobody gives power but the scenario, it begins at once. */
async function play(
  scenario: Scenario,
  { power }: ModemConfig,
  parts: { modem: Modem; broker: EmbeddedBroker | undefined; faults: ModemFaults },
): Promise<ScenarioRun> {
  const { ScenarioRun } = await import('./scenarios/scenario-run.js');
  const { clock, log } = parts.modem;
  const played = new ScenarioRun(scenario, { ...parts, clock, log });
  if (power === 'manual') played.begin();
  return played;
}

interface Around {
  clock: Clock;
  log: Log;
  broker: EmbeddedBroker | undefined;
  state: StateFolder | undefined;
  faults: ModemFaults | undefined;
}

async function makeModem(
  config: ModemConfig & { name: string },
  { clock, log, broker, state, faults }: Around,
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
  const modem = new Modem({
    name,
    dialect,
    operations: runs,
    surroundings,
    store: state ? await state.module(name) : storeInMemory(),
    certificates: readCertificates(config.certs ?? {}, modemLog),
    dial: {
      routes: (config.routes ?? []).map(parseRoute),
      policy: config.dial ?? (listensBeyondLoopback(config) ? 'routes' : 'any'),
      embedded: () => broker,
      ...faults?.dial,
    },
    faults,
    listen: (config.listen ?? []).map(parseListen),
    power: config.power ?? 'attach',
    timing,
    clock,
    log: modemLog,
    whoHas: command => whoHas(command, library, dialect.name),
  });
  faults?.join(modem);
  return modem;
}

const portsOf = ({ port = 'pty' }: ModemConfig): readonly (string | Port)[] =>
  Array.isArray(port) ? port : [port as string | Port];

function makePorts(modem: Modem, config: ModemConfig, clock: Clock): Promise<Port[]> {
  const made = portsOf(config).map(port =>
    typeof port === 'string' ? createPort(parsePort(port), { clock, log: modem.log, ptyMode: config.ptyMode }) : port,
  );
  return Promise.all(made);
}

/** Whoever reaches the port could otherwise reach whatever this host reaches. */
function listensBeyondLoopback(config: ModemConfig): boolean {
  return portsOf(config).some(port => {
    if (typeof port !== 'string') return false;
    const spec = parsePort(port);
    return spec.kind === 'tcp' && spec.host !== 'localhost' && !isLoopback(spec.host);
  });
}

function readCertificates(certs: Readonly<Record<string, string | Buffer>>, log: Log): Map<string, Buffer> {
  const contents = Object.entries(certs).map(
    ([name, file]) => [name, Buffer.isBuffer(file) ? file : readCertificate(name, file)] as const,
  );
  for (const [name, bytes] of contents) {
    // A test may want just that, so it is no error; every TLS dial that uses it will fail.
    if (!isPemOrDer(bytes)) log.warn({ cert: name }, `the certificate \`${name}\` is neither PEM nor DER`);
  }
  return new Map(contents);
}

/** DER begins with a SEQUENCE. */
const isPemOrDer = (bytes: Buffer): boolean => bytes[0] === 0x30 || bytes.includes('-----BEGIN ');

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
