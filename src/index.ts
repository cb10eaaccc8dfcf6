/**
 * atmodem as a library: what a firmware project's own tests call.
 *
 *     const modem = await startModem({ dialect: 'luat' });
 *     // open modem.port with your driver …
 *     await modem.stop();
 */

import type { Clock } from './base/clock.js';
import type { Log } from './base/log.js';
import type { CloudControl } from './broker/cloud-gate.js';
import type { PublishedMessage, PublishOptions } from './broker/embedded.js';
import type { CloudSpec } from './clouds/cloud.js';
import { checkOptions } from './config/check-options.js';
import type { DaemonConfig, ModemConfig } from './config/modem-config.js';
import { type Daemon, startDaemon } from './daemon.js';
import type { DialogueLine } from './modem/dialogue.js';
import type { Modem, ModemEvent } from './modem/modem.js';
import type { ActiveFault } from './scenarios/armed-fault.js';
import { checkFault, type FaultRequest } from './scenarios/fault.js';
import type { ModemFaults } from './scenarios/modem-faults.js';
import type { MetPoint } from './scenarios/points.js';
import type { ScenarioRun } from './scenarios/scenario-run.js';
import type { Verdict } from './scenarios/verdict.js';

export interface StartOptions extends ModemConfig {
  /** `embedded[:PORT]` (here default `embedded:0`, any free port) or `none`. */
  broker?: string;
  /** Makes the broker a cloud: the devices that exist, or the path of a YAML file with them. */
  cloud?: string | CloudSpec;
  /** Folder of the local CA that certifies the embedded broker. Default: where `atmodem ca` keeps it. */
  ca?: string;
  /** Folder for what flash keeps. Without it, RAM only. */
  state?: string;
  /** What chance in faults follows from; without it, one is drawn: `modem.faults.seed`. */
  seed?: number;
  log?: Log;
}

export interface StartManyOptions extends Omit<DaemonConfig, 'modems' | 'faults'> {
  log?: Log;
  /** For tests that move time by hand. */
  timeSource?: Clock;
}

/** A broker in this process, on 127.0.0.1. */
export interface RunningBroker {
  /** `mqtt://127.0.0.1:1883`; the same port takes `mqtts:`, `ws:` and `wss:`. */
  readonly url: string;
  readonly port: number;
  /** Where `cloud` made it one: sets properties of devices, and says which are online. */
  readonly cloud: CloudControl | undefined;
  publish(topic: string, payload: string | Buffer, options?: PublishOptions): Promise<void>;
  /** Every message that a client published. @returns a function that stops listening */
  onMessage(listener: (message: PublishedMessage) => void): () => void;
}

export interface RunningFaults {
  /** Of the run: with it, and the same bytes of the host, chance falls the same way again. */
  readonly seed: number;
  /** Those that are not over. */
  readonly active: readonly ActiveFault[];
  /** `{ fault: 'at.late', command: '+MPUB', by: '2s' }`: see docs/faults.md. @throws OperatorError */
  inject(fault: FaultRequest): ActiveFault;
  /** Ends a fault, by its id, and what it brought about. @returns false where it is over */
  lift(id: number): boolean;
  /** Ends all. */
  clear(): void;
  /** Each point where a fault can strike, in the order in which the run meets them. */
  onMet(listener: (met: MetPoint) => void): () => void;
}

/** A scenario that plays: see docs/scenario-format.md. */
export interface RunningScenario {
  /** Resolves once nothing can change it any more. */
  readonly verdict: Promise<Verdict>;
  /** Ends it now: what has not come has not come. */
  stop(): Verdict;
}

export interface RunningModem {
  readonly name: string;
  /** The dialect or profile that it speaks. */
  readonly dialect: string;
  /** Where a host finds it: a device path, or `host:port`; of the first channel. */
  readonly port: string;
  /** Of every channel. */
  readonly ports: readonly string[];
  /** The embedded broker, if one runs. */
  readonly broker: RunningBroker | undefined;
  onEvent(listener: (event: ModemEvent) => void): () => void;
  /** Every line that passes between host, modem and broker, secrets hidden. */
  onDialogue(listener: (line: DialogueLine) => void): () => void;
  /** What goes wrong on purpose. */
  readonly faults: RunningFaults;
  /** Where `scenario` named one. */
  readonly scenario: RunningScenario | undefined;
  powerOn(): void;
  /** As when the supply is cut. */
  powerOff(): void;
  /** Closes ports and links and removes what was made. Safe to call twice. */
  stop(): Promise<void>;
}

