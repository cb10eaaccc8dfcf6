/** A modem on a pty, as the library starts it, and a host on its port; both end with the test. */
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/base/clock.js';
import { type ModemConfig, type ModemEvent, type RunningModem, startModems } from '../../src/index.js';
import { within } from './patience.js';
import { SerialHost } from './serial-host.js';
import type { Address } from './sockets.js';

export interface RigPlan extends Omit<ModemConfig, 'port' | 'power' | 'routes'> {
  /** What firmware dials, and where that is: `{ 'broker.example:1883': mosquitto }`. */
  places: Readonly<Record<string, Address>>;
  lineEnd?: string;
  timeSource?: Clock;
}

export class SerialRig {
  /** The one that has the port open, or had it last. */
  #host: SerialHost | undefined;

  private constructor(
    readonly modem: RunningModem,
    private readonly lineEnd: string,
  ) {}

  /**
   * The module gets power when the host has the port open: its boot lines are the host's to read. Not with `power: attach`,
   * because `serialport` throws away what comes while it opens, and rarely the boot lines are among it.
   */
  static async start({ places, lineEnd = '\r\n', timeSource, ...config }: RigPlan): Promise<SerialRig> {
    const routes = Object.entries(places).map(([name, { host, port }]) => `${name}=${host}:${port}`);
    const { modems, stop } = await startModems([{ ...config, power: 'manual', routes }], {
      broker: 'none',
      timeSource,
    });
    const rig = new SerialRig(modems[0]!, lineEnd);
    onTestFinished(async () => {
      await rig.#host?.close();
      await stop();
    });
    await rig.open();
    rig.modem.powerOn();
    return rig;
  }

  get host(): SerialHost {
    return this.#host!;
  }

  /** Done when both sides know it. */
  async open(): Promise<void> {
    const came = this.#seen('attached');
    this.#host = await SerialHost.open(this.modem.port, this.lineEnd);
    await came;
  }

  async close(): Promise<void> {
    const left = this.#seen('detached');
    await this.host.close();
    await left;
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

  #seen(wanted: ModemEvent['event']): Promise<void> {
    const happened = new Promise<void>(resolve => {
      const off = this.modem.onEvent(({ event }) => {
        if (event !== wanted) return;
        off();
        resolve();
      });
    });
    return within(10_000, () => `the modem does not see its host ${wanted}`, happened);
  }
}
