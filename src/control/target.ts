/** What the API acts on. The daemon is one; a test may be another. */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Signal } from '../base/signal.js';
import type { EmbeddedBroker } from '../broker/embedded.js';
import type { Modem } from '../modem/modem.js';
import type { FaultControl } from './faults.js';

export interface ControlTarget {
  /** Those that run now, in the order of the configuration. */
  readonly modems: readonly Modem[];
  /** `modems` has changed. Absent where it never does. */
  readonly modemsChanged?: Signal<void>;
  readonly broker: Pick<EmbeddedBroker, 'url' | 'publish' | 'cloud'> | undefined;
  readonly faults?: FaultControl;
  readonly clock: Clock;
  readonly log: Log;
  /** Of atmodem. */
  readonly version: string;
}
