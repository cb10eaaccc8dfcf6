/** What a scenario is once it was read and checked. Data alone: scenario-run.ts plays it. All times are milliseconds. */
import type { ByteString } from '../base/bytes.js';
import type { Fault } from './fault.js';
import type { Match } from './match.js';

export interface Scenario {
  title: string;
  /** Where it was read from. */
  file: string | undefined;
  /** What it was written for: the modem's, where nobody chose another. */
  dialect: string | undefined;
  seed: number | undefined;
  /** It ends then at the latest, counted from its start. */
  until: number | undefined;
  steps: readonly ScenarioStep[];
  expectations: readonly Expectation[];
}

/** Where in the file something stands: for whoever reports it. */
export type Path = readonly (string | number)[];

/** The id of a step, or `start`. */
export type Moment = string;
export const start: Moment = 'start';

export interface ScenarioStep {
  id: string;
  path: Path;
  when: Trigger;
  actions: readonly Action[];
}

/** Both count from the moment `after`. */
export type Trigger =
  | { kind: 'time'; after: Moment; ms: number }
  /** The nth match, and each that follows until it has fired `count` times. */
  | { kind: 'match'; after: Moment; match: Match; nth: number; count: number };

export type Action =
  | { does: 'fault'; fault: Fault }
  /** Every fault of that name is lifted; undefined: all. */
  | { does: 'lift'; name: string | undefined }
  /** @property channel from 0 */
  | { does: 'urc'; text: ByteString; channel: number }
  | { does: 'publish'; topic: string; payload: string; qos: 0 | 1 | 2; retain: boolean }
  | { does: 'power'; to: 'on' | 'off' | 'restart' }
  | { does: 'set'; values: Readonly<Record<string, string | number | boolean>> };

export interface Expectation {
  /** What a report calls it. */
  title: string;
  path: Path;
  /** `must`: the nth match comes. `never`: it does not. */
  kind: 'must' | 'never';
  match: Match;
  nth: number;
  after: Moment;
  /** From `after` on; undefined: until the scenario ends. */
  within: number | undefined;
}
