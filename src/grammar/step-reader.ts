/** Turns the steps of a grammar into actions with every name resolved. */

import { codecNames } from './codecs.js';
import { isMap, type Raw } from './document.js';
import type { Locals, Names } from './names.js';
import type { Path } from './problems.js';
import type { Acknowledgement, Action, DataStep, Each, OperationStep, Outcomes, SettingTarget, Step } from './steps.js';
import { readTemplate } from './templates.js';
import type { Evaluate, Render } from './values.js';
import { commonFailures, type OperationSpec } from './vocabulary.js';

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
const modifierKeys = ['when', 'unless', 'each', 'by', 'less'] as const;
const dataKeys = [
  'count',
  'until',
  'cancel',
  'idle',
  'within',
  'silence',
  'echo',
  'decode',
  'acknowledge',
  'limit',
  'secret',
  'done',
  'timeout',
  'cancelled',
] as const;
const onlineKeys = ['packet', 'escape', 'guard', 'limit'] as const;

/** Fields that lists in operation results and events bring, by list name. */
export const listFields: Readonly<Record<string, readonly string[]>> = {
  messages: ['topic', 'payload', 'length', 'qos', 'retain', 'dup', 'msgid'],
  files: ['name', 'size', 'folder'],
  handles: ['name', 'handle', 'mode'],
  networks: ['ssid', 'bssid', 'channel', 'rssi', 'encryption'],
};

export class StepReader {
  constructor(
    readonly names: Names,
    readonly operations: Readonly<Record<string, OperationSpec>>,
    /** Words that `errors` defines or the core knows. */
    readonly refusals: ReadonlySet<string>,
    readonly settingOf: (name: string) => SettingTarget | undefined,
    readonly settingsOf: (name: string) => readonly SettingTarget[],
  ) {}

  get problems() {
    return this.names.problems;
  }

  /** A step, a list of steps, or a bare word such as `prompt`. */
  steps(raw: unknown, locals: Locals, path: Path): Step[] {
    if (raw === undefined || raw === null) return [];
    if (Array.isArray(raw)) return raw.flatMap((step, i) => this.#step(step, locals, [...path, i]));
    return this.#step(raw, locals, path);
  }

  /** The fields that the operations and data of these steps bring. */
  fieldsOf(raw: unknown): Set<string> {
    const fields = new Set<string>();
    const visit = (value: unknown): void => {
      if (Array.isArray(value)) value.forEach(visit);
      if (!isMap(value)) return;
      if (typeof value.data === 'string') fields.add(value.data);
      if (typeof value.do === 'string') {
        for (const field of this.operations[value.do]?.fields ?? []) fields.add(field);
        for (const field of ['outcome', 'cause']) fields.add(field);
      }
      Object.values(value).forEach(visit);
    };
    visit(raw);
    return fields;
  }

  #step(raw: unknown, locals: Locals, path: Path): Step[] {
    const map: Raw | undefined = raw === 'prompt' ? { prompt: true } : isMap(raw) ? raw : undefined;
    if (!map) {
      this.problems.add(path, 'not a step', {
        found: JSON.stringify(raw),
        expected: `a map with one of ${actionKeys.join(', ')}`,
      });
      return [];
    }
    const inner = this.#eachLocals(map, locals, path);
    const condition = this.#condition(map, inner.locals, path);
    const actions = actionKeys.filter(key => key in map && !(key === 'online' && 'do' in map));
    const [action] = actions;
    if (actions.length !== 1 || action === undefined) {
      this.problems.add(path, actions.length === 0 ? 'a step without an action' : 'a step with several actions', {
        found: actions.join(', ') || Object.keys(map).join(', '),
        expected: actionKeys.join(', '),
        hint: actions.length > 1 ? 'Write one step a line: each in its own `- `.' : undefined,
      });
      return [];
    }
    this.#knownKeys(map, action, path);
    const compiled = this.#action(action, map, inner.locals, path);
    return compiled ? [{ action: compiled, holds: condition, each: inner.each }] : [];
  }

  #knownKeys(map: Raw, action: (typeof actionKeys)[number], path: Path): void {
    const known: string[] = [...modifierKeys, action];
    if (action === 'data') known.push(...dataKeys);
    if (action === 'online') known.push(...onlineKeys);
    if (action === 'add' || action === 'do') known.push('with');
    if (action === 'add') known.push('full');
    if (action === 'steps') known.push('together');
    if (action === 'do') known.push('within', 'ok', ...this.#outcomeWords(map.do));
    for (const key of Object.keys(map))
      if (!known.includes(key)) this.problems.unknown([...path, key], `key of a \`${action}\` step`, key, known);
  }

