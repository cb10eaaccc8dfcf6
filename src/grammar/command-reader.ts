/** Turns the draft of a command into its forms, every name in them resolved. */
import { type CommandDraft, settingBase } from './command-draft.js';
import { type CommandEntry, type Form, type Need, type SetForm, statuses } from './dialect.js';
import { everyPathEnds } from './finals.js';
import type { FormDraft } from './form-draft.js';
import type { Locals, SettingName } from './names.js';
import { Node } from './node.js';
import { rangeText } from './parameters.js';
import { readAssumed } from './settings-registry.js';
import { listFields, type StepReader } from './step-reader.js';
import { finalStep, infoStep, type Step } from './steps.js';
import type { Value } from './values.js';
import type { WrittenItem } from './written-forms.js';

export { rawForms } from './written-forms.js';

const okStep = finalStep('OK', false);

/** Names that any step of a command can write. */
const always: readonly string[] = ['command', 'refusal', 'outcome'];

interface Context {
  draft: CommandDraft;
  reader: StepReader;
  /** Parameters with `is` that all commands share: where no argument says which, the current one is meant. */
  addresses: Locals['parameters'];
  constants: ReadonlyMap<string, Value>;
}

export function readCommand(draft: CommandDraft, reader: StepReader, addresses: Locals['parameters']): CommandEntry {
  const { name, node } = draft;
  const context: Context = { draft, reader, addresses, constants: readConstants(node.get('fixed')) };
  return {
    name,
    title: node.get('title').text(),
    ref: node.get('ref').text(),
    status: node.get('status').word('status', statuses) ?? 'full',
    assumed: readAssumed(node),
    set: draft.forms.map(form => setForm(form, context)),
    read: simpleForm(node.get('read'), context, true),
    execute: executeForm(context),
    test: testForm(context),
  };
}

const readConstants = (node: Node): Map<string, Value> =>
  new Map(node.entries('a map of name: value').map(([name, value]) => [name, value.scalar()]));

function setForm(form: FormDraft, context: Context): SetForm {
  const { node, shape } = form;
  const { draft, reader } = context;
  const exchange = exchangeOf(form, draft);
  const locals = setLocals(form, exchange, context);
  const needs = node.has('needs') ? node.get('needs') : draft.node.get('needs');
  const when = node.given('when');
  return {
    text: form.text,
    shape,
    applies: when && reader.names.condition(when, locals),
    parameters: form.parameters,
    ...whatIsStored(form, context),
    needs: readNeeds(needs, locals, reader),
    steps: setSteps(form, exchange, locals, context),
  };
}

/** A form without an exchange has that of its command; a sub-name has its own or none. */
function exchangeOf({ node, item, asks }: FormDraft, draft: CommandDraft): Node {
  const own = node.get('exchange');
  if (asks) return new Node(undefined, node.problems, node, 'exchange');
  return own.isGiven || item ? own : draft.node.get('exchange');
}

function whatIsStored(form: FormDraft, { draft, reader }: Context): Pick<SetForm, 'keeps' | 'group' | 'rows'> {
  const { keep, item, shape, parameters } = form;
  const keeps = new Map<string, SettingName>();
  const kept = keptBy(form, draft);
  for (const [name, parameter] of parameters) {
    const setting = kept.get(name);
    if (setting && keep !== false && (keep || parameter.keep)) keeps.set(name, setting);
  }
  const rows = shape.repeat && keep ? kept.get('rows') : undefined;
  const isStoring = keeps.size > 0 || rows !== undefined;
  const group = isStoring ? reader.settings.groupOf(item?.name ?? settingBase(draft.name)) : undefined;
  return { keeps, group, rows };
}

const keptBy = ({ item }: FormDraft, draft: CommandDraft): ReadonlyMap<string, SettingName> =>
  (item ? draft.items.get(item.name)?.kept : undefined) ?? draft.kept;

function setLocals(form: FormDraft, exchange: Node, context: Context): Locals {
  const { shape, parameters, node, item } = form;
  const { draft, addresses, constants } = context;
  const rows = shape.repeat?.names;
  const locals = commandLocals(context, exchange);
  return {
    fields: rows ? new Set([...locals.fields, 'rows']) : locals.fields,
    lists: rows ? new Map([...listFields, ['rows', rows]]) : listFields,
    parameters: new Map([...addresses, ...(item ? (draft.items.get(item.name)?.parameters ?? []) : []), ...parameters]),
    constants: new Map([
      ...constants,
      ...readConstants(node.get('fixed')),
      ...(item ? [['item', item.name] as const] : []),
    ]),
    kept: keptBy(form, draft),
  };
}

/** What the steps of `read` and `execute` can name. */
function commandLocals({ draft, reader, addresses, constants }: Context, exchange: Node): Locals {
  return {
    fields: new Set([...reader.fieldsOf(exchange), ...always]),
    lists: listFields,
    parameters: new Map([...addresses, ...draft.parameters]),
    constants,
    kept: draft.kept,
  };
}

