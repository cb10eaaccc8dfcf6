/** A modem on a pty, as the library starts it, and a host on its port; both end with the test. */
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/base/clock.js';
import { type ModemConfig, type ModemEvent, type RunningModem, startModems } from '../../src/index.js';
import { within } from './patience.js';
import { SerialHost } from './serial-host.js';
import type { Address } from './sockets.js';

export interface RigPlan extends Omit<ModemConfig, 'port' | 'routes'> {
  /** What firmware dials, and where that is: `{ 'broker.example:1883': mosquitto }`. */
  places: Readonly<Record<string, Address>>;
  lineEnd?: string;
  timeSource?: Clock;
}

export class SerialRig {
  private constructor(
    readonly modem: RunningModem,
    /** The one that has the port open, or had it last. */
    public host: SerialHost,
    private readonly lineEnd: string,
  ) {}

  /** The module is off until the host opens the port: its boot lines are the host's to read. */
  static async start({ places, lineEnd = '\r\n', timeSource, ...config }: RigPlan): Promise<SerialRig> {
    const routes = Object.entries(places).map(([name, { host, port }]) => `${name}=${host}:${port}`);
    const { modems, stop } = await startModems([{ ...config, routes }], { broker: 'none', timeSource });
    onTestFinished(stop);
    const modem = modems[0]!;
    const rig = new SerialRig(modem, await SerialHost.open(modem.port, lineEnd), lineEnd);
    onTestFinished(() => rig.host.close());
    return rig;
  }

  /** Resolves when the modem has seen it. */
  async close(): Promise<void> {
    const left = this.seen(event => event.event === 'detached');
    await this.host.close();
    await left;
  }

  async reopen(): Promise<void> {
    this.host = await SerialHost.open(this.modem.port, this.lineEnd);
  }

  /** The next event of that kind. */
  seen(isIt: (event: ModemEvent) => boolean): Promise<void> {
    const happened = new Promise<void>(resolve => {
      const off = this.modem.onEvent(event => {
        if (!isIt(event)) return;
        off();
        resolve();
      });
    });
    return within(10_000, () => 'the modem does not say that it happened', happened);
  }

  /** The next packet between modem and broker whose line in the dialogue begins so. */
  packet(direction: 'in' | 'out', beginning: string): Promise<void> {
    const passed = new Promise<void>(resolve => {
      const off = this.modem.onDialogue(line => {
        if (line.from !== 'broker' || line.direction !== direction || !line.text.startsWith(beginning)) return;
        off();
        resolve();
      });
    });
    return within(10_000, () => `no ${beginning} ${direction}`, passed);
  }
}
