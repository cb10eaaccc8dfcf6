/** From the document of a scenario to what is played: names resolved, faults and actions checked. Pure. */
import { escapeForms, readEscapes } from '../base/escapes.js';
import { didYouMean } from '../base/nearest.js';
import { coreFacts } from '../grammar/vocabulary.js';
import { faultCatalogue } from '../scenarios/catalogue.js';
import { checkFault, commandName } from '../scenarios/fault.js';
import { type Match, matchText, type WantedFact } from '../scenarios/match.js';
import type { Action, Expectation, Path, Scenario, ScenarioStep, Trigger } from '../scenarios/scenario.js';
import { start } from '../scenarios/scenario.js';
import { seconds } from '../scenarios/verdict.js';
import { problemFrom } from './scenario-dialect.js';
import { cyclesIn } from './scenario-moments.js';
import {
  type ActionDocument,
  actionSchema,
  type ExpectationDocument,
  knownScenarioKeys,
  type ScenarioDocument,
  type SeenDocument,
  type StepDocument,
} from './scenario-schema.js';
import { type Problem, problemsOf } from './yaml-file.js';

export interface ReadScenario {
  /** Complete where there are no problems. */
  scenario: Scenario;
  problems: readonly Problem[];
}

/** @param names of the whole, where it has no title of its own */
export function readScenario(document: ScenarioDocument, names: Pick<Scenario, 'title' | 'file'>): ReadScenario {
  return new ScenarioReader(document).read(names);
}

class ScenarioReader {
  readonly #document: ScenarioDocument;
  readonly #problems: Problem[] = [];
  readonly #ids: readonly string[];

  constructor(document: ScenarioDocument) {
    this.#document = document;
    this.#ids = (document.steps ?? []).map(({ id }, i) => id ?? `step-${i + 1}`);
  }

