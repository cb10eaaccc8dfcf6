/** From a plan to a modem that runs: its surroundings, its store, its ports. */
import type { Clock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { EmbeddedBroker } from '../broker/embedded.js';
import { portsOf } from '../config/claims.js';
import type { ModemConfig } from '../config/modem-config.js';
import { dialectOperations } from '../dialects/index.js';
import { builtInLibrary } from '../grammar/library.js';
import { whoHas } from '../grammar/who-has.js';
import { Modem } from '../modem/modem.js';
import type { RunOperation } from '../modem/operation.js';
import { operations as coreRuns } from '../modem/operations/index.js';
import { applyConditions } from '../network/conditions.js';
import { Surroundings } from '../network/surroundings.js';
import { createPort, parsePort } from '../ports/open-port.js';
import type { Port } from '../ports/port.js';
import type { ModemFaults } from '../scenarios/modem-faults.js';
import type { ScenarioRun } from '../scenarios/scenario-run.js';
import type { FileStore } from '../store/files.js';
import { type StateFolder, storeInMemory } from '../store/state-folder.js';
import { injectFaults, makeFaults, seedOf } from './faults.js';
import { aboutModem, type ModemPlan } from './plan.js';

/** What all modems of a daemon share. */
export interface Around {
  clock: Clock;
  log: Log;
  broker: EmbeddedBroker | undefined;
  state: StateFolder | undefined;
  /** What chance in faults follows from; undefined where none can come. */
  seed: number | undefined;
  /** By the modem's name: the scenarios that play. */
  scenarios: Map<string, ScenarioRun>;
  /** Of each modem that runs, by its name. */
  faults: Map<string, ModemFaults>;
  /** Who stands between a modem and its first port, next to the host: for a recording of what passes. */
  between: ((port: Port, modem: Modem, config: ModemConfig) => Port) | undefined;
}

const runs: ReadonlyMap<string, RunOperation> = new Map([
  ...coreRuns,
  ...Object.entries(dialectOperations).map(([name, { run }]) => [name, run] as const),
]);

/** @throws OperatorError, with the modem's name in it; nothing of it is left then */
export async function startModem(plan: ModemPlan, around: Around): Promise<Modem> {
  const { name } = plan.config;
  let modem: Modem | undefined;
  try {
    const faults = await faultsFor(plan, around);
    modem = await makeModem(plan, around, faults);
    faults?.join(modem);
    await openPorts(modem, plan.config, around, faults);
    if (faults) await injectFaults(faults, plan.config);
    await playScenario(plan, modem, around);
    modem.start();
    return modem;
  } catch (error) {
    if (modem) await endModem(modem, around);
    throw aboutModem(name, error);
  }
}

export async function endModem(modem: Modem, { faults, scenarios }: Around): Promise<void> {
  scenarios.get(modem.name)?.stop();
  faults.get(modem.name)?.stop();
  faults.delete(modem.name);
  await modem.close();
}

/** A scenario that comes with a reload brings faults where none could come before. */
async function faultsFor({ config, scenario }: ModemPlan, around: Around): Promise<ModemFaults | undefined> {
  const { name } = config;
  if (scenario) around.seed ??= seedOf({ modems: [config] }, [{ scenario }]);
  const { seed, clock, log, faults } = around;
  if (seed === undefined) return undefined;
  const own = await makeFaults({ name, seed, clock, log });
  faults.set(name, own);
  return own;
}

/** Where nobody gives power but the scenario, it begins at once. */
async function playScenario({ config, scenario }: ModemPlan, modem: Modem, around: Around): Promise<void> {
  const faults = around.faults.get(modem.name);
  if (!scenario || !faults) return;
  const { ScenarioRun } = await import('../scenarios/scenario-run.js');
  const { clock, log } = modem;
  const played = new ScenarioRun(scenario, { modem, broker: around.broker, faults, clock, log });
  around.scenarios.set(modem.name, played);
  if (config.power === 'manual') played.begin();
}

async function makeModem(
  plan: ModemPlan,
  { clock, log, broker, state }: Around,
  faults: ModemFaults | undefined,
): Promise<Modem> {
  const { config, dialect, routing, certificates, files } = plan;
  const { name, timing = 'instant' } = config;
  const library = await builtInLibrary();
  const modemLog = log.child({ modem: name });
  tellUnreadable(certificates, modemLog);
  const store = state ? await state.module(name) : storeInMemory();
  placeFiles(store.files, files);
  return new Modem({
    name,
    dialect,
    operations: runs,
    surroundings: surroundingsOf(plan, clock, modemLog),
    store,
    certificates,
    dial: { ...routing, embedded: () => broker, ...faults?.dial },
    faults,
    listen: plan.listen,
    power: config.power ?? 'attach',
    timing,
    clock,
    log: modemLog,
    whoHas: command => whoHas(command, library, dialect.name),
  });
}

function surroundingsOf({ config, dialect, conditions }: ModemPlan, clock: Clock, log: Log): Surroundings {
  const surroundings = new Surroundings({
    name: config.name,
    clock,
    timing: config.timing,
    bearers: [dialect.bearer],
    cellular: { sim: config.sim, address: config.address },
    wifi: { accessPoints: config.accessPoints },
    identity: config.identity,
    time: { policy: config.clock },
    log,
  });
  applyConditions(surroundings.cellular, conditions);
  return surroundings;
}

async function openPorts(
  modem: Modem,
  config: ModemConfig,
  { clock, between }: Around,
  faults: ModemFaults | undefined,
): Promise<void> {
  const { ptyMode, timing, baud } = config;
  const options = { ptyMode, paced: timing === 'real', strictBaud: baud === 'strict', clock, log: modem.log };
  for (const [i, port] of portsOf(config).entries()) {
    const made = typeof port === 'string' ? await createPort(parsePort(port), options) : port;
    const heard = i === 0 && between ? between(made, modem, config) : made;
    await modem.addChannel(faults?.wrap(heard) ?? heard);
  }
}

function placeFiles(store: FileStore, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    const outcome = store.place(Buffer.from(name, 'utf8').toString('latin1'), bytes);
    // What a state folder has of it may have changed since.
    if (outcome === 'done' || outcome === 'exists') continue;
    throw new OperatorError('config', `the module has no place for the file \`${name}\``, {
      found: outcome === 'bad-name' ? 'a name that is none' : `${bytes.length} bytes, with ${store.free} free`,
      expected: 'a name of 1 to 128 signs without `..`, and room in the store (1 MiB)',
    });
  }
}

/** A test may want just that, so it is no error; every TLS dial that uses it will fail. */
function tellUnreadable(certificates: ReadonlyMap<string, Buffer>, log: Log): void {
  for (const [name, bytes] of certificates)
    if (!isPemOrDer(bytes)) log.warn({ cert: name }, `the certificate \`${name}\` is neither PEM nor DER`);
}

/** DER begins with a SEQUENCE. */
const isPemOrDer = (bytes: Buffer): boolean => bytes[0] === 0x30 || bytes.includes('-----BEGIN ');
