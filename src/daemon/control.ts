/** The control API of a daemon: it and what it needs is loaded only where it is asked for. */
import { join } from 'node:path';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { EmbeddedBroker } from '../broker/embedded.js';
import type { DaemonConfig } from '../config/modem-config.js';
import type { Control } from '../control/server.js';
import type { ControlSettings } from '../control/settings.js';
import { packageRoot, packageVersion } from '../grammar/library.js';
import type { ModemFaults } from '../scenarios/modem-faults.js';
import type { Fleet } from './fleet.js';

/** Before anything runs. @throws OperatorError */
export async function controlSettingsOf({ control }: DaemonConfig): Promise<ControlSettings | undefined> {
  if (control === undefined) return undefined;
  const { controlSettings } = await import('../control/settings.js');
  return controlSettings(control);
}

export interface Controlled {
  fleet: Fleet;
  broker: EmbeddedBroker | undefined;
  faults: ReadonlyMap<string, ModemFaults>;
  seed: number | undefined;
  clock: Clock;
  log: Log;
}

/** @throws OperatorError (port) */
export async function openControl(
  settings: ControlSettings,
  { fleet, broker, faults, seed, clock, log }: Controlled,
): Promise<Control> {
  const { startControl } = await import('../control/server.js');
  const { faultControl } = await import('../control/faults.js');
  return startControl({
    settings,
    target: {
      get modems() {
        return fleet.modems;
      },
      started: fleet.started,
      leaving: fleet.leaving,
      broker,
      faults: seed === undefined ? undefined : faultControl(faults),
      clock,
      log,
      version: packageVersion(),
    },
    pagesFolder: join(packageRoot(), 'dist', 'web'),
  });
}
