/**
 * A port whose bytes take their time, both ways: each is given out when its last bit would have passed the line, at the
 * DTE's speed. It owns what is on its way and the order of all that happens at the inner port: a host that leaves, or
 * changes its speed, does so after what it sent before.
 *
 * On a clock of the wall bytes come in small heaps, of what was due: never early, and as late as a timer is.
 */
import type { Clock, Timer } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { LinePace } from './line-pace.js';
import { OutputQueue } from './output-queue.js';
import { type Port, type PortEvents, usualSpeed } from './port.js';
import { PortOver } from './port-over.js';

export interface PacedPortOptions {
  clock: Clock;
  log: Log;
}

/** Bytes and events on their way to the modem: past these the DTE is not read, below half of them it is again. */
const mostBytes = 64 * 1024;
const mostEntries = 1024;

/** What comes from the inner port: bytes, or something that happens after those before it. */
type Entry = Buffer | { what: 'arrival' | 'other'; happen: () => void };

export class PacedPort extends PortOver {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #outPace = new LinePace(usualSpeed);
  readonly #inPace = new LinePace(usualSpeed);
  readonly #out = new OutputQueue();
  #in: Entry[] = [];
  #inBytes = 0;
  /** Of hosts, among them: what is written meanwhile is an answer to somebody who has left. */
  #arrivals = 0;
  #outTimer: Timer | undefined;
  #inTimer: Timer | undefined;
  #events: PortEvents | undefined;
  /** The DTE said how fast it is: the module's own speed matters no more. */
  #isDteKnown = false;
  #isHeld = false;
  #isInnerHeld = false;
  #isReceiving = false;
  #dropped = 0;

  constructor(inner: Port, { clock, log }: PacedPortOptions) {
    super(inner);
    this.#clock = clock;
    this.#log = log;
  }

  /** A host that is there, and that the modem knows of. */
  override get isAttached(): boolean {
    return this.inner.isAttached && this.#arrivals === 0;
  }

  override get queued(): number {
    return this.#out.size + this.inner.queued;
  }

  override get dropped(): number {
    return this.#dropped + this.inner.dropped;
  }

  async open(events: PortEvents): Promise<void> {
    this.#events = events;
    await this.inner.open({
      attached: () => this.#happens('arrival', () => events.attached()),
      detached: () => this.#left(events),
      bytes: chunk => this.#came(chunk),
      drained: () => this.#tellDrained(),
      lineSpeed: baud => this.#dteSpeed(baud, events),
      lines: lines => this.#happens('other', () => events.lines?.(lines)),
      lost: reason => events.lost(reason),
    });
  }

  write(bytes: Buffer): void {
    if (bytes.length === 0) return;
    if (!this.isAttached) {
      this.#dropped += bytes.length;
      return;
    }
    if (this.#out.size === 0) this.#outPace.begin(this.#clock.now());
    switch (this.#out.push(bytes)) {
      case 'taken':
        this.#awaitOut();
        return;
      case 'overflow':
        this.#log.warn({ port: this.path, queued: this.queued }, 'the line is too slow for this: dropping output');
        break;
      case 'still-overflowing':
    }
    this.#dropped += bytes.length;
  }

  override discard(): void {
    this.#clearOut();
    this.inner.discard();
  }

  override hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#inTimer?.cancel();
    this.#regulate();
    if (isHeld) return;
    this.#inPace.begin(this.#clock.now());
    this.#receive();
  }

