/**
 * A port whose line is not to be trusted: bytes either way may be lost, wrong, late or in pieces, and all may stand still. It
 * owns what is held up on the way; which bytes that befalls is decided by who made it. Wrapped around a port only where
 * faults may come at all.
 */
import type { Clock } from '../base/clock.js';
import { DelayLine } from '../base/delay-line.js';
import { type DceLines, maximumQueued, type Port, type PortEvents } from '../ports/port.js';
import type { LineDirection, Stretch } from './line-faults.js';

/** How bytes pass; undefined: as they are. */
export type Passage = (direction: LineDirection, bytes: Buffer) => readonly Stretch[] | undefined;

export interface FaultyPortOptions {
  passage: Passage;
  clock: Clock;
  /** So many bytes of the host found no room while nothing moved, or nobody who listens. */
  lost(bytes: number): void;
}

/** Bytes of the host that are kept while they cannot reach the module; more are lost, as in a UART's buffer. */
const mostKept = 64 * 1024;

/** The supply fails while something is written. */
interface Break {
  /** Bytes of the next write that still pass, and what follows them. */
  after: number;
  glitch: Buffer;
  broken: () => void;
}

export class FaultyPort implements Port {
  readonly #port: Port;
  readonly #passage: Passage;
  readonly #lost: (bytes: number) => void;
  readonly #out: DelayLine;
  readonly #in: DelayLine;
  #events: PortEvents | undefined;
  /** `deaf`: what the host types while nothing moves is lost. */
  #module: 'moves' | 'frozen' | 'deaf' = 'moves';
  #isHeld = false;
  #outgoing = 0;
  #incoming = 0;
  #dropped = 0;
  #break: Break | 'broken' | undefined;

  constructor(port: Port, { passage, clock, lost }: FaultyPortOptions) {
    this.#port = port;
    this.#passage = passage;
    this.#lost = lost;
    this.#out = new DelayLine(clock);
    this.#in = new DelayLine(clock);
  }

  get spec(): string {
    return this.#port.spec;
  }

  get path(): string {
    return this.#port.path;
  }

  get isAttached(): boolean {
    return this.#port.isAttached;
  }

  get queued(): number {
    return this.#port.queued + this.#outgoing;
  }

  get delivered(): number {
    return this.#port.delivered;
  }

  get dropped(): number {
    return this.#port.dropped + this.#dropped;
  }

  open(events: PortEvents): Promise<void> {
    this.#events = events;
    return this.#port.open({
      ...events,
      detached: () => {
        this.#forget();
        events.detached();
      },
      bytes: chunk => this.#fromHost(chunk),
      drained: () => this.#drained(),
    });
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (!this.isAttached || this.#break === 'broken') {
      this.#dropped += bytes.length;
      return;
    }
    if (this.#break) return this.#breakOff(this.#break, bytes);
    const stretches = this.#passage('out', bytes);
    if (!stretches && this.#out.isEmpty && this.#module === 'moves') return this.#port.write(bytes);
    for (const stretch of stretches ?? [{ bytes, after: 0 }]) this.#toHost(stretch);
  }

  discard(): void {
    this.#out.clear();
    this.#outgoing = 0;
    this.#port.discard();
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#port.hold(isHeld);
    this.#in.hold(isHeld || this.#module !== 'moves');
  }

  setSpeed(baud: number): void {
    this.#port.setSpeed?.(baud);
  }

  setLines(lines: DceLines): void {
    this.#port.setLines?.(lines);
  }

  close(): Promise<void> {
    this.#forget();
    return this.#port.close();
  }

  // What faults do.

  /** Nothing passes any more, either way, or all that waits. */
  freeze(to: 'moves' | 'frozen' | 'deaf'): void {
    this.#module = to;
    this.#out.hold(to !== 'moves');
    this.#in.hold(this.#isHeld || to !== 'moves');
  }

  /** The next write breaks off after so many bytes; `glitch` follows, and nothing more until `powerOff`. */
  breakNextWrite(after: number, glitch: Buffer, broken: () => void): void {
    this.#break = { after, glitch, broken };
  }

  /** Bytes that are nobody's, now. */
  disturb(bytes: Buffer): void {
    this.#port.write(bytes);
  }

  /** What was not sent is never sent, and what was not read is never read. */
  powerOff(): void {
    this.#break = undefined;
    this.#forget();
  }

  #fromHost(chunk: Buffer): void {
    const stretches = this.#passage('in', chunk);
    if (!stretches && this.#in.isEmpty && this.#module === 'moves') return this.#events?.bytes(chunk);
    for (const stretch of stretches ?? [{ bytes: chunk, after: 0 }]) this.#toModule(stretch);
  }

  #toModule({ bytes, after }: Stretch): void {
    const waits = after > 0 || !this.#in.isEmpty || this.#module !== 'moves' || this.#isHeld;
    const room = this.#module === 'deaf' ? 0 : mostKept - this.#incoming;
    const kept = waits ? bytes.subarray(0, room) : bytes;
    if (kept.length < bytes.length) this.#lost(bytes.length - kept.length);
    if (kept.length === 0) return;
    this.#incoming += kept.length;
    this.#in.putAt(this.#in.end + after, () => {
      this.#incoming -= kept.length;
      this.#events?.bytes(kept);
    });
  }

  #toHost({ bytes, after }: Stretch): void {
    if (this.queued + bytes.length > maximumQueued) {
      this.#dropped += bytes.length;
      return;
    }
    this.#outgoing += bytes.length;
    this.#out.putAt(this.#out.end + after, () => {
      this.#outgoing -= bytes.length;
      this.#port.write(bytes);
      this.#drained();
    });
  }

  #breakOff({ after, glitch, broken }: Break, bytes: Buffer): void {
    this.#break = 'broken';
    this.#port.write(Buffer.concat([bytes.subarray(0, after), glitch]));
    broken();
  }

  #drained(): void {
    if (this.queued === 0) this.#events?.drained();
  }

  #forget(): void {
    this.#out.clear();
    this.#in.clear();
    this.#outgoing = 0;
    this.#incoming = 0;
  }
}
