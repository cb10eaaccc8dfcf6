/**
 * Whether a host has the device open, from two sources that are each not enough: the kernel's activities (in order, but
 * equal neighbours merged, and "closed" comes before the tty is let go) and the look (exact, but only for its instant).
 * It owns the order of arrivals and departures; it reads and writes nothing.
 */
import type { Clock, Timer } from '../base/clock.js';
import type { Activity } from './inotify.js';
import type { Look } from './pty-pair.js';

export interface PresenceSource {
  /** What happened to the device up to now, oldest first. */
  take(): Activity[];
  /** Exact; costs one close and one open of our own, which `take()` then shows as well. `reopening` is between them. */
  look(reopening: () => void): Look;
}

export interface PresenceEvents {
  arrived(): void;
  /** Found by a look: packets of the host that is there, or is just leaving. */
  unread(packets: readonly Buffer[]): void;
  left(): void;
}

/** `leaving`: gone, but its last bytes are still being given out; nothing can be written to it any more. */
export type Presence = 'absent' | 'present' | 'leaving' | 'ended';

/** Milliseconds: a host that was just seen closing may not be gone yet, so look again after these. */
const secondLooks = [1, 5, 25, 125, 625] as const;
/** A host that opened in the instant of a look left no trace of its own: look once more, 25 ms later. */
const verification = 2;

export class HostPresence {
  readonly #source: PresenceSource;
  readonly #clock: Clock;
  readonly #events: PresenceEvents;
  /** How many descriptors hosts seem to hold: a hint, because of the merging. */
  #openers = 0;
  #state: Presence = 'absent';
  #nextLook: Timer | undefined;

  constructor(source: PresenceSource, clock: Clock, events: PresenceEvents) {
    this.#source = source;
    this.#clock = clock;
    this.#events = events;
  }

  get state(): Presence {
    return this.#state;
  }

  /**
   * Brings together what the kernel has told. Arrivals come before `deliver`, departures after it, so that bytes in hand
   * fall into a session.
   */
  settle(deliver?: () => void): void {
    if (this.#state === 'ended') return;
    const activity = this.#source.take();
    this.#count(activity);
    deliver?.();
    if (activity.some(what => what !== 'opened')) this.#lookForHost(0);
  }

  /** Bytes came: somebody must be there, whatever was seen. */
  prove(): void {
    if (this.#state !== 'absent') return;
    this.#openers = 1;
    this.#arrive();
  }

  /** No more events. */
  end(): void {
    this.#state = 'ended';
    this.#nextLook?.cancel();
  }

  #count(activity: readonly Activity[]): void {
    for (const what of activity) {
      if (what === 'closed') this.#openers = Math.max(0, this.#openers - 1);
      if (what !== 'opened') continue;
      // The last host left and the next one came before we looked.
      if (this.#openers === 0) this.#leave();
      this.#arrive();
      this.#openers++;
    }
  }

  /** @param looks how often this departure was looked for before */
  #lookForHost(looks: number): void {
    this.#nextLook?.cancel();
    this.#nextLook = undefined;
    this.#count(this.#source.take());
    if (this.#state === 'ended') return;
    let before: Activity[] = [];
    const look = this.#source.look(() => {
      before = this.#source.take();
    });
    const others = withoutOwn(before, this.#source.take());
    switch (look.host) {
      case 'present':
        this.#stillThere(looks);
        break;
      case 'gone':
        this.#departed(look.unread, looks);
        break;
      case 'replaced':
        this.#leave();
        this.#openers = 1;
        this.#stillThere(looks);
        this.#events.unread(look.unread);
    }
    this.#count(others);
    if (others.length > 0) this.#lookAgain(0);
  }

  #stillThere(looks: number): void {
    this.#arrive();
    // A tty is let go within microseconds: by the second look, whoever is there was there before.
    if (looks > 0) this.#openers = Math.max(1, this.#openers);
    this.#lookAgain(looks);
  }

  #lookAgain(looks: number): void {
    const wait = secondLooks[looks];
    if (wait === undefined || this.#state === 'ended') return;
    this.#nextLook?.cancel();
    this.#nextLook = this.#clock.after(wait, () => this.#lookForHost(looks + 1));
  }

  /** Bytes may be of a visit that nobody noticed: giving them out proves it, for as long as that takes. */
  #departed(unread: readonly Buffer[], looks: number): void {
    const wasThere = this.#state === 'present';
    if (wasThere) this.#state = 'leaving';
    if (unread.length > 0) this.#events.unread(unread);
    this.#openers = 0;
    this.#leave();
    if (wasThere || looks === 0) this.#lookAgain(verification);
  }

  #arrive(): void {
    if (this.#state !== 'absent') return;
    this.#state = 'present';
    this.#events.arrived();
  }

  #leave(): void {
    if (this.#state !== 'present' && this.#state !== 'leaving') return;
    this.#state = 'absent';
    this.#events.left();
  }
}

/**
 * Of the activities around a look, the first close and the last open are the look's own. Taken in two parts, because only
 * a host that opens within our own open, some microseconds, is then merged with it.
 */
function withoutOwn(before: readonly Activity[], after: readonly Activity[]): Activity[] {
  const close = before.indexOf('closed');
  const open = after.lastIndexOf('opened');
  return [...before.filter((_, at) => at !== close), ...after.filter((_, at) => at !== open)];
}
