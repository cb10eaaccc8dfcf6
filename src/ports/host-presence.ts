/**
 * Whether a host has the device open, from two sources that are each not enough: the kernel's activities (in order, but
 * equal neighbours merged, and "closed" comes before the tty is let go) and the probe (exact, but only for its instant).
 * It owns the order of arrivals and departures; it reads and writes nothing.
 */
import type { Clock, Timer } from '../base/clock.js';
import type { Activity } from './inotify.js';

export interface PresenceSource {
  /** What happened to the device up to now, oldest first. */
  take(): Activity[];
  /** Exact; costs one close and one open of our own, which `take()` then shows as well. */
  hasHost(): boolean;
}

export interface PresenceEvents {
  arrived(): void;
  /** The host is gone; what it wrote and nobody read yet is still its own. Followed by `left`. */
  leaving(): void;
  /** After `leaving`, or alone when the next host is already there and the two cannot be told apart any more. */
  left(): void;
}

/** Milliseconds: a host that was just seen closing may not be gone yet, so look again after these. */
const secondLooks = [1, 5, 25, 125, 625] as const;
/** A host that opened in the instant of a probe left no trace of its own: look once more. */
const verifyDeparture = 20;

export class HostPresence {
  readonly #source: PresenceSource;
  readonly #clock: Clock;
  readonly #events: PresenceEvents;
  /** How many descriptors hosts seem to hold: a hint, because of the merging. */
  #openers = 0;
  #state: 'absent' | 'present' | 'ended' = 'absent';
  #look: Timer | undefined;

  constructor(source: PresenceSource, clock: Clock, events: PresenceEvents) {
    this.#source = source;
    this.#clock = clock;
    this.#events = events;
  }

  get isPresent(): boolean {
    return this.#state === 'present';
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
    this.#look?.cancel();
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
    this.#look?.cancel();
    this.#look = undefined;
    if (this.#state === 'ended') return;
    if (this.#probe()) this.#stillThere(looks);
    else this.#departed();
  }

  #stillThere(looks: number): void {
    this.#arrive();
    const wait = secondLooks[looks];
    if (wait === undefined) this.#openers = Math.max(1, this.#openers);
    else this.#look = this.#clock.after(wait, () => this.#lookForHost(looks + 1));
  }

  /** The exact answer, without the close and the open that asking costs. */
  #probe(): boolean {
    this.#count(this.#source.take());
    if (this.#state === 'ended') return false;
    const hasHost = this.#source.hasHost();
    const others = withoutOwn(this.#source.take());
    this.#count(others);
    return hasHost || others.includes('opened');
  }

  #departed(): void {
    this.#openers = 0;
    if (!this.isPresent) return;
    this.#events.leaving();
    this.#leave();
    if (this.#state === 'absent')
      this.#look = this.#clock.after(verifyDeparture, () => this.#lookForHost(secondLooks.length));
  }

  #arrive(): void {
    if (this.#state !== 'absent') return;
    this.#state = 'present';
    this.#events.arrived();
  }

  #leave(): void {
    if (this.#state !== 'present') return;
    this.#state = 'absent';
    this.#events.left();
  }
}

/** Of the activities around a probe, the first close and the last open are the probe's own. */
function withoutOwn(activity: readonly Activity[]): Activity[] {
  const first = activity.indexOf('closed');
  const last = activity.lastIndexOf('opened');
  return activity.filter((_, index) => index !== first && index !== last);
}
