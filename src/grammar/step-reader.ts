/** Turns the steps of a grammar into actions with every name resolved. */
import { isFailure } from '../at/result-codes.js';
import { dataKeys, readData } from './data-reader.js';
import type { Locals, Names } from './names.js';
import { isMap, Node } from './node.js';
import { onlineKeys, readOnline } from './online-reader.js';
import type { SettingsRegistry } from './settings-registry.js';
import type { Action, Each, OperationStep, SettingTarget, Step } from './steps.js';
import { readTemplate } from './templates.js';
import { readDuration, readTime } from './times.js';
import type { Evaluate, Render } from './values.js';
import { type AddressKind, addressKinds, commonFailures, type OperationSpec } from './vocabulary.js';

const actionKeys = [
  'info',
  'final',
  'urc',
  'raw',
  'error',
  'prompt',
  'data',
  'online',
  'do',
  'set',
  'add',
  'clear',
  'after',
  'steps',
] as const;
type ActionKey = (typeof actionKeys)[number];

const modifierKeys = ['when', 'unless', 'each', 'by', 'less', 'at'] as const;

/** Keys that an action has besides its own and the modifiers; `do` has its outcomes too. */
const furtherKeys: Readonly<Partial<Record<ActionKey, readonly string[]>>> = {
  data: dataKeys,
  online: onlineKeys,
  do: ['with', 'within', 'ok'],
  add: ['with', 'full'],
  steps: ['together'],
};

/** What an outcome that is written while its operation goes on cannot hold: nothing may wait for it. */
const notWhileGoingOn: readonly string[] = ['data', 'after', 'online'];

/** Fields that lists in operation results and events bring, by list name. */
export const listFields: ReadonlyMap<string, readonly string[]> = new Map([
  ['messages', ['topic', 'payload', 'length', 'qos', 'retain', 'dup', 'msgid']],
  ['files', ['name', 'size', 'folder']],
  ['handles', ['name', 'handle', 'mode']],
  ['networks', ['ssid', 'bssid', 'channel', 'rssi', 'encryption']],
]);

export class StepReader {
  constructor(
    readonly names: Names,
    readonly operations: ReadonlyMap<string, OperationSpec>,
    readonly settings: SettingsRegistry,
  ) {}

