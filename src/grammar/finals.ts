/**
 * Does every path of an exchange end in a final result? Read from the steps as written. A final result with a condition
 * counts where the conditions together leave nothing out: `when` and `unless` of the same, or every value of a word or
 * a small range.
 */
import { readMatch, wordsIn } from './matches.js';
import type { Locals } from './names.js';
import type { Node } from './node.js';
import type { ParameterType } from './parameters.js';
import { inSpans, parseSpans, type Span } from './spans.js';
import type { StepReader } from './step-reader.js';
import type { Value } from './values.js';

/** @param isOptional may the argument of that name be left out? */
export function everyPathEnds(
  steps: Node,
  locals: Locals,
  reader: StepReader,
  isOptional: (name: string) => boolean = () => true,
): boolean {
  return allEnd(steps, surroundings(locals, reader, isOptional));
}

/** What the check asks about the names and words in the steps. */
interface Surroundings {
  /** Outcomes of an operation that are no failures. */
  okOutcomes(operation: string): readonly string[];
  /** What the name can be, if that is known. */
  typeOf(name: string): ParameterType | undefined;
  /** Can it be absent? */
  mayLack(name: string): boolean;
}

function surroundings(
  locals: Locals,
  { names, operations }: StepReader,
  isOptional: (name: string) => boolean,
): Surroundings {
  return {
    okOutcomes: operation => operations.get(operation)?.ok ?? [],
    typeOf: name => names.typeOf(name, locals),
    mayLack: name => {
      const parameter = names.parameterOf(name, locals);
      if (!parameter) return false;
      if (!locals.parameters.has(name)) return parameter.factory === undefined;
      return parameter.omitted === undefined && isOptional(name);
    },
  };
}

function allEnd(steps: Node, around: Surroundings): boolean {
  const ending = steps.items().filter(step => ends(step, around) && !step.given('each'));
  const cases = ending.map(step => ({ when: step.given('when'), unless: step.given('unless') }));
  return cases.some(({ when, unless }) => !when && !unless) || leaveNothingOut(cases, around);
}

/** Does the step, where it is taken, end the exchange or write a final result? */
function ends(step: Node, around: Surroundings): boolean {
  if (step.has('final') || step.has('error') || step.has('cme')) return true;
  if (step.has('steps')) return allEnd(step.get('steps'), around);
  if (!step.has('do')) return step.has('online');
  const mapped = (word: string) => step.has(word) && allEnd(step.get(word), around);
  const words = around.okOutcomes(String(step.get('do').raw));
  return words.length > 0 && words.every(word => (step.has(word) ? mapped(word) : mapped('ok')));
}

interface Case {
  when: Node | undefined;
  unless: Node | undefined;
}

/** Combinations of values beyond this are taken on trust. */
const mostTried = 4096;

function leaveNothingOut(cases: readonly Case[], around: Surroundings): boolean {
  if (cases.length < 2) return false;
  const asked = new Map<string, Node[]>();
  for (const { when, unless } of cases) {
    const matches = [...(when?.entries() ?? []), ...(unless?.entries() ?? [])];
    for (const [name, match] of matches) asked.set(name, [...(asked.get(name) ?? []), match]);
  }
  let combinations: Map<string, Value>[] = [new Map()];
  for (const [name, matches] of asked) {
    const values = candidates(name, matches, around);
    combinations = combinations.flatMap(one => values.map(value => new Map([...one, [name, value]])));
    if (combinations.length > mostTried) return true;
  }
  const isTaken = ({ when, unless }: Case, values: ReadonlyMap<string, Value>) =>
    holds(when, values, true) && !holds(unless, values, false);
  return combinations.every(values => cases.some(one => isTaken(one, values)));
}

function holds(condition: Node | undefined, values: ReadonlyMap<string, Value>, otherwise: boolean): boolean {
  if (!condition) return otherwise;
  return condition.keys().every(name => readMatch(condition.get(name))(values.get(name)));
}

const somethingElse = '\0';
const asksForPresence: readonly unknown[] = ['given', 'omitted', 'some', 'none'];

/** Values for a name of which these matches tell apart any that it can have. */
function candidates(name: string, matches: readonly Node[], around: Surroundings): Value[] {
  const asksPresence = matches.some(({ raw }) => asksForPresence.includes(raw));
  const lacking = asksPresence || around.mayLack(name) ? [undefined] : [];
  return [...present(around.typeOf(name), matches), ...lacking];
}

function present(type: ParameterType | undefined, matches: readonly Node[]): Value[] {
  if (type?.kind === 'word') return [...type.words];
  if (type?.kind === 'number') return numbers(type.spans, matches);
  if (matches.every(({ raw }) => typeof raw === 'boolean')) return [true, false];
  return [...matches.flatMap(wordsIn), somethingElse];
}

/** Numbers of a range on both sides of every border that a match draws in it. */
function numbers(range: readonly Span[], matches: readonly Node[]): number[] {
  const drawn = matches.flatMap(({ raw }) =>
    String(raw)
      .split('|')
      .flatMap(part => parseSpans(part) ?? []),
  );
  const borders = [...range, ...drawn].flatMap(({ from, to }) => [
    from - 1,
    from,
    ...(to === undefined ? [] : [to, to + 1]),
  ]);
  return [...new Set(borders)].filter(n => inSpans(n, range));
}