export function readNeeds(node: Node, locals: Locals, reader: StepReader): Need[] {
  return node.items().flatMap(need => {
    const [when, asked, refusal] = [need.given('when'), need.given('need'), need.given('else')];
    need.knowsKeys('key of a need', ['need', 'else', 'when']);
    if (!need.isMap) need.wrong('{ need: { name: match }, else: word }');
    else if (!asked) need.lacks('a need that asks nothing', '{ need: { name: match }, else: word }');
    if (!asked) return [];
    const applies = when && reader.names.condition(when, locals);
    return [
      {
        holds: reader.names.condition(asked, locals),
        unless: applies && (scope => !applies(scope)),
        refusal: refusal ? reader.names.refusal(refusal) : 'failed',
      },
    ];
  });
}

function setSteps(form: FormDraft, exchange: Node, locals: Locals, context: Context): Step[] {
  const { reader } = context;
  if (form.asks && form.item) return querySteps(form.item, locals, reader);
  if (exchange.isGiven) {
    const optional = new Set(form.shape.slots.filter(slot => slot.optional).map(slot => slot.name));
    mustEnd(exchange, locals, reader, name => optional.has(name));
    return reader.steps(exchange, locals);
  }
  const { keeps, rows } = whatIsStored(form, context);
  if (keeps.size === 0 && !rows)
    form.at.lacks('the form does nothing', 'an `exchange:`, or `keep:` to store its arguments');
  return [okStep];
}

function mustEnd(exchange: Node, locals: Locals, reader: StepReader, isOptional?: (name: string) => boolean): void {
  if (!everyPathEnds(exchange, locals, reader, isOptional))
    exchange.lacks(
      'a path of the exchange ends without a final result',
      'a `final` or `error` without a condition, or with conditions that leave nothing out',
      { hint: 'End it with `final: OK`.' },
    );
}

/** `{value}` stands for the item's parameter, `{values...}` for all that it has. */
function querySteps({ query, specs }: WrittenItem, locals: Locals, reader: StepReader): Step[] {
  const names = [...specs.keys()];
  const all = names.map((name, i) => (i === 0 ? `{${name}}` : `[,{${name}}]`)).join('');
  const line = (query.text('a line') ?? '')
    .replaceAll('{values...}', () => all)
    .replaceAll(/\{value(?=[|}])/g, () => `{${names[0]}`);
  return [...reader.steps(new Node({ info: line }, query.problems, query.parent, query.key), locals), okStep];
}

/** `read`, `execute`, `test`: a line, a list of steps, or `{ needs, exchange }`. */
function simpleForm(node: Node, context: Context, endsInOk: boolean): Form | undefined {
  if (!node.isGiven) return undefined;
  const { reader } = context;
  if (node.isScalar && node.raw !== 'prompt') {
    if (node.raw === 'OK') return { needs: [], steps: [okStep] };
    const line = new Node({ info: node.raw }, node.problems, node.parent, node.key);
    return { needs: [], steps: [...reader.steps(line, commandLocals(context, line)), okStep] };
  }
  const isWrapped = node.has('exchange') || node.has('needs');
  if (isWrapped) node.knowsKeys('key of a form', ['needs', 'exchange']);
  const exchange = isWrapped ? node.get('exchange') : node;
  const locals = commandLocals(context, exchange);
  const needs = isWrapped ? readNeeds(node.get('needs'), locals, reader) : [];
  const steps = reader.steps(exchange, locals);
  if (!endsInOk) mustEnd(exchange, locals, reader);
  else if (!everyPathEnds(exchange, locals, reader)) steps.push(okStep);
  return { needs, steps };
}

/** Its own needs, else those of the command; without `set` the command's exchange is what it executes. */
function executeForm(context: Context): Form | undefined {
  const { node } = context.draft;
  const [execute, exchange] = [node.get('execute'), node.get('exchange')];
  const written = execute.isGiven ? execute : node.has('set') ? undefined : exchange;
  const form = written && simpleForm(written, context, false);
  if (!form) return undefined;
  const locals = commandLocals(context, written);
  return form.needs.length > 0 ? form : { ...form, needs: readNeeds(node.get('needs'), locals, context.reader) };
}

/** `test:` is the manual's literal text; without it the answer is made from the ranges. */
function testForm(context: Context): Form | undefined {
  const { name, node, forms } = context.draft;
  const test = node.get('test');
  if (test.raw === false || settingBase(name) === name) return undefined;
  if (!test.isGiven) return { needs: [], steps: derivedTest(name, forms[0]) };
  if (!test.items().every(line => line.isScalar)) return simpleForm(test, context, true);
  const lines = test.items().flatMap(line => String(line.raw).split('\n').filter(Boolean));
  const isBare = lines.length === 1 && lines[0] === 'OK';
  return { needs: [], steps: [...(isBare ? [] : lines.map(infoStep)), okStep] };
}

function derivedTest(command: string, form: FormDraft | undefined): Step[] {
  const ranges = [...(form?.parameters.values() ?? [])].map(rangeText).join(',');
  return ranges === '' ? [okStep] : [infoStep(`${command}: ${ranges}`), okStep];
}
