/** From a command's arguments to what its form works on: shape, then values, then needs. Pure; refusals are words. */
import type { Argument } from '../at/arguments.js';
import type { Command } from '../at/command-line.js';
import type { CommandEntry, Form, SetForm, Style } from './dialect.js';
import { type Fitted, layOut, type Slot } from './forms.js';
import { checkArgument } from './parameters.js';
import type { SettingTarget } from './steps.js';
import { type Environment, fieldsOf, type Row, type Scope, type Value } from './values.js';
import type { Address, AddressKind } from './vocabulary.js';

export type Invocation =
  | { form: Form; scope: Scope; store: readonly { setting: SettingTarget; value: Value }[] }
  | { refusal: string; scope: Scope };

/** The form that a command asks for. A basic command without a number is its `set` form where it has no `execute`. */
export function formOf(entry: CommandEntry, { name, form }: Pick<Command, 'name' | 'form'>): Form | 'set' | undefined {
  const isBasic = !/^[+*^$#%]/.test(name);
  if (form === 'set' || (form === 'execute' && isBasic && !entry.execute))
    return entry.set.length > 0 ? 'set' : undefined;
  return entry[form];
}

/** Chooses the `set` form and checks the values. */
export function invokeSet(
  forms: readonly SetForm[],
  given: readonly Argument[],
  style: Style,
  command: string,
  environment: Environment,
  base: Address,
): Invocation {
  const empty: Scope = { fields: fieldsOf({ command }), address: base, environment };
  let last: { form: SetForm; fitted: Fitted } | undefined;
  for (const form of forms) {
    const fitted = layOut(form.shape, given, slot => exists(form, slot, empty));
    if (form.applies && !form.applies(addressed(form, fitted, style, empty))) continue;
    if (fitted.fits) return accept(form, fitted, style, empty);
    if (!last || literalsFit(fitted) || !literalsFit(last.fitted)) last = { form, fitted };
  }
  if (!last) return { refusal: 'unknown-form', scope: empty };
  return { refusal: firstFault(last.form, last.fitted, style, empty), scope: empty };
}

/** With the address that the arguments name, as far as they are right: the `when` of a form may ask about that client. */
function addressed(form: SetForm, { pairs }: Fitted, style: Style, empty: Scope): Scope {
  const address: Partial<Record<AddressKind, number>> = { ...empty.address };
  for (const { slot, argument } of pairs) {
    const parameter = slot.kind === 'parameter' ? form.parameters.get(slot.name) : undefined;
    if (!parameter?.is || argument === undefined) continue;
    const checked = checkArgument(parameter, argument, slot.mustQuote, style.quotedNumbers, empty);
    if ('value' in checked && typeof checked.value === 'number') address[parameter.is] = checked.value + parameter.plus;
  }
  return { ...empty, address };
}

/** Does `only` rule the slot in (true: required) or out (false)? undefined: the form's brackets decide. */
function exists(form: SetForm, slot: Slot, scope: Scope): boolean | undefined {
  const only = slot.kind === 'parameter' ? form.parameters.get(slot.name)?.only : undefined;
  return only?.(scope);
}

const literalsFit = ({ pairs }: Fitted): boolean =>
  pairs.every(
    ({ slot, argument }) => slot.kind !== 'literal' || argument?.value.toLowerCase() === slot.name.toLowerCase(),
  );

function accept(form: SetForm, { pairs, rows }: Fitted, style: Style, empty: Scope): Invocation {
  const scope: Scope = { ...empty, fields: fieldsOf(empty.fields), address: { ...empty.address } };
  const given = new Set<string>();
  const rowValues: Record<string, Value>[] = Array.from({ length: form.shape.repeat ? rows : 0 }, () => ({}));
  for (const { slot, argument, row } of pairs) {
    if (slot.kind === 'literal') continue;
    const value = argumentValue(form, slot, argument, style, scope);
    if ('refusal' in value) return { refusal: value.refusal, scope };
    if (row !== undefined && rowValues[row]) rowValues[row][slot.name] = value.value;
    if (row === undefined || row === 0) place(form, slot, value, scope, given);
  }
  if (form.shape.repeat) scope.fields.rows = rowValues;
  for (const parameter of form.parameters.values()) {
    if (parameter.countsRows && scope.fields[parameter.name] !== rowValues.length)
      return { refusal: parameter.refusal ?? 'bad-count', scope };
  }
  return { form, scope, store: stored(form, scope, rowValues, given) };
}

type Valued = { value: Value; given: boolean } | { refusal: string };

function argumentValue(form: SetForm, slot: Slot, argument: Argument | undefined, style: Style, scope: Scope): Valued {
  const parameter = form.parameters.get(slot.name);
  if (!parameter) return { refusal: 'bad-arguments' };
  if (argument === undefined || argument.kind === 'omitted') {
    const isAllowed = argument === undefined || slot.optional || parameter.omitted !== undefined;
    return isAllowed ? { value: parameter.omitted, given: false } : { refusal: parameter.refusal ?? 'bad-count' };
  }
  const checked = checkArgument(parameter, argument, slot.mustQuote, style.quotedNumbers, scope);
  return 'refusal' in checked ? checked : { value: checked.value, given: true };
}

/** An omitted argument that is kept stays out of the fields, so that its name means the old value. */
function place(
  form: SetForm,
  slot: Slot,
  { value, given }: { value: Value; given: boolean },
  scope: Scope,
  seen: Set<string>,
): void {
  const parameter = form.parameters.get(slot.name)!;
  if (given || value !== undefined || !form.keeps.has(slot.name)) scope.fields[slot.name] = value;
  if (given || value !== undefined) seen.add(slot.name);
  if (parameter.is && typeof value === 'number')
    (scope.address as Partial<Record<AddressKind, number>>)[parameter.is] = value + parameter.plus;
}

function stored(
  form: SetForm,
  scope: Scope,
  rows: readonly Row[],
  given: ReadonlySet<string>,
): { setting: SettingTarget; value: Value }[] {
  const values: { setting: SettingTarget; value: Value }[] = [];
  for (const [name, setting] of form.keeps) if (given.has(name)) values.push({ setting, value: scope.fields[name] });
  if (form.rows) values.push({ setting: form.rows, value: rows });
  if (form.group) values.push({ setting: form.group, value: true });
  return values;
}

/** Where no form fits, the values tell what is wrong, from the left; else the count does. */
function firstFault(form: SetForm, { pairs, count }: Fitted, style: Style, empty: Scope): string {
  const scope: Scope = { ...empty, fields: fieldsOf(empty.fields), address: { ...empty.address } };
  for (const { slot, argument } of pairs) {
    if (argument === undefined) continue;
    if (slot.kind === 'literal') {
      if (argument.value.toLowerCase() !== slot.name.toLowerCase()) return 'bad-range';
      continue;
    }
    const value = argumentValue(form, slot, argument, style, scope);
    if ('refusal' in value) return value.refusal;
  }
  const missing = pairs.find(
    ({ slot, argument }) => argument === undefined && slot.kind === 'parameter' && !slot.optional,
  );
  return (count === 'wrong' && missing && form.parameters.get(missing.slot.name)?.refusal) || 'bad-count';
}

/** The first need that does not hold refuses. */
export function unmetNeed(form: Form, scope: Scope): string | undefined {
  return form.needs.find(need => !need.unless?.(scope) && !need.holds(scope))?.refusal;
}
