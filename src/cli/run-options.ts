/** From what was typed after `run`, and a config file, to what the daemon is started with. Pure. */
import { OperatorError } from '../base/errors.js';
import type { DaemonConfig, ModemConfig } from '../config/modem-config.js';
import type { ControlConfig } from '../control/settings.js';
import type { LogLevel } from './log.js';

/** As commander hands them over; a missing one was not typed. */
export interface RunOptions {
  dialect?: string;
  port?: readonly string[];
  name?: string;
  broker?: string;
  cloud?: string;
  ca?: string;
  route?: readonly string[];
  dial?: ModemConfig['dial'];
  listen?: readonly string[];
  set?: Readonly<Record<string, string>>;
  cert?: Readonly<Record<string, string>>;
  power?: ModemConfig['power'];
  timing?: ModemConfig['timing'];
  baud?: ModemConfig['baud'];
  state?: string;
  /** `[HOST:]PORT`. */
  control?: string;
  /** A file. */
  controlToken?: string;
  /** From the environment, for who gives no file. */
  token?: string;
  fault?: readonly string[];
  scenario?: string;
  junit?: string;
  tap?: string;
  seed?: number;
  ptyMode?: number;
  record?: string;
  secrets?: true;
  json?: true;
  logLevel: LogLevel;
  verbose?: true;
  welcome?: true;
}

/** The options go on top of the file, for every modem in it. @throws OperatorError (usage) */
export function daemonConfig(options: RunOptions, file: DaemonConfig = { modems: [{}] }): DaemonConfig {
  refuseForMany(options, file.modems.length);
  return {
    ...file,
    broker: options.broker ?? file.broker,
    cloud: options.cloud ?? file.cloud,
    ca: options.ca ?? file.ca,
    state: options.state ?? file.state,
    control: controlConfig(options, file),
    seed: options.seed ?? file.seed,
    modems: file.modems.map(modem => withOptions(modem, options)),
  };
}

function controlConfig({ control, controlToken, token }: RunOptions, file: DaemonConfig): ControlConfig | undefined {
  const listen = control ?? file.control?.listen;
  if (listen !== undefined)
    return { token, ...file.control, listen, tokenFile: controlToken ?? file.control?.tokenFile };
  if (controlToken === undefined) return undefined;
  throw new OperatorError('usage', '--control-token without a control API', {
    hint: 'Say where it listens: --control 8080',
  });
}

/** Several modems cannot share a port or a name. */
function refuseForMany({ port, name }: RunOptions, modems: number): void {
  if (modems === 1) return;
  const given = port ? '--port' : name === undefined ? undefined : '--name';
  if (given === undefined) return;
  throw new OperatorError('usage', `${given} is for one modem`, {
    found: `a config with ${modems} modems`,
    hint: `Give each modem of the config its own \`${given.slice(2)}\`.`,
  });
}

function withOptions(modem: ModemConfig, options: RunOptions): ModemConfig {
  const {
    dialect,
    port,
    name,
    dial,
    power,
    timing,
    baud,
    scenario,
    ptyMode,
    route = [],
    listen = [],
    fault = [],
  } = options;
  return {
    ...modem,
    ...given({ dialect, port, name, dial, power, timing, baud, scenario, ptyMode }),
    routes: [...route, ...(modem.routes ?? [])],
    listen: [...listen, ...(modem.listen ?? [])],
    settings: { ...modem.settings, ...options.set },
    certs: { ...modem.certs, ...options.cert },
    ...(fault.length > 0 ? { faults: [...(modem.faults ?? []), ...fault] } : {}),
  };
}

const given = (options: Partial<ModemConfig>): Partial<ModemConfig> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
