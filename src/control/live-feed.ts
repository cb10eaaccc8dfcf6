/**
 * What happens, for those who listen: gathered, and sent as one batch a tick to everybody who listens to the same. Costs
 * next to nothing while nobody does. Owns who listens to what.
 */
import type { Clock, Timer } from '../base/clock.js';
import { Audience } from './audience.js';
import type { EventStream } from './event-stream.js';
import type { LiveEvent, ModemSummary } from './messages.js';
import type { Monitor } from './monitor.js';
import type { WatchedModem } from './watched-modem.js';

/** Milliseconds between batches. */
export const tick = 50;
/** Not every change of a modem is told: all are looked at so often, in ms. */
export const sweep = 500;

export class LiveFeed {
  readonly #monitor: Monitor;
  readonly #clock: Clock;
  /** Who listens to all modems, and to one. */
  readonly #everything = new Audience();
  readonly #single = new Map<WatchedModem, Audience>();
  /** What was told last of each, but for its lines. */
  readonly #told = new Map<WatchedModem, string>();
  readonly #toLookAt = new Set<WatchedModem>();
  readonly #spoke = new Set<WatchedModem>();
  #tick: Timer | undefined;
  #sweep: Timer | undefined;

  constructor(monitor: Monitor, clock: Clock) {
    this.#monitor = monitor;
    this.#clock = clock;
    monitor.spoke.on(({ watched, entry }) => {
      if (!this.#isHeard) return;
      this.#spoke.add(watched);
      const audience = this.#single.get(watched);
      if (!audience) return;
      audience.line(entry);
      this.#arm();
    });
    monitor.happened.on(({ watched, event }) => this.#tell(watched, event));
    monitor.moved.on(watched => {
      if (!this.#isHeard) return;
      this.#toLookAt.add(watched);
      this.#arm();
    });
    monitor.removed.on(watched => {
      this.#tell(watched, { event: 'removed', modem: watched.name });
      this.#told.delete(watched);
      this.#toLookAt.delete(watched);
      this.#spoke.delete(watched);
      this.#flush();
      for (const stream of this.#single.get(watched)?.streams ?? []) stream.end('the modem is gone');
    });
  }

  /** @param after with `watched`: the lines after that number come first, as far as they are kept */
  join(stream: EventStream, watched?: WatchedModem, after?: number): () => void {
    for (const each of watched ? [watched] : this.#monitor.all) this.#toLookAt.add(each);
    this.#flush();
    const audience = watched ? this.#audienceOf(watched) : this.#everything;
    const first = this.#anew(watched);
    if (watched && after !== undefined) {
      const missed = watched.dialogue.missedAfter(after);
      if (missed > 0) first.push({ event: 'missed', count: missed });
      const lines = watched.dialogue.after(after, Number.POSITIVE_INFINITY);
      first.push({ event: 'dialogue', modem: watched.name, lines });
    }
    stream.offer(JSON.stringify(first), first.length, () => []);
    audience.streams.add(stream);
    this.#armSweep();
    return () => this.#leave(stream, audience, watched);
  }

  stop(): void {
    this.#tick?.cancel();
    this.#sweep?.cancel();
  }

  get #isHeard(): boolean {
    return this.#everything.streams.size > 0 || this.#single.size > 0;
  }

  #audienceOf(watched: WatchedModem): Audience {
    const there = this.#single.get(watched);
    if (there) return there;
    const made = new Audience();
    this.#single.set(watched, made);
    return made;
  }

  #leave(stream: EventStream, audience: Audience, watched: WatchedModem | undefined): void {
    audience.streams.delete(stream);
    if (watched && audience.streams.size === 0) this.#single.delete(watched);
    if (this.#isHeard) return;
    this.#told.clear();
    this.#toLookAt.clear();
    this.#spoke.clear();
  }

  /** All that a client needs who knows nothing. */
  #anew(watched: WatchedModem | undefined): LiveEvent[] {
    const modems = (watched ? [watched] : this.#monitor.all).map(({ summary }) => summary);
    return [{ event: 'modems', modems }];
  }

  #tell(watched: WatchedModem, event: LiveEvent): void {
    if (!this.#isHeard) return;
    this.#everything.event(event);
    this.#single.get(watched)?.event(event);
    this.#arm();
  }

  #arm(): void {
    this.#tick ??= this.#clock.after(tick, () => this.#flush());
  }

  #armSweep(): void {
    this.#sweep ??= this.#clock.after(sweep, () => {
      this.#sweep = undefined;
      if (!this.#isHeard) return;
      for (const watched of this.#monitor.all) this.#toLookAt.add(watched);
      this.#tellActivity();
      this.#flush();
      this.#armSweep();
    });
  }

  #tellActivity(): void {
    if (this.#spoke.size === 0) return;
    const lines = Object.fromEntries([...this.#spoke].map(({ name, dialogue }) => [name, dialogue.last]));
    this.#spoke.clear();
    this.#everything.event({ event: 'activity', lines });
  }

  #flush(): void {
    this.#tick?.cancel();
    this.#tick = undefined;
    for (const watched of this.#toLookAt) this.#lookAt(watched);
    this.#toLookAt.clear();
    this.#everything.flush('', () => this.#anew(undefined));
    for (const [watched, audience] of this.#single) audience.flush(watched.name, () => this.#anew(watched));
  }

  #lookAt(watched: WatchedModem): void {
    const { summary } = watched;
    const now = essence(summary);
    if (this.#told.get(watched) === now) return;
    this.#told.set(watched, now);
    const event: LiveEvent = { event: 'modem', modem: summary };
    this.#everything.event(event);
    this.#single.get(watched)?.event(event);
  }
}

/** What is worth telling when it changes: of the lines `activity` tells. */
const essence = (summary: ModemSummary): string => JSON.stringify({ ...summary, lines: 0 });
