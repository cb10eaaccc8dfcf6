/** An emulated modem without a port of its own: what a real one, or a transcript, is compared with. */
import { type ByteString, fromBuffer, toBuffer } from '../base/bytes.js';
import { systemClock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { EmbeddedBroker } from '../broker/embedded.js';
import type { ModemConfig } from '../config/modem-config.js';
import { startDaemon } from '../daemon.js';
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

export class EmulatedModem implements Target, Counterpart {
  readonly heard = new Heard();
  readonly #delivered: Message[] = [];

  private constructor(
    readonly port: MemoryPort,
    readonly modem: Modem,
    readonly broker: EmbeddedBroker | undefined,
    readonly stop: () => Promise<void>,
  ) {
    port.onOutput.on(() => this.heard.add(port.take()));
    // The modem is the only client; what `cause` publishes has none.
    broker?.arriving.on(({ clientId, payload, ...rest }) => {
      if (clientId !== undefined && this.#delivered.length < mostDelivered)
        this.#delivered.push({ ...rest, payload: fromBuffer(payload) });
    });
  }

  /** It dials what a route names and nothing else; a broker is there where a route leads to it. No host is there yet. */
  static async start(config: ModemConfig, log: Log): Promise<EmulatedModem> {
    const port = new MemoryPort();
    const { routes = [] } = config;
    const broker = routes.some(route => parseRoute(route).target === 'embedded') ? 'embedded:0' : 'none';
    const daemon = await startDaemon({ broker, modems: [{ ...config, port, dial: 'routes' }] }, { log });
    return new EmulatedModem(port, daemon.modems[0]!, daemon.broker, () => daemon.stop());
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
    if (!this.broker) return false;
    const { topic, payload, qos, retain } = item.message;
    await this.broker.publish(topic, toBuffer(payload), { qos, retain });
    return true;
  }

  #strike(fault: Fault): boolean {
    switch (fault.kind) {
      case 'dte':
        if (fault.channel !== 1 || this.port.isAttached === (fault.does === 'attaches')) return false;
        this.port[fault.does === 'attaches' ? 'attach' : 'detach']();
        return true;
      case 'power':
        this.modem[fault.to === 'on' ? 'powerOn' : 'powerOff']();
        return true;
      default:
        return false;
    }
  }
}
