/** A port that tells a recorder what passes it, both ways. It changes nothing of it, and takes no time. */
import { fromBuffer } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import type { Port, PortEvents } from '../ports/port.js';
import type { Recorder } from './recorder.js';

export class RecordedPort implements Port {
  #attachments = 0;

  constructor(
    readonly inner: Port,
    readonly recorder: Recorder,
    readonly clock: Clock,
  ) {}

  get spec(): string {
    return this.inner.spec;
  }

  get path(): string {
    return this.inner.path;
  }

  get isAttached(): boolean {
    return this.inner.isAttached;
  }

  get queued(): number {
    return this.inner.queued;
  }

  get delivered(): number {
    return this.inner.delivered;
  }

  get dropped(): number {
    return this.inner.dropped;
  }

  open(events: PortEvents): Promise<void> {
    return this.inner.open({
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
      drained: () => events.drained(),
      lineSpeed: baud => events.lineSpeed?.(baud),
      lost: reason => events.lost(reason),
    });
  }

  /** Without a DTE it reaches nobody. */
  write(bytes: Buffer): void {
    if (this.isAttached) this.recorder.modem(fromBuffer(bytes), this.clock.now());
    this.inner.write(bytes);
  }

  discard(): void {
    this.inner.discard();
  }

  hold(isHeld: boolean): void {
    this.inner.hold(isHeld);
  }

  async close(): Promise<void> {
    await this.inner.close();
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
