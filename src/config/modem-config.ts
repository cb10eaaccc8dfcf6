/** What one modem is made from, as the library, the command line and a config file give it. All text is still unchecked. */
import type { CloudSpec } from '../clouds/cloud.js';
import type { ControlConfig } from '../control/settings.js';
import type { PowerPolicy } from '../modem/modem.js';
import type { DialPolicy } from '../net/policy.js';
import type { AccessPointSpec } from '../network/access-points.js';
import type { NetworkConditions } from '../network/conditions.js';
import type { IdentityFields } from '../network/identity.js';
import type { ClockPolicy } from '../network/module-clock.js';
import type { Timing } from '../network/pace.js';
import type { SimCard } from '../network/sim.js';
import type { Port } from '../ports/port.js';
import type { FaultRequest } from '../scenarios/fault.js';

/** Whether a DTE at another baud rate than the module's is understood, or hears garbage as on a wire. */
export type BaudPolicy = 'any' | 'strict';

export interface ModemConfig {
  /** Default `modem`, `modem-2`, …; identity and addresses follow from it. */
  name?: string;
  /** A dialect or profile by name, or the path of a YAML file. Default `w800`. */
  dialect?: string;
  /** One of the dialect's own profiles; of a built-in dialect `dialect` may name it as well. */
  profile?: string;
  /** As `--port` has it (ports/port-spec.ts), or a port of your own; a list for several AT channels. Default `pty`. */
  port?: string | Port | readonly (string | Port)[];
  /** `HOST[:PORT]=HOST:PORT` or `HOST[:PORT]=embedded`. */
  routes?: readonly string[];
  /** Default `any`, and `routes` where an AT port listens beyond loopback. */
  dial?: DialPolicy;
  /** Where the module's own servers listen: `ADDRESS`, `PORT=[ADDRESS:]PORT`, `*=…`. Default 127.0.0.1, the same port. */
  listen?: readonly string[];
  settings?: Readonly<Record<string, string | number | boolean>>;
  power?: PowerPolicy;
  /** With `real` bytes take their time on the line too, at the DTE's baud rate. A port of your own is left to itself. */
  timing?: Timing;
  /** Default `any`: the DTE's baud rate need not be the module's. */
  baud?: BaudPolicy;
  /** Certificate slot or file name in the module → a file on this machine, or its bytes. */
  certs?: Readonly<Record<string, string | Buffer>>;
  /** Name in the module → a file on this machine, or its bytes: in the store from the start, as if it had been uploaded. */
  files?: Readonly<Record<string, string | Buffer>>;
  identity?: Partial<IdentityFields>;
  sim?: SimCard | 'none';
  /** Access points that exist; without a list any SSID and password joins. */
  accessPoints?: readonly AccessPointSpec[];
  /** IPv4 that the cellular network gives to context 1; without it, one that follows from the name. */
  address?: string;
  /** What the cellular network is like, from power-on. */
  network?: NetworkConditions;
  clock?: ClockPolicy;
  /** Injected before it starts: `{ fault: 'at.late', by: '2s' }`, or the same as text, `at.late,by=2s`. */
  faults?: readonly (string | FaultRequest)[];
  /** The path of a scenario that plays on this modem. */
  scenario?: string;
  /** Mode of the pty device, such as 0o660. Default 0o600. */
  ptyMode?: number;
}

export interface DaemonConfig {
  modems: readonly ModemConfig[];
  /** `embedded[:PORT]` or `none`. */
  broker?: string;
  /** Where the embedded broker listens. Default 127.0.0.1. */
  brokerHost?: string;
  /** Makes the embedded broker a cloud: the devices that exist, or the path of a YAML file with them. */
  cloud?: string | CloudSpec;
  /** Folder of the local CA that certifies the embedded broker. Default: where `atmodem ca` keeps it. */
  ca?: string;
  /** Folder for what flash keeps. Without it, RAM only. */
  state?: string;
  /** Where the control API listens. Without it there is none. */
  control?: ControlConfig;
  /** Faults may come while it runs. So they may where a modem has some, a seed is given, or a control API is there. */
  faults?: boolean;
  /** What chance in faults follows from, 0 to 2^32 - 1; without it, one is drawn, and said. */
  seed?: number;
}

/** @param index from 0, among the modems of a daemon */
export const modemName = ({ name }: Pick<ModemConfig, 'name'>, index: number): string =>
  name ?? (index === 0 ? 'modem' : `modem-${index + 1}`);
