/** Forms that can never be reached, because an earlier one of the same command fits all that they fit. Pure. */
import type { Argument } from '../at/arguments.js';
import { layOut, parameterNames, type Shape, type Slot } from './forms.js';
import type { Parameter } from './parameters.js';

export interface Reachable {
  shape: Shape;
  parameters: ReadonlyMap<string, Parameter>;
  /** What `when` asks, as written; undefined where it always applies. */
  when: unknown;
}

/** The earlier form that takes all that the form could, if there is one. */
export function whatHides<F extends Reachable>(form: F, earlier: readonly F[]): F | undefined {
  return earlier.find(other => appliesToo(other, form) && mayCover(other, form) && coversAll(other, form));
}

const appliesToo = (other: Reachable, form: Reachable): boolean =>
  other.when === undefined || JSON.stringify(other.when) === JSON.stringify(form.when);

/** Most forms differ in a word at the start, which is soon seen. */
function mayCover({ shape, parameters }: Reachable, form: Reachable): boolean {
  const fixed = shape.slots.findIndex(slot => slot.optional || parameters.get(slot.name)?.only);
  const always = fixed < 0 ? shape.slots : shape.slots.slice(0, fixed);
  return always.every((slot, i) => takes(slot, form.shape.slots[i] ?? slot));
}

/** More arguments than this a form is not tried with. */
const mostTried = 64;

function coversAll(other: Reachable, form: Reachable): boolean {
  return assignments(other, form).every(existing => {
    const theirs = layouts(other, existing);
    return [...layouts(form, existing)].every(([count, slots]) =>
      theirs.get(count)?.every((slot, i) => takes(slot, slots[i]!)),
    );
  });
}

/** Which of the parameters with `only` exist: every combination. */
function assignments(...forms: readonly Reachable[]): ReadonlySet<string>[] {
  const names = new Set(
    forms.flatMap(({ shape, parameters }) => parameterNames(shape).filter(name => parameters.get(name)?.only)),
  );
  return [...names].reduce<ReadonlySet<string>[]>(
    (sets, name) => sets.flatMap(set => [set, new Set([...set, name])]),
    [new Set()],
  );
}

/** Argument counts that the form takes, with the slot for each argument. */
function layouts({ shape, parameters }: Reachable, existing: ReadonlySet<string>): Map<number, Slot[]> {
  const found = new Map<number, Slot[]>();
  const exists = ({ name }: Slot) => (parameters.get(name)?.only ? existing.has(name) : undefined);
  const most = shape.slots.length + (shape.repeat ? shape.repeat.slots.length * shape.repeat.times : 0);
  for (let count = 0; count <= Math.min(most, mostTried); count++) {
    const fitted = layOut(shape, Array<Argument>(count).fill(anything), exists);
    const slots = fitted.pairs.filter(pair => pair.argument).map(pair => pair.slot);
    if (fitted.count === 'right') found.set(count, slots);
  }
  return found;
}

const anything: Argument = { kind: 'quoted', value: '', start: 0, end: 0 };

/** Does the slot take every argument that the other takes? */
function takes(slot: Slot, other: Slot): boolean {
  if (slot.kind === 'literal') return other.kind === 'literal' && slot.name.toLowerCase() === other.name.toLowerCase();
  return !slot.mustQuote || (other.kind === 'parameter' && other.mustQuote);
}
