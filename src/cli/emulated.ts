/** An emulated modem without a port of its own: what a real one, or a transcript, is compared with. */
import { type ByteString, fromBuffer, toBuffer } from '../base/bytes.js';
import { atDate, systemClock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { ModemConfig } from '../config/modem-config.js';
import { type FaultHandles, faultHandles, strike } from '../daemon/transcript-faults.js';
import { type Daemon, startDaemon } from '../daemon.js';
import type { Modem } from '../modem/modem.js';
import { parseRoute } from '../net/route.js';
import { MemoryPort } from '../ports/memory.js';
import { Heard } from '../recording/heard.js';
import type { Target } from '../recording/host-part.js';
import type { Counterpart } from '../recording/side-by-side.js';
import type { Fault, FaultItem, Message, PublishItem } from '../transcripts/transcript.js';

/** Ms that a module may take to have said all that it says by itself when it starts. */
const bootTime = 300;
/** Messages that are kept for a comparison. */
const mostDelivered = 10_000;

interface Manner {
  date?: number;
  seed?: number;
}

export class EmulatedModem implements Target, Counterpart {
  readonly heard = new Heard();
  readonly #delivered: Message[] = [];
  readonly #faults: FaultHandles;

  private constructor(
    readonly port: MemoryPort,
    readonly daemon: Daemon,
  ) {
    this.#faults = faultHandles(this.modem, daemon.faults.get(this.modem.name));
    port.onOutput.on(() => this.heard.add(port.take()));
    // The modem is the only client; what `cause` publishes has none.
    daemon.broker?.arriving.on(({ clientId, payload, ...rest }) => {
      if (clientId !== undefined && this.#delivered.length < mostDelivered)
        this.#delivered.push({ ...rest, payload: fromBuffer(payload) });
    });
  }

  /**
   * It dials what a route names and nothing else; a broker is there where a route leads to it. No host is there yet.
   * @param manner `date`: what its clock says now; `seed`: of faults that may be injected, without it none can
   */
  static async start(config: ModemConfig, log: Log, { date, seed }: Manner = {}): Promise<EmulatedModem> {
    const port = new MemoryPort();
    const { routes = [] } = config;
    const broker = routes.some(route => parseRoute(route).target === 'embedded') ? 'embedded:0' : 'none';
    const clock = date === undefined ? systemClock : atDate(systemClock, date);
    const modems = [{ ...config, port, dial: 'routes' as const }];
    return new EmulatedModem(port, await startDaemon({ broker, modems, seed }, { log, clock }));
  }

  get modem(): Modem {
    return this.daemon.modems[0]!;
  }

  stop(): Promise<void> {
    return this.daemon.stop();
  }

  /** A host comes, and has read what the module says when it starts. */
  async boot(): Promise<void> {
    this.port.attach();
    this.modem.powerOn();
    await new Promise<void>(resolve => void systemClock.after(bootTime, resolve));
    this.take();
  }

  write(bytes: ByteString): void {
    if (this.port.isAttached) this.port.hostWrite(bytes);
  }

  take(): ByteString {
    return this.heard.take();
  }

  delivered(): readonly Message[] {
    return this.#delivered;
  }

  setEcho(echo: 'on' | 'off'): void {
    const { settings, channels, dialect } = this.modem;
    if (!dialect.settings.has('E')) return;
    settings.set({ name: 'E', of: 'channel' }, echo === 'on' ? 1 : 0, channels[0]!.address);
  }

  async cause(item: PublishItem | FaultItem): Promise<boolean> {
    if (item.kind === 'fault') return this.#strike(item.fault);
    const { broker } = this.daemon;
    if (!broker) return false;
    const { topic, payload, qos, retain } = item.message;
    await broker.publish(topic, toBuffer(payload), { qos, retain });
    return true;
  }

  #strike(fault: Fault): boolean {
    if (fault.kind !== 'dte') return strike(fault, this.#faults);
    if (fault.channel !== 1 || this.port.isAttached === (fault.does === 'attaches')) return false;
    this.port[fault.does === 'attaches' ? 'attach' : 'detach']();
    return true;
  }
}
