/** A port that tells a recorder what passes it, both ways. It changes nothing of it, and takes no time. */
import { fromBuffer } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import type { Port, PortEvents } from '../ports/port.js';
import { PortOver, passedOn } from '../ports/port-over.js';
import type { Recorder } from './recorder.js';

export class RecordedPort extends PortOver {
  #attachments = 0;

  constructor(
    inner: Port,
    readonly recorder: Recorder,
    readonly clock: Clock,
  ) {
    super(inner);
  }

  open(events: PortEvents): Promise<void> {
    return this.inner.open({
      ...passedOn(events),
      attached: () => {
        this.#attached();
        events.attached();
      },
      detached: () => {
        this.#dte('detaches');
        events.detached();
      },
      bytes: chunk => {
        this.recorder.host(fromBuffer(chunk), this.clock.now());
        events.bytes(chunk);
      },
    });
  }

  /** Without a DTE it reaches nobody. */
  write(bytes: Buffer): void {
    if (this.isAttached) this.recorder.modem(fromBuffer(bytes), this.clock.now());
    this.inner.write(bytes);
  }

  override async close(): Promise<void> {
    await super.close();
    this.recorder.flush();
  }

  /** A transcript begins with a DTE that is there. */
  #attached(): void {
    this.#attachments += 1;
    if (this.#attachments > 1) this.#dte('attaches');
    else this.recorder.begin(this.clock.now());
  }

  #dte(does: 'attaches' | 'detaches'): void {
    this.recorder.happened({ kind: 'fault', line: 0, fault: { kind: 'dte', does, channel: 1 } }, this.clock.now());
  }
}
