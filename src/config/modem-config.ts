/** What one modem is made from, as the library, the command line and a config file give it. All text is still unchecked. */
import type { CloudSpec } from '../clouds/cloud.js';
import type { PowerPolicy } from '../modem/modem.js';
import type { DialPolicy } from '../net/policy.js';
import type { AccessPointSpec } from '../network/access-points.js';
import type { IdentityFields } from '../network/identity.js';
import type { ClockPolicy } from '../network/module-clock.js';
import type { Timing } from '../network/pace.js';
import type { SimCard } from '../network/sim.js';
import type { Port } from '../ports/port.js';
import type { FaultRequest } from '../scenarios/fault.js';

export interface ModemConfig {
  /** Default `modem`, `modem-2`, …; identity and addresses follow from it. */
  name?: string;
  /** A dialect or profile by name, or the path of a YAML file. Default `w800`. */
  dialect?: string;
  /** `pty[:LINK]`, `tcp:[HOST:]PORT`; a list for several AT channels. Default `pty`. */
  port?: string | Port | readonly (string | Port)[];
  /** `HOST[:PORT]=HOST:PORT` or `HOST[:PORT]=embedded`. */
  routes?: readonly string[];
  /** Default `any`, and `routes` where an AT port listens beyond loopback. */
  dial?: DialPolicy;
  /** Where the module's own servers listen: `ADDRESS`, `PORT=[ADDRESS:]PORT`, `*=…`. Default 127.0.0.1, the same port. */
  listen?: readonly string[];
  settings?: Readonly<Record<string, string | number | boolean>>;
  power?: PowerPolicy;
  timing?: Timing;
  /** Certificate slot or file name in the module → a file on this machine, or its bytes. */
  certs?: Readonly<Record<string, string | Buffer>>;
  identity?: Partial<IdentityFields>;
  sim?: SimCard | 'none';
  /** Access points that exist; without a list any SSID and password joins. */
  accessPoints?: readonly AccessPointSpec[];
  /** IPv4 that the cellular network gives to context 1; without it, one that follows from the name. */
  address?: string;
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
  /** Faults may come while it runs. So they may where a modem has some, or a seed is given. */
  faults?: boolean;
  /** What chance in faults follows from, 0 to 2^32 - 1; without it, one is drawn, and said. */
  seed?: number;
}
