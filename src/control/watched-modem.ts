/** One modem as the API sees it: its states, its faults, and what it said since the API began to listen. */
import type { Unsubscribe } from '../base/signal.js';
import type { Modem } from '../modem/modem.js';
import type { DialogueLog } from './dialogue-log.js';
import type { ModemFaultControl } from './faults.js';
import type { DialogueEntry, LiveEvent, ModemDetail, ModemSummary } from './messages.js';
import { detailOf, summaryOf } from './states.js';

export interface Listeners {
  spoke(entry: DialogueEntry): void;
  happened(event: LiveEvent): void;
  /** Its summary is another now. */
  moved(): void;
}

export class WatchedModem {
  readonly #undo: Unsubscribe[] = [];

  constructor(
    readonly modem: Modem,
    readonly faults: ModemFaultControl | undefined,
    readonly dialogue: DialogueLog,
  ) {}

  get name(): string {
    return this.modem.name;
  }

  get summary(): ModemSummary {
    return summaryOf(this.modem, this.#beside);
  }

  get detail(): ModemDetail {
    return detailOf(this.modem, this.#beside);
  }

  follow({ spoke, happened, moved }: Listeners): void {
    const { modem, faults, name: of } = this;
    const { online, offline, cellular, wifi } = modem.surroundings;
    const moves: readonly { on(listener: () => void): Unsubscribe }[] = [
      online,
      offline,
      cellular.registration.told,
      cellular.signal.changed,
      wifi.joined,
      wifi.lost,
    ];
    this.#undo.push(
      modem.dialogue.on(line => spoke(this.dialogue.add(line))),
      modem.events.on(event => {
        happened({ ...event, modem: of, at: modem.clock.wall() });
        moved();
      }),
      ...moves.map(signal => signal.on(moved)),
    );
    const unfollow = faults?.news.on(news => {
      happened({ event: 'fault', modem: of, at: modem.clock.wall(), ...news });
      moved();
    });
    if (unfollow) this.#undo.push(unfollow);
  }

  unfollow(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  get #beside() {
    return { faults: this.faults?.active ?? [], lines: this.dialogue.last };
  }
}
