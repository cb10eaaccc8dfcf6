/** What happens at a modem, as observations of a scenario. Listens only to what somebody waits for. */
import type { Clock, Timer } from '../base/clock.js';
import type { Unsubscribe } from '../base/signal.js';
import type { Modem } from '../modem/modem.js';
import type { Match, Observation } from './match.js';
import { textOf } from './pattern.js';

/** What a scenario needs of the embedded broker. */
export interface ScenarioBroker {
  readonly published: {
    on(listener: (message: { topic: string; payload: Buffer; clientId: string | undefined }) => void): Unsubscribe;
  };
  publish(topic: string, payload: string, options: { qos: 0 | 1 | 2; retain: boolean }): Promise<void>;
}

export interface Sources {
  modem: Modem;
  broker: ScenarioBroker | undefined;
  clock: Clock;
}

/** Not everything that changes a state says so; what does not is seen this late, in ms. */
const lookEvery = 100;

export class Sightings {
  readonly #stops: Unsubscribe[] = [];
  readonly #sources: Sources;
  readonly #see: (observation: Observation) => void;
  #look: 'idle' | 'soon' | 'over' = 'idle';
  #timer: Timer | undefined;

  constructor(sources: Sources, kinds: ReadonlySet<Match['kind']>, see: (observation: Observation) => void) {
    this.#sources = sources;
    this.#see = see;
    const { modem, broker } = sources;
    if (kinds.has('command'))
      this.#stops.push(
        modem.commands.on(({ name, form, args }) =>
          see({ kind: 'command', name: name || 'AT', form, args: textOf(args) }),
        ),
      );
    if (kinds.has('line')) this.#stops.push(modem.lines.on(({ line }) => see({ kind: 'line', text: textOf(line) })));
    if (kinds.has('message') && broker) this.#stops.push(this.#watchMessages(broker));
    if (kinds.has('state')) this.#watchStates();
  }

  stop(): void {
    this.#look = 'over';
    this.#timer?.cancel();
    for (const stop of this.#stops) stop();
  }

  /** What the scenario itself publishes is no client's. */
  #watchMessages({ published }: ScenarioBroker): Unsubscribe {
    return published.on(({ topic, payload, clientId }) => {
      if (clientId === undefined) return;
      this.#see({ kind: 'message', topic, payload: payload.toString('utf8'), client: clientId });
    });
  }

  #watchStates(): void {
    const { modem } = this.#sources;
    const soon = () => this.#lookSoon();
    this.#stops.push(modem.dialogue.on(soon), modem.events.on(soon));
    this.#lookLater();
    soon();
  }

  /** In a later turn: what changes is in the middle of changing. */
  #lookSoon(): void {
    if (this.#look !== 'idle') return;
    this.#look = 'soon';
    this.#sources.clock.soon(() => {
      if (this.#look === 'over') return;
      this.#look = 'idle';
      this.#see({ kind: 'state', read: name => this.#factOf(name) });
    });
  }

  #lookLater(): void {
    this.#timer = this.#sources.clock.after(lookEvery, () => {
      this.#lookSoon();
      this.#lookLater();
    });
  }

  /** Of the first client, link and context: what a module with one of each has. */
  #factOf(name: string): string {
    const { modem } = this.#sources;
    const address = { client: modem.clients.first, link: modem.links.first, cid: 1 };
    return String(modem.environment.fact(name, address) ?? '');
  }
}
