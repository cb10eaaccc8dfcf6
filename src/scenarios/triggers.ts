/** A step of a scenario that is played: has its time come? What is done then is not its business. */
import type { Clock, Timer } from '../base/clock.js';
import { matchText, type Observation, Watch } from './match.js';
import { type ScenarioStep, start } from './scenario.js';
import type { VerdictCase } from './verdict.js';
import { seconds } from './verdict.js';

export class PlayedStep {
  /** Milliseconds from the start, each time it has fired. */
  readonly #fired: number[] = [];
  #state: 'waiting' | 'watching' | 'done' = 'waiting';
  #watch: Watch | undefined;
  #timer: Timer | undefined;

  constructor(readonly step: ScenarioStep) {}

  get isDone(): boolean {
    return this.#state === 'done';
  }

  get isWatching(): boolean {
    return this.#state === 'watching';
  }

  /** The moment has come from which it counts. @returns whether its time is now; else `fire` runs if it is a time, later */
  begin(clock: Clock, fire: () => void): boolean {
    const { when } = this.step;
    if (this.#state !== 'waiting') return false;
    this.#state = 'watching';
    if (when.kind === 'match') this.#watch = new Watch(when.match);
    else if (when.ms > 0) this.#timer = clock.after(when.ms, fire);
    return when.kind === 'time' && when.ms === 0;
  }

  /** Is this what it waits for? */
  sees(observation: Observation): boolean {
    const { when } = this.step;
    const time = this.#watch?.sees(observation) ?? 0;
    return when.kind === 'match' && time >= when.nth;
  }

  fired(at: number): void {
    this.#fired.push(at);
    const { when } = this.step;
    if (when.kind === 'time' || this.#fired.length >= when.count) this.#state = 'done';
  }

  get isFirst(): boolean {
    return this.#fired.length === 1;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#state = 'done';
  }

  /** A step that never came to pass has tried nothing, and so the scenario has not either. */
  get verdict(): VerdictCase {
    const { id, path } = this.step;
    const at = this.#fired[0];
    const name = `step ${id}`;
    if (at === undefined) return { name, path, passed: false, at, message: this.#missing };
    const times = this.#fired.map(seconds).join(', ');
    return { name, path, passed: true, at, message: `done at ${times}` };
  }

  get #missing(): string {
    const { when } = this.step;
    if (this.#state === 'waiting')
      return when.after === start ? 'never came: nor did power' : `never came: nor did step ${when.after}`;
    if (when.kind === 'time') return 'never came: the scenario had ended by then';
    const seen = when.nth > 1 ? ` (seen ${this.#watch?.seen ?? 0} of ${when.nth} times)` : '';
    return `never came: the ${matchText(when.match)}${seen}`;
  }
}