export interface RunningModems {
  readonly modems: readonly RunningModem[];
  readonly broker: RunningBroker | undefined;
  /** The address of the control API, where `control` asked for one. */
  readonly control: string | undefined;
  stop(): Promise<void>;
}

/** One modem, with an embedded broker on a free port unless told otherwise. @throws OperatorError */
export async function startModem({
  broker = 'embedded:0',
  cloud,
  ca,
  state,
  seed,
  log,
  ...modem
}: StartOptions = {}): Promise<RunningModem> {
  const { modems } = await startModems([modem], { broker, cloud, ca, state, seed, log });
  return modems[0]!;
}

/** Several modems over one broker. `stop` of any of them stops that one; the whole ends with `stop` of the result. */
export async function startModems(
  modems: readonly ModemConfig[],
  { log, timeSource, broker = 'embedded:0', ...rest }: StartManyOptions = {},
): Promise<RunningModems> {
  modems.forEach(checkOptions);
  const daemon = await startDaemon({ modems, broker, ...rest, faults: true }, { log, clock: timeSource });
  const running = daemon.modems.map(modem => runningModem(modem, daemon));
  const { control } = daemon;
  return { modems: running, broker: runningBroker(daemon), control: control?.url, stop: () => daemon.stop() };
}

function runningModem(modem: Modem, daemon: Daemon): RunningModem {
  const isOnly = daemon.modems.length === 1;
  return {
    name: modem.name,
    dialect: modem.dialect.name,
    port: modem.channels[0]!.port.path,
    ports: modem.channels.map(channel => channel.port.path),
    broker: runningBroker(daemon),
    onEvent: listener => modem.events.on(listener),
    onDialogue: listener => modem.dialogue.on(listener),
    faults: runningFaults(daemon.faults.get(modem.name)!),
    scenario: runningScenario(daemon.scenarios.get(modem.name)),
    powerOn: () => modem.powerOn(),
    powerOff: () => modem.powerOff(),
    stop: () => (isOnly ? daemon.stop() : modem.close()),
  };
}

const runningFaults = (faults: ModemFaults): RunningFaults => ({
  seed: faults.seed,
  get active() {
    return faults.active;
  },
  inject: request => faults.inject(checkFault(request)),
  lift: id => faults.lift(id),
  clear: () => faults.clear(),
  onMet: listener => faults.met.on(listener),
});

const runningScenario = (played: ScenarioRun | undefined): RunningScenario | undefined =>
  played && { verdict: played.verdict, stop: () => played.stop() };

function runningBroker({ broker }: Daemon): RunningBroker | undefined {
  return (
    broker && {
      url: broker.url,
      port: broker.port,
      cloud: broker.cloud,
      publish: (topic, payload, options) => broker.publish(topic, payload, options),
      onMessage: listener => broker.published.on(listener),
    }
  );
}

export { OperatorError } from './base/errors.js';
export type { Log } from './base/log.js';
export type { CloudControl } from './broker/cloud-gate.js';
export type { PublishedMessage, PublishOptions } from './broker/embedded.js';
export type { CloudSpec, DeviceNames } from './clouds/cloud.js';
export type { ModemConfig } from './config/modem-config.js';
export type { ControlConfig } from './control/settings.js';
export type { DialogueLine } from './modem/dialogue.js';
export type { ModemEvent } from './modem/modem.js';
export type { NetworkConditions } from './network/conditions.js';
export type { ActiveFault } from './scenarios/armed-fault.js';
export type { FaultRequest } from './scenarios/fault.js';
export type { MetPoint } from './scenarios/points.js';
export type { Verdict, VerdictCase } from './scenarios/verdict.js';
