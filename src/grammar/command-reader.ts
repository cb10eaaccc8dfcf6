/** Turns one command of a grammar into its forms. */
import type { CommandEntry, Form, Need, SetForm, Status } from './dialect.js';
import { isMap, type Raw } from './document.js';
import { readForm } from './forms.js';
import type { Locals, SettingName } from './names.js';
import { noLocals } from './names.js';
import { type Parameter, rangeText, readParameter } from './parameters.js';
import type { Path } from './problems.js';
import { listFields, type StepReader } from './step-reader.js';
import type { Step } from './steps.js';
import type { Value } from './values.js';

/** A `set` form as written, with what it inherits from its command. */
export interface RawForm {
  form: string;
  map: Raw;
  path: Path;
  /** Item of a command with sub-names. */
  item: string | undefined;
}

export const commandKeys = [
  'title',
  'ref',
  'status',
  'assumed',
  'set',
  'exchange',
  'read',
  'execute',
  'test',
  'parameters',
  'fixed',
  'needs',
  'keep',
  'of',
  'like',
  'items',
  'query',
  'when',
] as const;
export const itemKeys = [
  'title',
  'ref',
  'status',
  'assumed',
  'values',
  'query',
  'needs',
  'exchange',
  'keep',
  'when',
  'parameters',
  'fixed',
] as const;

const okStep: Step = { action: { kind: 'final', text: () => 'OK', failed: false }, holds: undefined, each: undefined };

/** What the whole-file pass has found out about a command before its steps are read. */
export interface CommandFrame {
  name: string;
  raw: Raw;
  path: Path;
  parameters: ReadonlyMap<string, Parameter>;
  kept: ReadonlyMap<string, SettingName>;
}

export function readCommand(
  frame: CommandFrame,
  reader: StepReader,
  shared: ReadonlyMap<string, Parameter>,
): CommandEntry {
  const { name, raw, path } = frame;
  const constants = constantsOf(raw, reader, path);
  const sets = rawForms(raw, path).map(form => readSetForm(form, frame, constants, reader, shared));
  const reading = localsFor(frame, frame.parameters, constants, [], reader);
  return {
    name,
    title: textOrNone(raw.title),
    ref: textOrNone(raw.ref),
    status: (raw.status as Status | undefined) ?? 'full',
    assumed: (raw.assumed as boolean | string | undefined) ?? false,
    set: sets,
    read: simpleForm(raw.read, [...path, 'read'], reading, reader, true),
    execute: executeForm(raw, path, reading, reader),
    test: testForm(raw, frame, sets, reader),
  };
}

const textOrNone = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

function constantsOf(raw: Raw, reader: StepReader, path: Path): ReadonlyMap<string, Value> {
  const fixed = isMap(raw.fixed) ? raw.fixed : {};
  if (raw.fixed !== undefined && !isMap(raw.fixed))
    reader.problems.add([...path, 'fixed'], '`fixed` is a map of name: value');
  return new Map(Object.entries(fixed) as [string, Value][]);
}

/** Every `set` form: one line, a map with `form`, a list of these, or one for each item. */
export function rawForms(raw: Raw, path: Path): RawForm[] {
  const { set } = raw;
  if (set === undefined || set === null) return [];
  const entries = Array.isArray(set)
    ? set.map((value, i) => ({ value, at: [...path, 'set', i] }))
    : [{ value: set, at: [...path, 'set'] }];
  const forms = entries.map(({ value, at }): RawForm => {
    const map = isMap(value) ? value : {};
    return { form: String(isMap(value) ? (value.form ?? '') : value), map, path: at, item: undefined };
  });
  return isMap(raw.items) ? forms.flatMap(form => (namesItem(form) ? itemForms(form, raw, path) : form)) : forms;
}

/** A form beside those of the items, such as `<n>` alone, stands as it is. */
const namesItem = ({ form }: RawForm): boolean => /<"?item"?>/.test(form);

