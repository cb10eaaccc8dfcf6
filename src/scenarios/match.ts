/** What a scenario waits for, and what it can see: is this that? Pure. */
import type { CommandForm } from '../at/command-line.js';
import { matchesFilter } from '../mqtt/topic-filter.js';
import type { Pattern } from './pattern.js';

export type Match =
  /** @property name as the modem has it: `+MPUB`; `AT` is AT alone */
  | { kind: 'command'; name: string; form: CommandForm | undefined; arguments: Pattern | undefined }
  | { kind: 'line'; text: Pattern }
  /** @property topic a filter [MQTT-4.7], unless it is a regular expression */
  | { kind: 'message'; topic: Pattern; payload: Pattern | undefined; client: Pattern | undefined }
  /** All of them at once. */
  | { kind: 'state'; facts: readonly WantedFact[] };

export interface WantedFact {
  name: string;
  value: Pattern;
}

export type Observation =
  | { kind: 'command'; name: string; form: CommandForm; args: string }
  | { kind: 'line'; text: string }
  | { kind: 'message'; topic: string; payload: string; client: string }
  /** Something may have changed. */
  | { kind: 'state'; read: (fact: string) => string };

/** Counts how often what is waited for is seen. A state counts when it comes about, not as long as it lasts. */
export class Watch {
  #seen = 0;
  #isHeld = false;

  constructor(readonly match: Match) {}

  /** @returns whether it is seen now, and for which time; 0 where it is not */
  sees(observation: Observation): number {
    const isSeen = fits(this.match, observation);
    if (observation.kind === 'state' && this.match.kind === 'state') {
      const wasHeld = this.#isHeld;
      this.#isHeld = isSeen;
      if (wasHeld) return 0;
    }
    if (!isSeen) return 0;
    this.#seen += 1;
    return this.#seen;
  }

  get seen(): number {
    return this.#seen;
  }
}

function fits(match: Match, observation: Observation): boolean {
  switch (match.kind) {
    case 'command':
      return (
        observation.kind === 'command' &&
        observation.name === match.name &&
        (match.form === undefined || observation.form === match.form) &&
        (match.arguments?.matches(observation.args) ?? true)
      );
    case 'line':
      return observation.kind === 'line' && match.text.matches(observation.text);
    case 'message':
      return (
        observation.kind === 'message' &&
        (matchesFilter(match.topic.written, observation.topic) || match.topic.matches(observation.topic)) &&
        (match.payload?.matches(observation.payload) ?? true) &&
        (match.client?.matches(observation.client) ?? true)
      );
    case 'state':
      return (
        observation.kind === 'state' && match.facts.every(({ name, value }) => value.matches(observation.read(name)))
      );
  }
}

/** In words, as what stands behind `the`: `the host sends +MPUB`. */
export function matchText(match: Match): string {
  switch (match.kind) {
    case 'command': {
      const { name, form, arguments: args } = match;
      const how = [form && `(${form})`, args && `with ${args.written}`].filter(Boolean).join(' ');
      return `host sends ${name}${how && ` ${how}`}`;
    }
    case 'line':
      return `host types ${match.text.written}`;
    case 'message': {
      const { topic, payload, client } = match;
      const which = [payload && `with ${payload.written}`, client && `from ${client.written}`].filter(Boolean);
      return ['broker gets a message on', topic.written, ...which].join(' ');
    }
    case 'state':
      return `modem has ${match.facts.map(({ name, value }) => `${name} ${value.written}`).join(' and ')}`;
  }
}
