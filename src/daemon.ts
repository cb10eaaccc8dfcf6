/** Wires it all: config to modems with their ports, the embedded broker, the state folder. Starts them, changes them, stops them. */
import { join } from 'node:path';
import { type Clock, systemClock } from './base/clock.js';
import { OperatorError } from './base/errors.js';
import { type Log, silentLog } from './base/log.js';
import type { Signal } from './base/signal.js';
import { parseBroker } from './broker/choice.js';
import type { EmbeddedBroker } from './broker/embedded.js';
import type { Cloud } from './clouds/cloud.js';
import type { DaemonConfig } from './config/modem-config.js';
import type { Control } from './control/server.js';
import type { ControlSettings } from './control/settings.js';
import type { ControlTarget } from './control/target.js';
import { seedOf } from './daemon/faults.js';
import { type Changes, Fleet, planAll } from './daemon/fleet.js';
import type { Around } from './daemon/start-modem.js';
import { packageRoot, packageVersion } from './grammar/library.js';
import type { Modem } from './modem/modem.js';
import { parseRoute } from './net/route.js';
import type { ModemFaults } from './scenarios/modem-faults.js';
import type { ScenarioRun } from './scenarios/scenario-run.js';
import { StateFolder } from './store/state-folder.js';

export interface DaemonParts {
  clock?: Clock;
  log?: Log;
  /** Who stands between a modem and its first port: for a recording of what passes. */
  between?: Around['between'];
}

export interface Daemon {
  /** In the order of the config. */
  readonly modems: readonly Modem[];
  readonly broker: EmbeddedBroker | undefined;
  readonly control: Control | undefined;
  /** By the modem's name. Empty where faults cannot come: such a daemon pays nothing for them. */
  readonly faults: ReadonlyMap<string, ModemFaults>;
  /** By the modem's name: the scenarios that play. */
  readonly scenarios: ReadonlyMap<string, ScenarioRun>;
  /** What chance in faults follows from; undefined where they cannot come. */
  readonly seed: number | undefined;
  /** A modem that came with a reload: new, or in place of the one of that name. */
  readonly started: Signal<Modem>;
  /** A modem that a reload is about to close. */
  readonly leaving: Signal<Modem>;
  /**
   * Another config from now on; what is alike in both is not touched (daemon/fleet.ts). What all modems share cannot change.
   * @throws OperatorError; all is as it was then
   */
  reload(config: DaemonConfig): Promise<Changes>;
  /** Removes links, closes sockets, writes what flash keeps. Safe to call twice. */
  stop(): Promise<void>;
}

/** @throws OperatorError for what the operator got wrong; what was started before is stopped again */
export async function startDaemon(
  config: DaemonConfig,
  { clock = systemClock, log = silentLog, between }: DaemonParts = {},
): Promise<Daemon> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    checkRoutes(config);
    const controlled = await checkControl(config);
    const broker = await startBroker(config, clock, log);
    if (broker) undo.push(() => broker.stop());
    const state = config.state === undefined ? undefined : await StateFolder.open(config.state, log);
    if (state) undo.push(() => state.close());
    const plans = await planAll(config.modems);
    const seed = seedOf(config, plans);
    if (seed !== undefined) log.info({ seed }, `faults may come, by the seed ${seed}`);
    const faults = new Map<string, ModemFaults>();
    const around: Around = { clock, log, broker, state, seed, faults, scenarios: new Map(), between };
    const fleet = await Fleet.start(plans, around);
    undo.push(() => fleet.close());
    const control =
      controlled &&
      (await openControl(controlled, { fleet, broker, clock, log, faults: seed === undefined ? undefined : faults }));
    if (control) undo.push(() => control.stop());
    return new RunningDaemon(config, fleet, { around, control, end: stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One reload at a time, and none beside a stop. */
class RunningDaemon implements Daemon {
  #last: Promise<unknown> = Promise.resolve();

  readonly control: Control | undefined;
  readonly #around: Around;
  readonly #end: () => Promise<void>;

  constructor(
    readonly config: DaemonConfig,
    readonly fleet: Fleet,
    { around, control, end }: { around: Around; control: Control | undefined; end: () => Promise<void> },
  ) {
    this.control = control;
    this.#around = around;
    this.#end = end;
  }

  get broker(): EmbeddedBroker | undefined {
    return this.#around.broker;
  }

  get faults(): ReadonlyMap<string, ModemFaults> {
    return this.#around.faults;
  }

  get scenarios(): ReadonlyMap<string, ScenarioRun> {
    return this.#around.scenarios;
  }

  get seed(): number | undefined {
    return this.#around.seed;
  }

  get modems(): readonly Modem[] {
    return this.fleet.modems;
  }

  get started(): Signal<Modem> {
    return this.fleet.started;
  }

  get leaving(): Signal<Modem> {
    return this.fleet.leaving;
  }

  reload(config: DaemonConfig): Promise<Changes> {
    return this.#next(() => {
      checkShared(this.config, config);
      checkRoutes(config);
      return this.fleet.change(config.modems);
    });
  }

  stop(): Promise<void> {
    return this.#next(this.#end);
  }

  #next<T>(act: () => Promise<T>): Promise<T> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** Their spelling in a config file. */
const shared = {
  broker: 'broker',
  brokerHost: 'broker-host',
  cloud: 'cloud',
  ca: 'ca',
  state: 'state',
  control: 'control',
} as const;

/** The broker has its clients, the state folder its lock: whoever changes them starts anew. */
function checkShared(before: DaemonConfig, after: DaemonConfig): void {
  for (const [key, name] of Object.entries(shared) as [keyof typeof shared, string][]) {
    if (JSON.stringify(before[key]) === JSON.stringify(after[key])) continue;
    throw new OperatorError('config', `\`${name}\` cannot change while atmodem runs`, {
      found: inWords(after[key], 'another one'),
      expected: inWords(before[key], 'what it was'),
      hint: 'Stop atmodem and start it again; or put it back, and reload the rest.',
    });
  }
}

/** What has parts may have a secret among them. */
const inWords = (value: unknown, ofParts: string): string =>
  typeof value === 'object' ? ofParts : String(value ?? 'nothing');

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

async function checkControl({ control }: DaemonConfig): Promise<ControlSettings | undefined> {
  if (control === undefined) return undefined;
  const { controlSettings } = await import('./control/settings.js');
  return controlSettings(control);
}

interface Controlled extends Pick<ControlTarget, 'broker' | 'clock' | 'log'> {
  fleet: Fleet;
  /** Undefined where none can come. */
  faults: Daemon['faults'] | undefined;
}

/** The API and what it needs is loaded only where it is asked for. */
async function openControl(settings: ControlSettings, { fleet, faults, ...rest }: Controlled): Promise<Control> {
  const { startControl } = await import('./control/server.js');
  const { faultControl } = await import('./control/faults.js');
  return startControl({
    settings,
    target: {
      ...rest,
      get modems() {
        return fleet.modems;
      },
      modemsChanged: fleet.changed,
      faults: faults && faultControl(faults),
      version: packageVersion(),
    },
    pagesFolder: join(packageRoot(), 'dist', 'web'),
  });
}
