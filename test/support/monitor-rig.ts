/** A daemon with its control server and the built page, for a browser: modems on ptys or in memory, and faults that strike. */
import { systemClock } from '../../src/base/clock.js';
import { silentLog } from '../../src/base/log.js';
import type { ModemConfig } from '../../src/config/modem-config.js';
import { type Control, startControl } from '../../src/control/server.js';
import { controlSettings } from '../../src/control/settings.js';
import { type Daemon, startDaemon } from '../../src/daemon.js';
import type { Modem } from '../../src/modem/modem.js';
import { TestFaults } from './monitor-faults.js';
import { inRepository } from './repository.js';

export interface MonitorRigPlan {
  modems: readonly ModemConfig[];
  token?: string;
  /** Default: any free one. */
  port?: number;
}

export class MonitorRig {
  private constructor(
    readonly daemon: Daemon,
    readonly control: Control,
  ) {}

  static async start({ modems, token, port = 0 }: MonitorRigPlan): Promise<MonitorRig> {
    const daemon = await startDaemon({ modems, broker: 'embedded:0' });
    const control = await startControl({
      settings: controlSettings({ listen: `${port}`, token }),
      target: {
        modems: daemon.modems,
        broker: daemon.broker,
        faults: new TestFaults(daemon.modems),
        clock: systemClock,
        log: silentLog,
        version: '1.2.3',
      },
      pagesFolder: inRepository('dist/web'),
    });
    return new MonitorRig(daemon, control);
  }

  get url(): string {
    return this.control.url;
  }

  modem(name: string): Modem {
    return this.daemon.modems.find(modem => modem.name === name)!;
  }

  async stop(): Promise<void> {
    await this.control.stop();
    await this.daemon.stop();
  }
}
