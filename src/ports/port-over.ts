/**
 * A port around another: what it does not override is the inner one's. Bytes and events go through it in their order, so
 * that several can stand in each other.
 */
import type { DceLines, Port, PortEvents } from './port.js';

export abstract class PortOver implements Port {
  constructor(protected readonly inner: Port) {}

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

  abstract open(events: PortEvents): Promise<void>;

  abstract write(bytes: Buffer): void;

  discard(): void {
    this.inner.discard();
  }

  hold(isHeld: boolean): void {
    this.inner.hold(isHeld);
  }

  setSpeed(baud: number): void {
    this.inner.setSpeed?.(baud);
  }

  setLines(lines: DceLines): void {
    this.inner.setLines?.(lines);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

/** Events as they are, to be spread into an object that overrides some. */
export const passedOn = (events: PortEvents): Required<PortEvents> => ({
  attached: () => events.attached(),
  detached: () => events.detached(),
  bytes: chunk => events.bytes(chunk),
  drained: () => events.drained(),
  lineSpeed: baud => events.lineSpeed?.(baud),
  lines: lines => events.lines?.(lines),
  lost: reason => events.lost(reason),
});