  /** A step, a list of steps, or a bare word such as `prompt`. */
  steps(node: Node, locals: Locals): Step[] {
    return node.items().flatMap(step => this.#step(step, locals));
  }

  /** The fields that the operations and data of these steps bring. */
  fieldsOf(steps: Node): Set<string> {
    const fields = new Set<string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) return value.forEach(visit);
      if (!isMap(value)) return;
      const { data, do: operation } = value;
      if (typeof data === 'string') fields.add(data);
      if (typeof operation === 'string')
        for (const field of ['outcome', 'cause', ...(this.operations.get(operation)?.fields ?? [])]) fields.add(field);
      Object.values(value).forEach(visit);
    };
    visit(steps.raw);
    return fields;
  }

  #step(step: Node, locals: Locals): Step[] {
    const node = step.raw === 'prompt' ? new Node({ prompt: true }, step.problems, step.parent, step.key) : step;
    if (!node.isMap) {
      node.wrong(`a step: a map with one of ${actionKeys.join(', ')}`);
      return [];
    }
    const inner = this.#each(node, locals);
    const holds = this.#condition(node, inner.locals);
    const [kind, ...others] = actionKeys.filter(key => node.has(key));
    if (kind === undefined || others.length > 0) {
      this.#notOneAction(node, kind === undefined ? [] : [kind, ...others]);
      return [];
    }
    this.#checkKeys(node, kind);
    const action = this.#action(kind, node, inner.locals);
    return action ? [{ action, holds, each: inner.each }] : [];
  }

  #notOneAction(node: Node, actions: readonly string[]): void {
    const known = [...actionKeys, ...modifierKeys];
    if (actions.length > 0)
      node.problem('a step with several actions', `one of ${actionKeys.join(', ')}`, {
        found: actions.join(', '),
        hint: 'Write one step a line: each in its own `- `.',
      });
    else if (node.keys().every(key => (modifierKeys as readonly string[]).includes(key)))
      node.problem('a step without an action', actionKeys.join(', '));
    else node.knowsKeys('key of a step', known);
  }

  #checkKeys(node: Node, kind: ActionKey): void {
    const known: string[] = [...modifierKeys, kind, ...(furtherKeys[kind] ?? [])];
    if (kind !== 'do') return node.knowsKeys(`key of a \`${kind}\` step`, known);
    const operation = String(node.get('do').raw);
    if (this.operations.has(operation))
      node.knowsKeys(`outcome of ${operation}, or key of a \`do\` step`, [...this.#outcomes(operation), ...known]);
  }

  #outcomes(operation: string): string[] {
    const { ok = [], failed = [], progress = [] } = this.operations.get(operation) ?? {};
    return [...new Set([...ok, ...failed, ...progress, ...commonFailures])];
  }

  #condition(node: Node, locals: Locals): Step['holds'] {
    const [when, unless] = [node.given('when'), node.given('unless')];
    const applies = when && this.names.condition(when, locals);
    const excepts = unless && this.names.condition(unless, locals);
    if (!excepts) return applies;
    return scope => (applies?.(scope) ?? true) && !excepts(scope);
  }

  #each(node: Node, locals: Locals): { locals: Locals; each: Each | undefined } {
    const [each, by, less] = [node.given('each'), node.given('by'), node.given('less')];
    for (const modifier of [by, less])
      if (modifier && !each) modifier.lacks(`\`${modifier.key}\` without \`each\``, 'each: payload, by: 1500');
    const at = node.given('at');
    if (at && each)
      at.problem('`at` stands without `each`', 'a step of its own', { hint: 'Put it on a step inside `steps:`.' });
    if (!each) return { locals, each: at && this.#at(at, locals) };
    const name = each.text('the name of a list') ?? '';
    const withFields = (fields: readonly string[]) => ({ ...locals, fields: new Set([...locals.fields, ...fields]) });
    if (by)
      return {
        locals: withFields(['bytes', 'length', 'first']),
        each: {
          kind: 'pieces',
          value: this.names.resolve(name, locals, each),
          by: this.names.value(by, locals),
          less: less && this.names.value(less, locals),
        },
      };
    const facts = locals.fields.has(name) ? undefined : this.names.factFields(name);
    if (facts) return { locals: withFields(facts), each: { kind: 'facts', name } };
    const fields = locals.lists.get(name) ?? this.names.settings.get(name)?.list ?? listFields.get(name);
    const value = this.names.resolve(name, locals, each);
    return {
      locals: withFields(fields ?? ['value']),
      each: { kind: 'list', value, scalar: fields ? undefined : 'value' },
    };
  }

  /** `at: { cid: pdpcid }`: names in the step mean that one. */
  #at(node: Node, locals: Locals): Each {
    const address = new Map<AddressKind, Evaluate>();
    for (const [name, value] of node.entries('a map of address: value')) {
      const kind = addressKinds.find(known => known === name);
      if (kind === undefined) value.unknownKey('address', addressKinds);
      else address.set(kind, this.names.value(value, locals));
    }
    return { kind: 'at', address };
  }

  #action(kind: ActionKey, node: Node, locals: Locals): Action | undefined {
    const own = node.get(kind);
    const line = (text: Node): Render => readTemplate(text, this.names, locals);
    switch (kind) {
      case 'info':
        return { kind, lines: own.isGiven ? own.items().map(line) : [line(own)] };
      case 'final':
        return { kind, text: line(own), failed: isFailure(String(own.raw)) };
      case 'urc':
        return { kind, text: line(own) };
      case 'raw':
        return { kind, bytes: own.isGiven ? own.items().map(line) : [line(own)] };
      case 'error':
        return { kind, word: this.names.refusal(own) };
      case 'prompt':
        return { kind, bytes: own.raw === true || !own.isGiven ? undefined : line(own) };
      case 'data':
        return { kind, data: readData(node, locals, this) };
      case 'online':
        return { kind, online: readOnline(node, locals, this) };
      case 'do':
        return this.#operation(node, locals);
      case 'set':
        return { kind, values: this.#assignments(own, locals) };
      case 'add':
        return this.#add(node, locals);
      case 'clear':
        return { kind, settings: own.items().flatMap(name => this.#cleared(name)) };
      case 'after':
        return { kind, ms: readDuration(own) };
      case 'steps':
        return { kind, steps: this.steps(own, locals), together: node.get('together').flag() ?? false };
      default:
        return kind satisfies never;
    }
  }

  #operation(node: Node, locals: Locals): Action | undefined {
    const name = node.get('do').text('an operation') ?? '';
    const spec = this.operations.get(name);
    if (!spec) {
      if (node.get('do').isScalar) node.get('do').unknown('operation', name, this.operations.keys());
      return undefined;
    }
    const mapped = ['ok', ...this.#outcomes(name)].filter(word => node.has(word));
    for (const word of mapped) checkOutcome(node.get(word), spec.progress?.includes(word) ? notWhileGoingOn : []);
    const operation: OperationStep = {
      name,
      with: this.#arguments(node, spec, locals),
      within: readTime(node.get('within'), locals, this.names),
      outcomes: new Map(mapped.map(word => [word, this.steps(node.get(word), locals)])),
      lenient: new Set(spec.lenient ?? []),
      ok: new Set(spec.ok),
    };
    return { kind: 'do', operation };
  }

  #arguments(node: Node, spec: OperationSpec, locals: Locals): Map<string, Evaluate> {
    const given = new Map<string, Evaluate>();
    for (const [name, value] of node.get('with').entries('a map of argument: value')) {
      if (!Object.hasOwn(spec.arguments, name)) value.unknownKey('argument', Object.keys(spec.arguments));
      else given.set(name, this.names.value(value, locals));
    }
    const missing = Object.entries(spec.arguments).filter(([name, how]) => how === 'required' && !given.has(name));
    if (missing.length > 0)
      node.get('do').lacks('the operation lacks an argument', missing.map(([name]) => name).join(', '), {
        found: [...given.keys()].join(', ') || 'none',
        hint: 'Give it under `with:`.',
      });
    return given;
  }

  #assignments(node: Node, locals: Locals): { setting: SettingTarget; value: Evaluate }[] {
    if (!node.isGiven) node.wrong('a map of setting: value');
    return node.entries('a map of setting: value').flatMap(([name, value]) => {
      const setting = this.names.settings.get(name);
      if (!setting) value.unknownKey('setting', this.names.settings.keys());
      const evaluate = this.names.value(value, locals);
      return setting ? [{ setting, value: evaluate }] : [];
    });
  }

  #add(node: Node, locals: Locals): Action | undefined {
    const list = node.get('add');
    const setting = this.names.settings.get(list.text('the name of a list') ?? '');
    const row = new Map(
      node
        .get('with')
        .entries('a map of field: value')
        .map(([field, value]) => [field, this.names.value(value, locals)]),
    );
    const lists = [...this.names.settings].filter(([, known]) => known.list).map(([name]) => name);
    if (setting?.list) return { kind: 'add', setting, row, full: this.steps(node.get('full'), locals) };
    list.unknown('list', String(list.raw), lists, 'Add it under `state:` as { list: 10 }.');
    return undefined;
  }

  #cleared(node: Node): readonly SettingTarget[] {
    const name = node.text('the name of a setting') ?? '';
    const targets = this.settings.targets(name);
    if (targets.length === 0) node.unknown('setting', name, this.names.settings.keys());
    return targets;
  }
}

/** An exchange is a straight line: what follows an outcome stands below it, with `when`. */
function checkOutcome(node: Node, forbidden: readonly string[]): void {
  for (const step of node.items()) {
    if (step.has('do'))
      step.problem('an outcome holds no `do`', 'steps that write or remember', {
        hint: 'Put the act below, with `when`.',
      });
    for (const key of forbidden)
      if (step.has(key))
        step.problem(`\`${key}\` cannot stand in what is written while the operation goes on`, 'info, urc, raw, set');
    checkOutcome(step.get('steps'), forbidden);
  }
}
