/** Every modem that runs, by name, and what happens at any of them. Follows modems that come and go with the configuration. */
import { didYouMean } from '../base/nearest.js';
import { Signal } from '../base/signal.js';
import type { Modem } from '../modem/modem.js';
import { boundsFor, DialogueLog } from './dialogue-log.js';
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
  readonly #unfollow: () => void;

  constructor(target: ControlTarget) {
    this.#target = target;
    this.#look();
    this.#unfollow = target.modemsChanged?.on(() => this.#look()) ?? (() => {});
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
    this.#unfollow();
    for (const watched of this.#watched.values()) watched.unfollow();
    this.#watched.clear();
  }

  #look(): void {
    const { modems } = this.#target;
    const gone = [...this.#watched].filter(([modem]) => !modems.includes(modem));
    for (const [modem, watched] of gone) this.#forget(modem, watched);
    const bounds = boundsFor(modems.length);
    for (const modem of modems) {
      if (this.#watched.has(modem)) continue;
      // One that was started anew goes on with its dialogue, and with the numbers of its lines.
      const before = gone.find(([{ name }]) => name === modem.name);
      this.#follow(modem, before?.[1].dialogue ?? new DialogueLog(bounds));
    }
  }

  #follow(modem: Modem, dialogue: DialogueLog): void {
    const watched = new WatchedModem(modem, this.#target.faults?.of(modem.name), dialogue);
    this.#watched.set(modem, watched);
    watched.follow({
      spoke: entry => this.spoke.emit({ watched, entry }),
      happened: event => this.happened.emit({ watched, event }),
      moved: () => this.moved.emit(watched),
    });
    this.moved.emit(watched);
  }

  #forget(modem: Modem, watched: WatchedModem): void {
    this.#watched.delete(modem);
    watched.unfollow();
    this.removed.emit(watched);
  }
}

/** A thousand names help nobody. */
const someOf = (names: readonly string[]): string =>
  names.length > 10 ? `${names.slice(0, 10).join(', ')} and ${names.length - 10} more` : names.join(', ');
