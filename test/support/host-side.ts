/** The host's end of one port in a replay: sends as the split says, and takes from what came what is expected next. */
import type { ByteString } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import type { MemoryPort } from '../../src/ports/memory.js';
import { eventually, turns } from './patience.js';
import type { Cutter } from './splits.js';

export class HostSide {
  readonly #arrived = new Signal<void>();
  #pending: ByteString = '';

  constructor(
    private readonly port: MemoryPort,
    private readonly cut: Cutter,
    private readonly patience: number,
  ) {
    port.onOutput.on(() => {
      this.#pending += port.take();
      this.#arrived.emit();
    });
  }

  /** What came and was not yet expected. */
  get pending(): ByteString {
    return this.#pending;
  }

  attaches(): void {
    this.port.attach();
  }

  detaches(): void {
    this.port.detach();
  }

  /** All pieces in one turn of the event loop, so that the split alone changes nothing in time. */
  send(bytes: ByteString): void {
    this.port.hostWrite(bytes, this.cut(bytes.length));
  }

  /** Waits until these bytes have come, and takes them. False, at once, when others come. */
  async expect(bytes: ByteString): Promise<boolean> {
    const isDecided = () => this.#pending.length >= bytes.length || !bytes.startsWith(this.#pending);
    await eventually(isDecided, this.#arrived, this.patience);
    if (!this.#pending.startsWith(bytes)) {
      await turns(10); // the rest of a wrong answer helps whoever reads the report
      return false;
    }
    this.#pending = this.#pending.slice(bytes.length);
    return true;
  }

  takeAll(): ByteString {
    const taken = this.#pending;
    this.#pending = '';
    return taken;
  }
}

/** @param channel from 1, as transcripts count */
export function hostAt(hosts: readonly HostSide[], channel: number): HostSide {
  const host = hosts[channel - 1];
  if (host === undefined) throw new Error(`the test modem has no port ${channel}`);
  return host;
}