  /** As long as nobody knows the DTE's speed, it is taken to be right. */
  override setSpeed(baud: number): void {
    super.setSpeed(baud);
    if (this.#isDteKnown || baud === 0) return;
    this.#inPace.setSpeed(baud);
    this.#setOutSpeed(baud);
  }

  /** Nobody measures the last bytes: they go at once, for none of them is to be lost. */
  override async close(): Promise<void> {
    this.#events = undefined;
    this.#in = [];
    this.#arrivals = 0;
    this.#inTimer?.cancel();
    while (this.#out.size > 0) this.#pass(this.#out.peek().length);
    this.#clearOut();
    await this.inner.close();
  }

  // To the DTE.

  #awaitOut(): void {
    this.#outTimer ??= this.#clock.after(Math.max(0, this.#outPace.next - this.#clock.now()), () => {
      this.#outTimer = undefined;
      this.#send();
    });
  }

  #send(): void {
    let due = this.#outPace.take(this.#clock.now(), this.#out.size);
    while (due > 0) due -= this.#pass(due);
    if (this.#out.size > 0) this.#awaitOut();
    else this.#tellDrained();
  }

  /** @returns how many it was: those of one block */
  #pass(most: number): number {
    const bytes = this.#out.peek().subarray(0, most);
    this.#out.take(bytes.length);
    this.inner.write(bytes);
    return bytes.length;
  }

  #tellDrained(): void {
    if (this.queued === 0) this.#events?.drained();
  }

  #clearOut(): void {
    this.#out.clear();
    this.#outTimer?.cancel();
    this.#outTimer = undefined;
  }

  #setOutSpeed(baud: number): void {
    this.#outPace.setSpeed(baud);
    if (this.#outTimer === undefined) return;
    this.#outTimer.cancel();
    this.#outTimer = undefined;
    this.#awaitOut();
  }

  // From the DTE.

  #came(chunk: Buffer): void {
    if (this.#in.length === 0) this.#inPace.begin(this.#clock.now());
    this.#in.push(chunk);
    this.#inBytes += chunk.length;
    this.#regulate();
    this.#receive();
  }

  #happens(what: 'arrival' | 'other', happen: () => void): void {
    this.#in.push({ what, happen });
    if (what === 'arrival') this.#arrivals += 1;
    this.#regulate();
    this.#receive();
  }

  /** A visit that nobody was told of and that brought no byte leaves no trace. */
  #left(events: PortEvents): void {
    if (!this.inner.isAttached) {
      this.#dropped += this.#out.size;
      this.#clearOut();
    }
    const last = this.#in.at(-1);
    if (!last || Buffer.isBuffer(last) || last.what !== 'arrival')
      return this.#happens('other', () => events.detached());
    this.#in.pop();
    this.#arrivals -= 1;
  }

  /** What it hears is of the new speed at once; what it said before was of the old one. */
  #dteSpeed(baud: number, events: PortEvents): void {
    this.#isDteKnown = true;
    this.#setOutSpeed(baud);
    this.#happens('other', () => {
      this.#inPace.setSpeed(baud);
      events.lineSpeed?.(baud);
    });
  }

  /** Gives out what is due, in order. */
  #receive(): void {
    if (this.#isReceiving) return;
    this.#isReceiving = true;
    try {
      while (!this.#isHeld && this.#in.length > 0 && this.#giveFirst());
    } finally {
      this.#isReceiving = false;
    }
    this.#regulate();
    if (!this.#isHeld && this.#in.length > 0) this.#awaitIn();
  }

  /** @returns false where it is not due yet */
  #giveFirst(): boolean {
    const first = this.#in[0]!;
    if (!Buffer.isBuffer(first)) {
      this.#in.shift();
      if (first.what === 'arrival') this.#arrivals -= 1;
      first.happen();
      return true;
    }
    const count = this.#inPace.take(this.#clock.now(), first.length);
    if (count === 0) return false;
    if (count === first.length) this.#in.shift();
    else this.#in[0] = first.subarray(count);
    this.#inBytes -= count;
    this.#events?.bytes(first.subarray(0, count));
    return true;
  }

  #awaitIn(): void {
    this.#inTimer?.cancel();
    const wait = Math.max(0, this.#inPace.next - this.#clock.now());
    this.#inTimer = this.#clock.after(wait, () => this.#receive());
  }

  /** On a real line a DTE cannot write faster than it goes. */
  #regulate(): void {
    const share = this.#isInnerHeld ? 0.5 : 1;
    const isFull = this.#inBytes > mostBytes * share || this.#in.length > mostEntries * share;
    const isHeld = this.#isHeld || isFull;
    if (isHeld === this.#isInnerHeld) return;
    this.#isInnerHeld = isHeld;
    this.inner.hold(isHeld);
  }
}
