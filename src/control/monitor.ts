/** Every modem that runs, by name, and what happens at any of them. Follows modems that come and go with the configuration. */
import { didYouMean } from '../base/nearest.js';
import { Signal, type Unsubscribe } from '../base/signal.js';
import type { Modem } from '../modem/modem.js';
import { boundsFor, type DialogueBounds } from './dialogue-log.js';
import { ControlFailure } from './failure.js';
import type { DialogueEntry, LiveEvent } from './messages.js';
import type { ControlTarget } from './target.js';
import { WatchedModem } from './watched-modem.js';

export class Monitor {
  readonly spoke = new Signal<{ watched: WatchedModem; entry: DialogueEntry }>();
  readonly happened = new Signal<{ watched: WatchedModem; event: LiveEvent }>();
  /** Its summary may be another now; a new one comes so too. */
  readonly moved = new Signal<WatchedModem>();
  readonly removed = new Signal<WatchedModem>();
  readonly #target: ControlTarget;
  readonly #watched = new Map<Modem, WatchedModem>();
  readonly #bounds: DialogueBounds;
  readonly #undo: Unsubscribe[] = [];

  constructor(target: ControlTarget) {
    const { modems, started, leaving } = target;
    this.#target = target;
    this.#bounds = boundsFor(modems.length);
    for (const modem of modems) this.#follow(modem);
    if (started) this.#undo.push(started.on(modem => this.#follow(modem)));
    if (leaving) this.#undo.push(leaving.on(modem => this.#forget(modem)));
  }

  get all(): WatchedModem[] {
    return this.#target.modems.flatMap(modem => this.#watched.get(modem) ?? []);
  }

  find(name: string): WatchedModem | undefined {
    return this.all.find(watched => watched.name === name);
  }

  /** @throws ControlFailure (not-found) */
  get(name: string): WatchedModem {
    const found = this.find(name);
    if (found) return found;
    const names = this.all.map(watched => watched.name);
    const hint = didYouMean(name, names);
    throw new ControlFailure('not-found', 'there is no such modem', {
      found: name.slice(0, 100),
      expected: someOf(names),
      hint: hint || undefined,
    });
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    for (const watched of this.#watched.values()) watched.unfollow();
    this.#watched.clear();
  }

  #follow(modem: Modem): void {
    const watched = new WatchedModem(modem, this.#target.faults?.of(modem.name), this.#bounds);
    this.#watched.set(modem, watched);
    watched.follow({
      spoke: entry => this.spoke.emit({ watched, entry }),
      happened: event => this.happened.emit({ watched, event }),
      moved: () => this.moved.emit(watched),
    });
    this.moved.emit(watched);
  }

  #forget(modem: Modem): void {
    const watched = this.#watched.get(modem);
    if (!watched) return;
    this.#watched.delete(modem);
    watched.unfollow();
    this.removed.emit(watched);
  }
}

/** A thousand names help nobody. */
const someOf = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
