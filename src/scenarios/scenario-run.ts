/**
 * Plays a scenario on one modem: sees what happens, does what the steps say, and watches what the host must and must never
 * do, until the verdict is final. It begins when the module first has power, which with `--power attach` is when the host
 * opens the port.
 */
import type { Timer } from '../base/clock.js';
import type { Unsubscribe } from '../base/signal.js';
import { type ActionParts, act, type Occasion } from './actions.js';
import { PlayedExpectation } from './expectations.js';
import { HostLines } from './host-lines.js';
import type { Match, Observation } from './match.js';
import { checkSurroundings } from './needs.js';
import { type Moment, type Scenario, start } from './scenario.js';
import { Sightings } from './sightings.js';
import { PlayedStep } from './triggers.js';
import type { Verdict } from './verdict.js';

export class ScenarioRun {
  /** Resolves once it is final: nothing that happens later can change it. */
  readonly verdict: Promise<Verdict>;
  readonly #scenario: Scenario;
  readonly #parts: ActionParts;
  readonly #steps: readonly PlayedStep[];
  readonly #expectations: readonly PlayedExpectation[];
  readonly #hostLines: HostLines;
  readonly #stops: Unsubscribe[] = [];
  #resolve: (verdict: Verdict) => void = () => {};
  #final: Verdict | undefined;
  #startedAt: number | undefined;
  #until: Timer | undefined;

  /** @throws OperatorError (config): it needs a broker or a channel that is not there */
  constructor(scenario: Scenario, parts: ActionParts) {
    const { modem } = parts;
    checkSurroundings(scenario, parts);
    this.#scenario = scenario;
    this.#parts = parts;
    this.#hostLines = new HostLines(modem, () => this.#elapsed());
    const expectationParts = {
      clock: parts.clock,
      elapsed: () => this.#elapsed(),
      hostSaid: (since: number) => this.#hostLines.since(since),
    };
    this.#steps = scenario.steps.map(step => new PlayedStep(step));
    this.#expectations = scenario.expectations.map(each => new PlayedExpectation(each, expectationParts));
    this.verdict = new Promise(resolve => {
      this.#resolve = resolve;
    });
    this.#stops.push(
      () => this.#hostLines.stop(),
      modem.events.on(event => {
        if (event.event === 'power' && event.state === 'on') this.begin();
      }),
    );
    if (modem.isOn) this.begin();
  }

  get isFinal(): boolean {
    return this.#final !== undefined;
  }

  /** Does nothing where it has begun. For who gives power only later: a scenario may be what gives it. */
  begin(): void {
    if (this.#startedAt !== undefined || this.isFinal) return;
    const { clock, log } = this.#parts;
    this.#startedAt = clock.now();
    log.info({ scenario: this.#scenario.title }, 'the scenario begins');
    const sightings = new Sightings(this.#parts, this.#kinds, observation => this.#see(observation));
    this.#stops.push(() => sightings.stop());
    const { until } = this.#scenario;
    if (until !== undefined) this.#until = clock.after(until, () => this.stop());
    this.#reached(start, 'start');
    this.#settle();
  }

  /** Ends it now: what has not come by now has not come. Safe to call again. */
  stop(): Verdict {
    if (this.#final) return this.#final;
    for (const expectation of this.#expectations) expectation.end();
    const verdict = this.#verdict;
    this.#final = verdict;
    for (const step of this.#steps) step.stop();
    for (const stop of this.#stops) stop();
    this.#until?.cancel();
    const { passed, name } = verdict;
    this.#parts.log.info({ scenario: name, passed }, `the scenario ${passed ? 'passed' : 'failed'}`);
    this.#resolve(verdict);
    return verdict;
  }

  get #kinds(): ReadonlySet<Match['kind']> {
    const triggers = this.#scenario.steps.flatMap(({ when }) => (when.kind === 'match' ? [when.match.kind] : []));
    return new Set([...triggers, ...this.#scenario.expectations.map(({ match }) => match.kind)]);
  }

  #elapsed(): number {
    return this.#startedAt === undefined ? 0 : this.#parts.clock.now() - this.#startedAt;
  }

  /** Who begins with what is seen now sees only what comes after it. */
  #see(observation: Observation): void {
    const occasion = observation.kind === 'command' || observation.kind === 'line' ? 'command' : 'other';
    const watching = [...this.#steps, ...this.#expectations].filter(isWatching);
    for (const each of watching) {
      if (each instanceof PlayedExpectation) each.sees(observation);
      else if (each.sees(observation)) this.#fire(each, occasion);
    }
    this.#settle();
  }

  #fire(played: PlayedStep, occasion: Occasion): void {
    const { modem, log } = this.#parts;
    const { id, actions } = played.step;
    played.fired(this.#elapsed());
    log.info({ step: id }, `scenario: step ${id}`);
    if (modem.dialogue.isHeard) modem.say({ channel: 0, from: 'fault', text: `scenario: step ${id}` });
    for (const action of actions) act(action, occasion, this.#parts);
    if (played.isFirst) this.#reached(id, 'other');
  }

  /** What counts from this moment begins to. */
  #reached(moment: Moment, occasion: Occasion): void {
    const { clock } = this.#parts;
    for (const expectation of this.#expectations)
      if (expectation.expectation.after === moment) expectation.begin(() => this.#settle());
    for (const played of this.#steps) {
      if (played.step.when.after !== moment) continue;
      const isDue = played.begin(clock, () => {
        this.#fire(played, 'other');
        this.#settle();
      });
      if (isDue) this.#fire(played, occasion);
    }
  }

  /** It ends when there is nothing left to do and to wait for. What must never come may come as long as it lasts. */
  #settle(): void {
    if (this.#steps.some(({ isDone }) => !isDone)) return;
    const isOpen = this.#expectations.some(expectation => !expectation.isDecided);
    if (!isOpen) this.stop();
  }

  get #verdict(): Verdict {
    const { title, file } = this.#scenario;
    const cases = [...this.#steps, ...this.#expectations].map(({ verdict }) => verdict);
    return {
      name: title,
      passed: cases.every(({ passed }) => passed),
      modem: this.#parts.modem.name,
      file,
      seed: this.#parts.faults.seed,
      duration: this.#elapsed(),
      cases,
    };
  }
}

const isWatching = (played: PlayedStep | PlayedExpectation): boolean =>
  played instanceof PlayedStep ? played.isWatching : played.isOpen;