/** `'<"item">,<n>[,<values>]'` becomes a query and a set form for each item. */
function itemForms(form: RawForm, raw: Raw, path: Path): RawForm[] {
  return Object.entries(raw.items as Raw).flatMap(([item, value]) => {
    const map = isMap(value) ? value : {};
    const at = [...path, 'items', item];
    const literal = form.form.replace(/<"?item"?>/, `"${item}"`);
    const bare = literal.replace(/\[?,?<values>\]?/, '');
    const values =
      typeof map.values === 'string'
        ? map.values
        : itemParameterNames(map)
            .map(name => `<${name}>`)
            .join(',');
    const whole = literal.replace(/\[?,?<values>\]?/, values ? `,${values}` : '');
    const query = map.query ?? raw.query;
    const asking: RawForm[] =
      query === undefined || query === null
        ? []
        : [{ form: bare, map: { when: map.when, needs: map.needs, query }, path: [...at, 'query'], item }];
    const setting: RawForm[] = [{ form: whole, map: { ...map, keep: map.keep ?? raw.keep ?? 'run' }, path: at, item }];
    return bare === whole ? setting : [...asking, ...setting];
  });
}

export const itemParameterNames = (map: Raw): string[] => [
  ...Object.keys(map).filter(key => !(itemKeys as readonly string[]).includes(key)),
  ...(isMap(map.parameters) ? Object.keys(map.parameters) : []),
];

export const itemParameters = (map: Raw): Raw => ({
  ...(isMap(map.parameters) ? map.parameters : {}),
  ...Object.fromEntries(Object.entries(map).filter(([key]) => !(itemKeys as readonly string[]).includes(key))),
});