  read({ title, file }: Pick<Scenario, 'title' | 'file'>): ReadScenario {
    const { steps = [], expect = [], scenario: ownTitle, dialect, seed, until } = this.#document;
    this.#checkIds();
    const read: Scenario = {
      title: ownTitle ?? title,
      file,
      dialect,
      seed,
      until,
      steps: steps.flatMap((step, i) => this.#step(step, this.#ids[i]!, ['steps', i]) ?? []),
      expectations: expect.flatMap((each, i) => this.#expectation(each, ['expect', i]) ?? []),
    };
    // An id that stands for two steps leads anywhere.
    for (const { id, path } of this.#problems.length > 0 ? [] : cyclesIn(read.steps))
      this.#problems.push({
        path: [...path, 'when', 'after'],
        summary: `step ${id} waits for itself`,
        expected: 'a step that comes to pass before it',
      });
    return { scenario: read, problems: this.#problems };
  }

  #checkIds(): void {
    for (const [i, id] of this.#ids.entries()) {
      const path: Path = ['steps', i, 'id'];
      if (id === start)
        this.#problems.push({ path, summary: '`start` is the start of the scenario', expected: 'another id' });
      else if (this.#ids.indexOf(id) < i)
        this.#problems.push({ path, summary: `two steps are called \`${id}\``, expected: 'an id of its own' });
    }
  }

  #step({ when, do: actions = [] }: StepDocument, id: string, path: Path): ScenarioStep | undefined {
    const trigger = this.#trigger(when, [...path, 'when']);
    const done = actions.map((action, i) => this.#action(action, [...path, 'do', i]));
    return trigger && { id, path, when: trigger, actions: done.filter(action => action !== undefined) };
  }

  #trigger(when: StepDocument['when'], path: Path): Trigger | undefined {
    const { time, after: named, nth = 1, count = 1, ...seen } = when;
    const after = this.#moment(named, [...path, 'after']);
    if (time === undefined) {
      const match = this.#match(seen, path, ['time']);
      return match && { kind: 'match', after, match, nth, count };
    }
    const [other] = Object.keys({ ...seen, ...(when.nth && { nth }), ...(when.count && { count }) });
    if (other === undefined) return { kind: 'time', after, ms: time };
    return this.#refuse({
      path: [...path, other],
      summary: `\`time\` and \`${other}\` exclude each other`,
      expected: 'one of them; `after` counts from a step',
    });
  }

  #expectation(given: ExpectationDocument, path: Path): Expectation | undefined {
    const { host, message, state, never, name, nth = 1, within, after: named } = given;
    const after = this.#moment(named, [...path, 'after']);
    const wanted = (
      [
        ['host', host],
        ['message', message],
        ['state', state],
        ['never', never],
      ] as const
    ).filter(([, value]) => value !== undefined);
    const [first] = wanted;
    if (!first || wanted.length > 1)
      return this.#refuse({
        path,
        summary: first ? 'an expectation of several things' : 'an expectation of nothing',
        found: first && wanted.map(([key]) => key).join(', '),
        expected: 'one of host, message, state and never',
      });
    const match = host
      ? this.#match(host, [...path, 'host'])
      : never
        ? this.#match(never, [...path, 'never'])
        : this.#match({ message, state }, path);
    if (!match) return undefined;
    const expectation: Expectation = { title: '', path, kind: never ? 'never' : 'must', match, nth, after, within };
    return { ...expectation, title: name ?? titleOf(expectation) };
  }

  #moment(named: string | undefined, path: Path): string {
    if (named !== undefined && named !== start && !this.#ids.includes(named))
      this.#problems.push({
        path,
        summary: 'no such step',
        found: named,
        expected: [start, ...this.#ids].join(', '),
        hint: didYouMean(named, [start, ...this.#ids]) || undefined,
      });
    return named ?? start;
  }

  /** @param others that could stand here too, for the message */
  #match(seen: SeenDocument, path: Path, others: readonly string[] = []): Match | undefined {
    const { command, form, arguments: args, line, message, state } = seen;
    const given = Object.entries({ command, line, message, state }).filter(([, value]) => value !== undefined);
    const detail = (['form', 'arguments'] as const).find(key => seen[key] !== undefined);
    if (given.length !== 1)
      return this.#refuse({
        path,
        summary: given.length > 1 ? 'several things at once' : 'nothing to wait for',
        found: given.length > 1 ? given.map(([key]) => key).join(', ') : undefined,
        expected: `one of ${['command', 'line', 'message', 'state', ...others].join(', ')}`,
      });
    if (detail !== undefined && command === undefined)
      return this.#refuse({
        path: [...path, detail],
        summary: `\`${detail}\` is of a command`,
        expected: '`command:` beside it',
      });
    if (command !== undefined) return { kind: 'command', name: commandName(command), form, arguments: args };
    if (line) return { kind: 'line', text: line };
    if (message) return { kind: 'message', topic: message.topic, payload: message.payload, client: message.client };
    return { kind: 'state', facts: this.#facts(state!, [...path, 'state']) };
  }

  #facts(state: NonNullable<SeenDocument['state']>, path: Path): WantedFact[] {
    return Object.entries(state).map(([name, value]) => {
      const spec = coreFacts[name];
      const known = Object.keys(coreFacts).filter(fact => coreFacts[fact]?.list === undefined);
      if (!spec || spec.list)
        this.#problems.push({
          path: [...path, name],
          summary: `no state \`${name}\``,
          expected: 'a fact of docs/vocabulary.md that is one value',
          hint: didYouMean(name, known) || undefined,
        });
      else if (spec.words && !value.written.startsWith('/') && !spec.words.includes(value.written))
        this.#problems.push({
          path: [...path, name],
          summary: `\`${name}\` is never that`,
          found: value.written,
          expected: spec.words.join(', '),
          hint: didYouMean(value.written, spec.words) || undefined,
        });
      return { name, value };
    });
  }

  #action(raw: string | Record<string, unknown>, path: Path): Action | undefined {
    if (typeof raw === 'string' || 'fault' in raw) return this.#fault(raw, path);
    const parsed = actionSchema.safeParse(raw);
    if (parsed.success) return this.#otherAction(parsed.data, path);
    for (const issue of parsed.error.issues)
      for (const problem of problemsOf(issue, raw, inner => knownScenarioKeys(inner.length > 0 ? inner : ['do'])))
        this.#problems.push({ ...problem, path: [...path, ...problem.path] });
    return undefined;
  }

  #fault(raw: unknown, path: Path): Action | undefined {
    return this.#attempt(path, () => ({ does: 'fault', fault: checkFault(raw) }));
  }

  #otherAction({ channel, ...verbs }: ActionDocument, path: Path): Action | undefined {
    const given = Object.keys(verbs);
    if (given.length !== 1 || (channel !== undefined && verbs.urc === undefined))
      return this.#refuse({
        path,
        summary: given.length === 0 ? 'nothing to do' : 'several things at once',
        found: Object.keys({ ...verbs, ...(channel && { channel }) }).join(', ') || undefined,
        expected: 'one of fault, lift, urc, publish, power, set; `channel` goes with urc',
      });
    const { urc, publish, power, set, lift } = verbs;
    if (urc !== undefined) return this.#urc(urc, (channel ?? 1) - 1, path);
    if (publish) {
      const { topic, payload = '', qos = 0, retain = false } = publish;
      return { does: 'publish', topic, payload, qos, retain };
    }
    if (power) return { does: 'power', to: power };
    if (set) return { does: 'set', values: set };
    return this.#lift(lift!, path);
  }

  #urc(written: string, channel: number, path: Path): Action | undefined {
    const read = readEscapes(written);
    if ('bytes' in read) return { does: 'urc', text: read.bytes, channel };
    return this.#refuse({
      path: [...path, 'urc'],
      summary: 'an escape that means nothing',
      found: written,
      expected: escapeForms,
    });
  }

  #lift(name: string, path: Path): Action | undefined {
    const names = faultCatalogue.map(fault => fault.name);
    if (name === 'all') return { does: 'lift', name: undefined };
    if (names.some(known => known === name)) return { does: 'lift', name };
    return this.#refuse({
      path: [...path, 'lift'],
      summary: 'no such fault',
      found: name,
      expected: 'all, or the name of a fault',
      hint: didYouMean(name, names) || undefined,
    });
  }

  #attempt(path: Path, work: () => Action): Action | undefined {
    let action: Action | undefined;
    this.#problems.push(
      ...problemFrom(path, () => {
        action = work();
      }),
    );
    return action;
  }

  #refuse(problem: Problem): undefined {
    this.#problems.push(problem);
    return undefined;
  }
}

/** `the host sends +MIPSTART within 10 s of link-lost` */
function titleOf({ kind, match, nth, within, after }: Expectation): string {
  const what = matchText(match);
  const words = [
    kind === 'never' ? `never: the ${what}` : `the ${what}`,
    nth > 1 && `(${nth} times)`,
    within !== undefined && `within ${seconds(within)}`,
    after !== start && `${within === undefined ? 'after' : 'of'} ${after}`,
  ];
  return words.filter(Boolean).join(' ');
}
