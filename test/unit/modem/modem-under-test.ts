/**
 * A modem with the test as its world: memory ports, time by hand, a log that remembers. It is the daemon's own modem, made
 * from a config as an operator's is; only ports, clock and log are the test's. Stopped when the test ends.
 */
import { onTestFinished } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import type { DaemonConfig, ModemConfig } from '../../../src/config/modem-config.js';
import { type Daemon, startDaemon } from '../../../src/daemon.js';
import type { Modem } from '../../../src/modem/modem.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import type { ModemFaults } from '../../../src/scenarios/modem-faults.js';
import { recordingLog, type Said } from '../../support/log.js';
import { turns } from '../../support/patience.js';
import { TestHost } from './test-host.js';

/** Enough for any module to boot and register, in `timing: real`. */
const bootTime = 60_000;
const longestStep = 1000;

export interface Plan
  extends Omit<ModemConfig, 'dialect' | 'port'>,
    Pick<DaemonConfig, 'broker' | 'cloud' | 'state' | 'seed'> {
  channels?: number;
  /** `off`: E is 0 from the start, as if the host had said so. Default `off`. */
  echo?: 'on' | 'off';
  /** Default: powered on, a DTE at every port, boot lines read. `none`: the test does all that. */
  begin?: 'ready' | 'none';
}

export class ModemUnderTest {
  private constructor(
    readonly daemon: Daemon,
    readonly clock: ManualClock,
    readonly said: readonly Said[],
    readonly hosts: readonly TestHost[],
  ) {}

  static async start(dialect: string, plan: Plan = {}): Promise<ModemUnderTest> {
    const { channels = 1, echo = 'off', begin = 'ready', broker = 'none', cloud, state, seed, ...config } = plan;
    const log = recordingLog();
    const clock = new ManualClock();
    const ports = Array.from({ length: channels }, () => new MemoryPort());
    const daemon = await startDaemon(
      { broker, cloud, state, seed, modems: [{ dial: 'routes', ...config, dialect, port: ports }] },
      { clock, log },
    );
    const lineEnd = daemon.modems[0]!.dialect.style.framing === 'esp' ? '\r\n' : '\r';
    const hosts = ports.map(port => new TestHost(port, lineEnd));
    const made = new ModemUnderTest(daemon, clock, log.said, hosts);
    onTestFinished(() => made.stop());
    if (begin === 'ready') await made.#begin(echo);
    return made;
  }

  get modem(): Modem {
    return this.daemon.modems[0]!;
  }

  /** Where the plan has faults or a seed. */
  get faults(): ModemFaults {
    return this.daemon.faults.get(this.modem.name)!;
  }

  /** Of the first channel. */
  get host(): TestHost {
    return this.hosts[0]!;
  }

  /** As a new module, for another run; only its files stay. E is 0. */
  async beginAnew(): Promise<void> {
    this.modem.powerOff();
    this.modem.settings.factory(true);
    await this.#begin('off');
  }

  /** Time, in steps: what comes of one may take turns of the event loop before the next. */
  async passes(milliseconds: number): Promise<void> {
    for (let left = milliseconds; left > 0; left -= longestStep) {
      this.clock.advance(Math.min(longestStep, left));
      await turns(6);
    }
  }

  /** What the log says that must never be said: bugs, and holes in a grammar. */
  get complaints(): readonly Said[] {
    return this.said.filter(({ level, text }) => level === 'error' || text.includes('bug'));
  }

  async stop(): Promise<void> {
    await this.daemon.stop();
  }

  async #begin(echo: 'on' | 'off'): Promise<void> {
    this.modem.powerOn();
    for (const host of this.hosts) if (!host.port.isAttached) host.attaches();
    if (echo === 'off' && this.modem.dialect.settings.has('E'))
      for (const { address } of this.modem.channels) this.modem.settings.set({ name: 'E', of: 'channel' }, 0, address);
    await turns(30);
    if (this.modem.timing === 'real') await this.passes(bootTime);
    for (const host of this.hosts) host.take();
  }
}
