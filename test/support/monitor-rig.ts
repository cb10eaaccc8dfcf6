/** A daemon with its control server and the built page, for a browser. */
import type { ModemConfig } from '../../src/config/modem-config.js';
import { type Daemon, startDaemon } from '../../src/daemon.js';
import type { Modem } from '../../src/modem/modem.js';

export interface MonitorRigPlan {
  modems: readonly ModemConfig[];
  token?: string;
  /** Default: any free one. */
  port?: number;
}

export class MonitorRig {
  private constructor(readonly daemon: Daemon) {}

  static async start({ modems, token, port = 0 }: MonitorRigPlan): Promise<MonitorRig> {
    return new MonitorRig(await startDaemon({ modems, broker: 'embedded:0', control: { listen: `${port}`, token } }));
  }

  get url(): string {
    return this.daemon.control!.url;
  }

  modem(name: string): Modem {
    return this.daemon.modems.find(modem => modem.name === name)!;
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }
}