  #outcomeWords(operation: unknown): string[] {
    const spec = this.operations[String(operation)];
    return spec ? [...spec.ok, ...spec.failed, ...(spec.progress ?? []), ...commonFailures] : [];
  }

  #condition(map: Raw, locals: Locals, path: Path): Step['holds'] {
    const when = map.when === undefined ? undefined : this.names.condition(map.when, locals, [...path, 'when']);
    const unless = map.unless === undefined ? undefined : this.names.condition(map.unless, locals, [...path, 'unless']);
    if (when && unless) return scope => when(scope) && !unless(scope);
    if (unless) return scope => !unless(scope);
    return when;
  }

  #eachLocals(map: Raw, locals: Locals, path: Path): { locals: Locals; each: Each | undefined } {
    if (map.each === undefined) return { locals, each: undefined };
    const name = String(map.each);
    const withFields = (fields: readonly string[]) => ({ ...locals, fields: new Set([...locals.fields, ...fields]) });
    if (map.by !== undefined) {
      const each: Each = {
        kind: 'pieces',
        value: this.names.resolve(name, locals, [...path, 'each']),
        by: this.names.value(map.by, locals, [...path, 'by']),
        less: map.less === undefined ? undefined : this.names.value(map.less, locals, [...path, 'less']),
      };
      return { locals: withFields(['bytes', 'length', 'first']), each };
    }
    const facts = this.names.facts[name]?.list;
    if (facts && !locals.fields.has(name)) return { locals: withFields(facts), each: { kind: 'facts', name } };
    const fields = locals.lists.get(name) ?? this.names.settings.get(name)?.list ?? listFields[name];
    const value = this.names.resolve(name, locals, [...path, 'each']);
    return {
      locals: withFields(fields ?? ['value']),
      each: { kind: 'list', value, scalar: fields ? undefined : 'value' },
    };
  }

  #action(kind: (typeof actionKeys)[number], map: Raw, locals: Locals, path: Path): Action | undefined {
    const raw = map[kind];
    const at: Path = [...path, kind];
    const line = (text: unknown): Render => readTemplate(text, this.names, locals, at);
    const linesOf = (value: unknown): Render[] => (Array.isArray(value) ? value.map(line) : [line(value)]);
    switch (kind) {
      case 'info':
        return { kind, lines: linesOf(raw) };
      case 'final':
        return { kind, text: line(raw), failed: isFailure(String(raw)) };
      case 'urc':
        return { kind, text: line(raw) };
      case 'raw':
        return { kind, bytes: linesOf(raw) };
      case 'error':
        return this.#error(String(raw), at);
      case 'prompt':
        return { kind, bytes: raw === true || raw === null ? undefined : line(raw) };
      case 'data':
        return { kind, data: this.#data(map, locals, path) };
      case 'online':
        return { kind, link: String(raw) };
      case 'do':
        return this.#operation(map, locals, path);
      case 'set':
        return this.#set(raw, locals, at);
      case 'add':
        return this.#add(map, locals, path);
      case 'clear':
        return {
          kind,
          settings: (Array.isArray(raw) ? raw : [raw]).flatMap(name => this.#clearTargets(String(name), at)),
        };
      case 'after':
        return { kind, ms: readDuration(raw) ?? this.#notADuration(raw, at) };
      case 'steps':
        return { kind, steps: this.steps(raw, locals, at), together: map.together === true };
      default:
        return kind satisfies never;
    }
  }

  #error(word: string, path: Path): Action {
    if (!this.refusals.has(word))
      this.problems.unknown(path, 'refusal word', word, this.refusals, 'Add it under `errors:`.');
    return { kind: 'error', word };
  }

  #data(map: Raw, locals: Locals, path: Path): DataStep {
    const value = (key: string) => (map[key] === undefined ? undefined : this.#time(map[key], locals, [...path, key]));
    const outcomes = new Map<string, readonly Step[]>();
    for (const word of ['done', 'timeout', 'cancelled']) {
      if (map[word] !== undefined) outcomes.set(word, this.steps(map[word], locals, [...path, word]));
    }
    if (map.count === undefined && map.until === undefined)
      this.problems.add(path, 'data needs `count` or `until`', { hint: 'count: <length parameter>, or until: [1A]' });
    return {
      field: String(map.data),
      secret: map.secret === true,
      count: map.count === undefined ? undefined : this.names.value(map.count, locals, [...path, 'count']),
      until: readBytes(map.until),
      cancel: readBytes(map.cancel),
      limit: typeof map.limit === 'number' ? map.limit : 65_536,
      idle: value('idle'),
      within: value('within'),
      silence: value('silence'),
      echo: map.echo === undefined ? undefined : this.names.value(map.echo, locals, [...path, 'echo']),
      decode: map.decode === undefined ? undefined : this.names.value(map.decode, locals, [...path, 'decode']),
      acknowledge: this.#acknowledgement(map.acknowledge, [...path, 'acknowledge']),
      outcomes,
    };
  }

  #acknowledgement(raw: unknown, path: Path): Acknowledgement | undefined {
    if (raw === undefined) return undefined;
    if (isMap(raw) && Number(raw.every) > 0) return { every: Number(raw.every), bytes: String(raw.bytes ?? '') };
    this.problems.add(path, 'not an acknowledgement', { expected: '{ every: 1024, bytes: A }' });
    return undefined;
  }

  /** `5s`, or a parameter: its unit (seconds unless `unit: ms`) makes it milliseconds. */
  #time(raw: unknown, locals: Locals, path: Path): Evaluate {
    const fixed = readDuration(raw);
    if (fixed !== undefined) return () => fixed;
    const value = this.names.value(raw, locals, path);
    const factor = locals.parameters.get(String(raw))?.unit === 'ms' ? 1 : 1000;
    return scope => {
      const n = value(scope);
      return typeof n === 'number' ? n * factor : undefined;
    };
  }

  #operation(map: Raw, locals: Locals, path: Path): Action | undefined {
    const name = String(map.do);
    const spec = this.operations[name];
    if (!spec) {
      this.problems.unknown([...path, 'do'], 'operation', name, Object.keys(this.operations));
      return undefined;
    }
    const outcomes: Map<string, readonly Step[]> = new Map();
    for (const key of ['ok', ...this.#outcomeWords(name)]) {
      if (map[key] === undefined) continue;
      this.#noActs(map[key], [...path, key]);
      outcomes.set(key, this.steps(map[key], locals, [...path, key]));
    }
    const operation: OperationStep = {
      name,
      with: this.#arguments(map.with, spec, locals, [...path, 'with']),
      within: map.within === undefined ? undefined : this.#time(map.within, locals, [...path, 'within']),
      outcomes: outcomes as Outcomes,
      lenient: new Set(spec.lenient ?? []),
      ok: new Set(spec.ok),
    };
    return { kind: 'do', operation };
  }

  #noActs(raw: unknown, path: Path): void {
    const steps = Array.isArray(raw) ? raw : [raw];
    if (steps.some(step => isMap(step) && 'do' in step))
      this.problems.add(path, 'an outcome holds no `do`', {
        hint: 'An exchange stays a straight line: put the act below, with `when`.',
      });
  }

  #arguments(raw: unknown, spec: OperationSpec, locals: Locals, path: Path): Map<string, Evaluate> {
    const given = new Map<string, Evaluate>();
    const map = isMap(raw) ? raw : {};
    for (const [key, value] of Object.entries(map)) {
      if (!(key in spec.arguments)) this.problems.unknown([...path, key], 'argument', key, Object.keys(spec.arguments));
      else given.set(key, this.names.value(value ?? key, locals, [...path, key]));
    }
    const missing = Object.entries(spec.arguments).filter(([key, how]) => how === 'required' && !given.has(key));
    if (missing.length > 0)
      this.problems.add(path.slice(0, -1), 'the operation lacks an argument', {
        expected: missing.map(([key]) => key).join(', '),
      });
    return given;
  }

  #set(raw: unknown, locals: Locals, path: Path): Action {
    const values = Object.entries(isMap(raw) ? raw : {}).flatMap(([name, value]) => {
      const setting = this.#target(name, [...path, name]);
      return setting ? [{ setting, value: this.names.value(value ?? name, locals, [...path, name]) }] : [];
    });
    return { kind: 'set', values };
  }

  #add(map: Raw, locals: Locals, path: Path): Action | undefined {
    const setting = this.#target(String(map.add), [...path, 'add']);
    const row = new Map(
      Object.entries(isMap(map.with) ? map.with : {}).map(([key, value]) => [
        key,
        this.names.value(value ?? key, locals, [...path, 'with', key]),
      ]),
    );
    return setting && { kind: 'add', setting, row, full: this.steps(map.full, locals, [...path, 'full']) };
  }

  #target(name: string, path: Path): SettingTarget | undefined {
    const setting = this.settingOf(name);
    if (!setting) this.problems.unknown(path, 'setting', name, this.names.settings.keys());
    return setting;
  }

  #clearTargets(name: string, path: Path): readonly SettingTarget[] {
    const targets = this.settingsOf(name);
    if (targets.length === 0) this.problems.unknown(path, 'setting', name, this.names.settings.keys());
    return targets;
  }

  #notADuration(raw: unknown, path: Path): number {
    this.problems.add(path, 'not a time', { found: String(raw), expected: '500ms, 5s or 2m' });
    return 0;
  }
}

/** `500ms`, `5s`, `2m` as milliseconds. */
export function readDuration(raw: unknown): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(String(raw));
  if (!match) return undefined;
  const factor = { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'];
  return Number(match[1]) * factor;
}

/** `[1A]` or `[0x1A]`: byte values in hex. */
function readBytes(raw: unknown): number[] {
  const list = Array.isArray(raw) ? raw : raw === undefined ? [] : [raw];
  return list
    .map(item => Number.parseInt(String(item).replace(/^0x/i, ''), 16))
    .filter(byte => byte >= 0 && byte <= 255);
}

/** Final result codes that stop a command line. */
export function isFailure(text: string): boolean {
  return /^(ERROR|FAIL|NO CARRIER|NO DIALTONE|BUSY|NO ANSWER|TimeOut|CMD .* ERR)$|(^|\W)(ERROR|FAIL)\b/.test(text);
}

export { codecNames };