function readSetForm(
  form: RawForm,
  frame: CommandFrame,
  constants: ReadonlyMap<string, Value>,
  reader: StepReader,
  shared: ReadonlyMap<string, Parameter>,
): SetForm {
  const { raw } = frame;
  const shape = readForm(form.form, form.path, reader.problems);
  const parameters = parametersOf(form, shape, frame, reader, shared);
  const ownConstants = isMap(form.map.fixed)
    ? new Map([...constants, ...Object.entries(form.map.fixed as Record<string, Value>)])
    : constants;
  const rawSteps =
    form.map.query !== undefined && form.item !== undefined && !('keep' in form.map)
      ? undefined
      : (form.map.exchange ?? (form.item === undefined ? raw.exchange : undefined));
  const locals = localsFor(
    frame,
    parameters,
    ownConstants,
    shape.repeat ? shape.repeat.names : [],
    reader,
    rawSteps,
    form.item,
  );
  const keepClass = form.item !== undefined ? form.map.keep : (form.map.keep ?? raw.keep);
  const keeps = keepClass === false ? [] : keptParameters(parameters, frame, form.item, keepClass !== undefined);
  const base = form.item ?? frame.name.replace(/^[+*^$#%]/, '');
  const group = keeps.length > 1 || shape.repeat ? reader.settingOf(base) : undefined;
  const isQuery =
    form.item !== undefined && rawSteps === undefined && form.map.query !== undefined && !('keep' in form.map);
  return {
    text: form.form,
    shape,
    applies:
      form.map.when === undefined ? undefined : reader.names.condition(form.map.when, locals, [...form.path, 'when']),
    parameters,
    keeps: new Map(isQuery ? [] : keeps),
    group: isQuery ? undefined : group,
    rows: shape.repeat && keepClass !== undefined ? reader.settingOf(`${base}.rows`) : undefined,
    needs: readNeeds(form.map.needs ?? raw.needs, [...form.path, 'needs'], locals, reader),
    steps: isQuery
      ? queryStep(form, frame, parameters, locals, reader)
      : exchangeSteps(rawSteps, form, keeps.length > 0 || shape.repeat !== undefined, locals, reader),
  };
}

function parametersOf(
  form: RawForm,
  shape: SetForm['shape'],
  frame: CommandFrame,
  reader: StepReader,
  shared: ReadonlyMap<string, Parameter>,
): Map<string, Parameter> {
  const own = new Map<string, Parameter>();
  const item =
    form.item === undefined
      ? {}
      : itemParameters(
          form.map.query !== undefined && !('keep' in form.map)
            ? (((frame.raw.items as Raw)[form.item] as Raw) ?? {})
            : form.map,
        );
  const local: Raw = form.item === undefined && isMap(form.map.parameters) ? form.map.parameters : item;
  for (const [name, spec] of Object.entries(local)) {
    own.set(name, readParameter(name, spec, [...form.path, name], reader.problems, parameterNames(reader)));
  }
  for (const slot of [...shape.slots, ...(shape.repeat?.slots ?? [])]) {
    if (slot.kind !== 'parameter' || own.has(slot.name)) continue;
    const parameter = frame.parameters.get(slot.name) ?? shared.get(slot.name);
    if (parameter) own.set(slot.name, parameter);
    else
      reader.problems.unknown(
        form.path,
        'parameter',
        slot.name,
        [...frame.parameters.keys(), ...shared.keys()],
        'Add it under `parameters:`.',
      );
  }
  return own;
}

/** Parameters may name settings and facts, but no arguments. */
export const parameterNames = (reader: StepReader) => ({
  value: (text: unknown, path: Path) => reader.names.value(text, noLocals, path),
  condition: (raw: unknown, path: Path) => reader.names.condition(raw, noLocals, path),
});

function keptParameters(
  parameters: ReadonlyMap<string, Parameter>,
  frame: CommandFrame,
  item: string | undefined,
  all: boolean,
): [string, { name: string; of: SettingName['of'] }][] {
  return [...parameters.values()].flatMap(parameter => {
    const setting = keptSetting(frame, parameter, item);
    return setting && (all || parameter.keep) ? [[parameter.name, setting] as [string, SettingName]] : [];
  });
}

function keptSetting(frame: CommandFrame, parameter: Parameter, item: string | undefined): SettingName | undefined {
  return frame.kept.get(item === undefined ? parameter.name : `${item}\n${parameter.name}`);
}

function localsFor(
  frame: CommandFrame,
  parameters: ReadonlyMap<string, Parameter>,
  constants: ReadonlyMap<string, Value>,
  rowFields: readonly string[],
  reader: StepReader,
  rawSteps?: unknown,
  item?: string,
): Locals {
  const fields = reader.fieldsOf(rawSteps ?? [frame.raw.read, frame.raw.execute, frame.raw.exchange]);
  for (const always of [
    'command',
    'refusal',
    'outcome',
    ...(item === undefined ? [] : ['item', 'value', 'values']),
    ...(rowFields.length > 0 ? ['rows'] : []),
  ])
    fields.add(always);
  const lists = new Map(Object.entries(listFields));
  if (rowFields.length > 0) lists.set('rows', rowFields);
  const kept = new Map([...frame.kept].filter(([name]) => !name.includes('\n')));
  if (item !== undefined)
    for (const [name, setting] of frame.kept)
      if (name.startsWith(`${item}\n`)) kept.set(name.slice(item.length + 1), setting);
  return { fields, lists, parameters, constants, kept };
}

export function readNeeds(raw: unknown, path: Path, locals: Locals, reader: StepReader): Need[] {
  if (raw === undefined || raw === null) return [];
  const list = Array.isArray(raw) ? raw : [raw];
  return list.flatMap((need, i) => {
    if (!isMap(need) || need.need === undefined) {
      reader.problems.add([...path, i], 'not a need', { expected: '{ need: { name: match }, else: word }' });
      return [];
    }
    const refusal = String(need.else ?? 'failed');
    if (!reader.refusals.has(refusal))
      reader.problems.unknown(
        [...path, i, 'else'],
        'refusal word',
        refusal,
        reader.refusals,
        'Add it under `errors:`.',
      );
    const when = need.when === undefined ? undefined : reader.names.condition(need.when, locals, [...path, i, 'when']);
    return [
      {
        holds: reader.names.condition(need.need, locals, [...path, i, 'need']),
        unless: when && (scope => !when(scope)),
        refusal,
      },
    ];
  });
}

function exchangeSteps(
  raw: unknown,
  form: RawForm,
  keepsSomething: boolean,
  locals: Locals,
  reader: StepReader,
): Step[] {
  if (raw === undefined) {
    if (!keepsSomething)
      reader.problems.add(form.path, 'the form does nothing', {
        hint: 'It needs an `exchange:`, or `keep:` to store its arguments.',
      });
    return [okStep];
  }
  const steps = reader.steps(raw, locals, [...form.path, 'exchange']);
  if (!reachesFinal(steps))
    reader.problems.add(form.path, 'a path of the exchange ends without a final result', {
      hint: 'End it with `final: OK` or `error: word`.',
    });
  return steps;
}

function queryStep(
  form: RawForm,
  frame: CommandFrame,
  parameters: ReadonlyMap<string, Parameter>,
  locals: Locals,
  reader: StepReader,
): Step[] {
  const itemMap = ((frame.raw.items as Raw)[form.item!] as Raw | undefined) ?? {};
  const names = itemParameterNames(itemMap);
  const text = String(form.map.query)
    .replaceAll('{item}', form.item!)
    .replaceAll('{values...}', names.map((name, i) => (i === 0 ? `{${name}}` : `[,{${name}}]`)).join(''))
    .replaceAll('{value', `{${names[0] ?? 'value'}`);
  const itemNames = new Map(parameters);
  for (const [name, spec] of Object.entries(itemParameters(itemMap))) {
    itemNames.set(name, readParameter(name, spec, [...form.path, name], reader.problems, parameterNames(reader)));
  }
  return [...reader.steps({ info: text }, { ...locals, parameters: itemNames }, form.path), okStep];
}

/** `read`, `execute`: a line, a list of steps, or `{ needs, exchange }`. */
function simpleForm(raw: unknown, path: Path, locals: Locals, reader: StepReader, endsInOk: boolean): Form | undefined {
  if (raw === undefined || raw === null) return undefined;
  if (typeof raw === 'string')
    return { needs: [], steps: raw === 'OK' ? [okStep] : [...reader.steps({ info: raw }, locals, path), okStep] };
  const wrapped = isMap(raw) && 'exchange' in raw ? raw : { exchange: raw };
  const steps = reader.steps(wrapped.exchange, locals, path);
  const complete = reachesFinal(steps) || !endsInOk ? steps : [...steps, okStep];
  if (!endsInOk && !reachesFinal(steps))
    reader.problems.add(path, 'a path of the exchange ends without a final result', {
      hint: 'End it with `final: OK`.',
    });
  return { needs: readNeeds(isMap(raw) ? raw.needs : undefined, [...path, 'needs'], locals, reader), steps: complete };
}

function executeForm(raw: Raw, path: Path, locals: Locals, reader: StepReader): Form | undefined {
  const form = simpleForm(raw.execute, [...path, 'execute'], locals, reader, false);
  if (form)
    return {
      ...form,
      needs: form.needs.length > 0 ? form.needs : readNeeds(raw.needs, [...path, 'needs'], locals, reader),
    };
  if (raw.set !== undefined || raw.exchange === undefined) return undefined;
  const exchange = simpleForm({ exchange: raw.exchange }, [...path, 'exchange'], locals, reader, false)!;
  return { steps: exchange.steps, needs: readNeeds(raw.needs, [...path, 'needs'], locals, reader) };
}

/** `test:` is the manual's literal text; without it the answer is made from the ranges. */
function testForm(raw: Raw, frame: CommandFrame, sets: readonly SetForm[], reader: StepReader): Form | undefined {
  if (raw.test === null || raw.test === false || !/^[+*^$#%]/.test(frame.name)) return undefined;
  const literal = (text: unknown): Step => ({
    action: { kind: 'info', lines: [() => String(text)] },
    holds: undefined,
    each: undefined,
  });
  if (raw.test === 'OK') return { needs: [], steps: [okStep] };
  if (typeof raw.test === 'string')
    return { needs: [], steps: [...raw.test.split('\n').filter(Boolean).map(literal), okStep] };
  if (Array.isArray(raw.test) && raw.test.every(line => typeof line === 'string'))
    return { needs: [], steps: [...raw.test.map(literal), okStep] };
  if (raw.test !== undefined)
    return simpleForm(
      raw.test,
      [...frame.path, 'test'],
      { ...noLocals, fields: new Set(['command', 'refusal']) },
      reader,
      true,
    );
  const ranges = sets[0] ? [...sets[0].parameters.values()].map(rangeText).join(',') : '';
  return { needs: [], steps: ranges ? [literal(`${frame.name}: ${ranges}`), okStep] : [okStep] };
}

/** Does every path through the steps end in a final result? */
export function reachesFinal(steps: readonly Step[]): boolean {
  let conditional = false;
  for (const { action, holds, each } of steps) {
    if (!isFinal(action)) continue;
    if (holds === undefined && each === undefined) return true;
    conditional = true;
  }
  return conditional && countFinals(steps) > 1;
}

const countFinals = (steps: readonly Step[]): number => steps.filter(step => isFinal(step.action)).length;

function isFinal(action: Step['action']): boolean {
  if (action.kind === 'final' || action.kind === 'error' || action.kind === 'cme') return true;
  if (action.kind === 'online') return true;
  if (action.kind === 'steps') return action.steps.some(step => isFinal(step.action));
  if (action.kind === 'do')
    return [...action.operation.outcomes].some(
      ([word, steps]) => (word === 'ok' || action.operation.ok.has(word)) && reachesFinal(steps),
    );
  if (action.kind === 'data') return false;
  return false;
}
