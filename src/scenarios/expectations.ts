/** An expectation of a scenario that is played: met, failed, or still open. */
import type { Clock, Timer } from '../base/clock.js';
import { type Observation, Watch } from './match.js';
import { type Expectation, start } from './scenario.js';
import { seconds, type VerdictCase } from './verdict.js';

type State = 'waiting' | 'open' | 'passed' | 'failed';

export interface ExpectationParts {
  clock: Clock;
  /** Milliseconds from the start of the scenario. */
  elapsed(): number;
  /** What the host has said since an instant of the scenario, for who has to find out why nothing came. */
  hostSaid(since: number): string;
}

export class PlayedExpectation {
  readonly #watch: Watch;
  #state: State = 'waiting';
  #since = 0;
  #at: number | undefined;
  #message = '';
  #timer: Timer | undefined;

  constructor(
    readonly expectation: Expectation,
    readonly parts: ExpectationParts,
  ) {
    this.#watch = new Watch(expectation.match);
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** It cannot turn any more. */
  get isDecided(): boolean {
    return this.#state === 'passed' || this.#state === 'failed';
  }

  /** The moment has come from which it counts. @param decided runs when time decides it */
  begin(decided: () => void): void {
    if (this.#state !== 'waiting') return;
    const { within } = this.expectation;
    this.#state = 'open';
    this.#since = this.parts.elapsed();
    if (within === undefined) return;
    this.#timer = this.parts.clock.after(within, () => {
      this.end();
      decided();
    });
  }

  sees(observation: Observation): void {
    const { kind, nth } = this.expectation;
    if (this.#watch.sees(observation) < nth) return;
    const at = seconds(this.parts.elapsed());
    if (kind === 'must') this.#decide('passed', `at ${at}`);
    else this.#decide('failed', `it did, at ${at}`);
  }

  /** Time is up, its own or the scenario's. */
  end(): void {
    if (this.isDecided) return;
    const { kind, after } = this.expectation;
    if (kind === 'never')
      this.#decide('passed', this.#state === 'open' ? 'it did not' : `${momentText(after)} never came`);
    else this.#decide('failed', this.#state === 'open' ? this.#missed : `${momentText(after)} never came`);
  }

  get verdict(): VerdictCase {
    const { title: name, path } = this.expectation;
    return { name, path, passed: this.#state === 'passed', at: this.#at, message: this.#message };
  }

  get #missed(): string {
    const { nth, after, within } = this.expectation;
    const { seen } = this.#watch;
    const lasted = this.parts.elapsed() - this.#since;
    const isWhole = within !== undefined && lasted >= within;
    const from = after === start ? '' : ` ${isWhole ? 'of' : 'after'} ${after} (${seconds(this.#since)})`;
    const span = isWhole ? `within ${seconds(within)}${from}` : `until the end, ${seconds(lasted)}${from || ' in all'}`;
    const count = nth > 1 ? `${seen} of ${nth} came` : 'it did not';
    return `${count} ${span}; ${this.parts.hostSaid(this.#since)}`;
  }

  #decide(state: 'passed' | 'failed', message: string): void {
    this.#timer?.cancel();
    this.#at = this.#state === 'waiting' ? undefined : this.parts.elapsed();
    this.#state = state;
    this.#message = message;
  }
}

const momentText = (moment: string): string => (moment === start ? 'the start, power,' : `the step ${moment}`);
