/**
 * Loading a dialect: assemble the file with what it extends, check everything, resolve every name. A dialect that loads
 * has no unknown word in it. The order matters: settings must be known before names, names before steps.
 */
import { OperatorError } from '../base/errors.js';
import {
  type CommandFrame,
  commandKeys,
  itemKeys,
  itemParameters,
  parameterNames,
  rawForms,
  readCommand,
} from './command-reader.js';
import type { CommandEntry, Dialect, EventRule, SettingDefinition } from './dialect.js';
import { assemble, isMap, type Library, type Merged, placeOf, type Raw, withSibling } from './document.js';
import { readForm } from './forms.js';
import { Names, noLocals, type SettingName } from './names.js';
import { applyOverrides, type SettingOverrides } from './overrides.js';
import { type Parameter, readParameter } from './parameters.js';
import { GrammarError, type Path, Problems, unheard } from './problems.js';
import { StepReader } from './step-reader.js';
import type { Step } from './steps.js';
import { readStyle } from './style.js';
import type { Evaluate, Value } from './values.js';
import {
  type AddressKind,
  coreEvents,
  coreFacts,
  coreOperations,
  type Keep,
  type OperationSpec,
} from './vocabulary.js';

const topKeys = [
  'dialect',
  'title',
  'sources',
  'extends',
  'bearer',
  'style',
  'settings',
  'state',
  'parameters',
  'tables',
  'choices',
  'lines',
  'errors',
  'tls',
  'mailbox',
  'boot',
  'commands',
  'urcs',
  'profiles',
] as const;
const coreRefusals = [
  'unknown-command',
  'unknown-form',
  'line-too-long',
  'bad-line',
  'not-a-command',
  'bad-arguments',
  'bad-count',
  'bad-type',
  'bad-range',
  'bad-length',
  'bad-codec',
  'bad-utf8',
  'bad-name',
  'failed',
];
const tlsKeys = [
  'verify',
  'ca',
  'certificate',
  'key',
  'key-password',
  'uses-ca',
  'uses-certificate',
  'server-name',
  'sni',
  'check-host',
  'check-expiry',
  'alpn',
  'version-min',
  'version-max',
  'ciphers',
  'within',
];

export interface LoadOptions {
  /** `--set` and a config's `settings`. */
  overrides?: SettingOverrides;
  /** Operations of the dialect's own code, by full name. */
  operations?: Readonly<Record<string, OperationSpec>>;
}

/** @throws GrammarError with every problem at its file, line and column */
export function loadDialect(name: string, library: Library, options: LoadOptions = {}): Dialect {
  const merged = assemble(name, library);
  const problems = new Problems();
  const dialect = new Loader(merged, problems, { ...coreOperations, ...options.operations }).load();
  if (problems.all.length > 0) {
    throw new GrammarError(
      problems.all.map(
        ({ path, summary, ...details }) =>
          new OperatorError('grammar', summary, { ...details, place: placeOf(merged, path) }),
      ),
    );
  }
  return options.overrides ? applyOverrides(dialect, options.overrides) : dialect;
}

class Loader {
  readonly #document: Raw;
  readonly #names: Names;
  readonly #settings = new Map<string, SettingDefinition>();
  /** Setting, group or item name → what it stands for, for `set`, `add`, `clear`. */
  readonly #members = new Map<string, SettingName[]>();
  readonly #reader: StepReader;
  readonly #shared = new Map<string, Parameter>();
  /** For parameters, which are read twice, and the second time in earnest: then every name is known. */
  readonly #unheardNames = parameterNames(
    new StepReader(
      new Names(coreFacts, new Map(), unheard),
      {},
      new Set(),
      () => undefined,
      () => [],
    ),
  );

  constructor(
    readonly merged: Merged,
    readonly problems: Problems,
    operations: Readonly<Record<string, OperationSpec>>,
  ) {
    this.#document = merged.document;
    this.#names = new Names(coreFacts, familiesOf(operations), problems);
    const refusals = new Set([...coreRefusals, ...Object.keys(this.#map('errors'))]);
    this.#reader = new StepReader(
      this.#names,
      operations,
      refusals,
      setting => this.#names.settings.get(setting),
      setting => this.#members.get(setting) ?? [this.#names.settings.get(setting)].filter(found => found !== undefined),
    );
  }

  load(): Dialect {
    this.#checkKeys();
    this.#readWords();
    const style = readStyle(this.#map('style'), this.problems);
    this.#readKnobs();
    const frames = this.#readFrames();
    this.#readChoices();
    this.#readShared();
    this.#refreshParameters(frames);
    const commands = new Map<string, CommandEntry>();
    for (const frame of frames) commands.set(frame.name.toUpperCase(), readCommand(frame, this.#reader, this.#shared));
    return {
      name: this.merged.name,
      family: String(this.merged.layers.at(-1)?.source.document.dialect ?? this.merged.name),
      bearer: this.#document.bearer === 'wifi' ? 'wifi' : 'cellular',
      title: this.#document.title === undefined ? undefined : String(this.#document.title),
      style,
      settings: this.#settings,
      commands,
      events: this.#readEvents(),
      boot: this.#reader.steps(this.#document.boot, noLocals, ['boot']),
      errors: this.#readErrors(),
      tls: this.#readTls(),
      urcPort: this.#names.choices.get('urc-port'),
      mailbox: this.#readMailbox(),
      addresses: this.#readAddresses(frames),
    };
  }

  #map(key: string): Raw {
    const value = this.#document[key];
    if (value === undefined || value === null) return {};
    if (isMap(value)) return value;
    this.problems.add([key], `\`${key}\` is a map`, { found: JSON.stringify(value).slice(0, 60) });
    return {};
  }

  #checkKeys(): void {
    for (const key of Object.keys(this.#document)) {
      if (!(topKeys as readonly string[]).includes(key)) this.problems.unknown([key], 'key of a grammar', key, topKeys);
    }
  }

  #readWords(): void {
    for (const [name, table] of Object.entries(this.#map('tables'))) {
      if (!isMap(table)) this.problems.add(['tables', name], 'a table is a map of key: word');
      else
        this.#names.tables.set(
          name,
          new Map(Object.entries(table).map(([key, word]) => [key, (word ?? undefined) as Value])),
        );
    }
    for (const [name, text] of Object.entries(this.#map('lines'))) this.#names.lines.set(name, String(text));
  }

  #readChoices(): void {
    for (const [name, raw] of Object.entries(this.#map('choices'))) {
      const list = Array.isArray(raw) ? raw : [raw];
      const cases = list.map((entry, i) => {
        const map = isMap(entry) ? entry : {};
        if (map.is === undefined) this.problems.add(['choices', name, i], 'a choice is `{ when, is }`');
        const holds =
          map.when === undefined ? undefined : this.#names.condition(map.when, noLocals, ['choices', name, i, 'when']);
        return { holds, is: map.is as Value };
      });
      this.#names.choices.set(name, scope => cases.find(({ holds }) => !holds || holds(scope))?.is);
    }
  }

  #define(name: string, definition: Partial<SettingDefinition>, aliases: readonly string[] = []): SettingName {
    const full: SettingDefinition = {
      name,
      of: undefined,
      keep: 'run',
      factory: undefined,
      parameter: undefined,
      list: undefined,
      secret: false,
      title: undefined,
      ref: undefined,
      views: undefined,
      assumed: false,
      ...definition,
    };
    this.#settings.set(name, full);
    const known: SettingName = { name, of: full.of, list: full.list?.fields };
    for (const alias of [name, ...aliases]) this.#names.settings.set(alias, known);
    return known;
  }

  /** `settings:` and `state:`. */
  #readKnobs(): void {
    const added = this.#addedFields();
    for (const [section, keep] of [
      ['settings', 'config'],
      ['state', 'run'],
    ] as const) {
      for (const [name, raw] of Object.entries(this.#map(section))) {
        const map = isMap(raw) ? raw : undefined;
        if (map && 'list' in map) {
          this.#define(name, {
            keep: (map.keep as Keep) ?? 'run',
            of: map.of as AddressKind,
            list: {
              limit: Number(map.list),
              bytes: map.bytes === undefined ? undefined : Number(map.bytes),
              fields: added.get(name) ?? [],
            },
          });
          continue;
        }
        const parameter = readParameter(name, raw, [section, name], this.problems, parameterNames(this.#reader));
        this.#define(name, {
          keep: (map?.keep as Keep) ?? keep,
          of: map?.of as AddressKind,
          factory: parameter.factory,
          parameter,
          secret: parameter.secret,
          title: parameter.title,
          ref: map?.ref === undefined ? undefined : String(map.ref),
          views: map?.views === undefined ? undefined : String(map.views),
          assumed: (map?.assumed as boolean | string) ?? false,
        });
      }
    }
  }

  /** The fields that `add:` steps anywhere put into lists, by list. */
  #addedFields(): Map<string, string[]> {
    const added = new Map<string, string[]>();
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('add' in value && 'with' in value && isMap(value.with)) {
        const list = String(value.add);
        added.set(list, [...new Set([...(added.get(list) ?? []), ...Object.keys(value.with)])]);
      }
      Object.values(value).forEach(visit);
    };
    visit(this.#document);
    return added;
  }

  /** Commands with `like` resolved, their parameters read, and the settings they keep made known. */
  #readFrames(): CommandFrame[] {
    const commands = this.#map('commands');
    this.#readShared();
    return Object.entries(commands).flatMap(([name, raw]) => {
      if (raw === null) return [];
      const path: Path = ['commands', name];
      if (!isMap(raw)) {
        this.problems.add(path, 'a command is a map', { found: JSON.stringify(raw) });
        return [];
      }
      const whole = withSibling(raw, commands) ?? this.#unlike(raw, commands, path);
      for (const key of Object.keys(whole))
        if (!(commandKeys as readonly string[]).includes(key))
          this.problems.unknown([...path, key], 'key of a command', key, commandKeys);
      if (whole.status !== undefined && !['full', 'reply-only', 'absent'].includes(String(whole.status)))
        this.problems.unknown([...path, 'status'], 'status', String(whole.status), ['full', 'reply-only', 'absent']);
      if (whole.ref === undefined && this.#document.sources === undefined)
        this.problems.add(path, 'a command without `ref`', {
          hint: "Name the manual's section, or `sources:` for the whole file.",
        });
      const parameters = this.#commandParameters(whole, path);
      return [{ name, raw: whole, path, parameters, kept: this.#keptSettings(name, whole, path, parameters) }];
    });
  }

  #unlike(raw: Raw, commands: Raw, path: Path): Raw {
    this.problems.unknown([...path, 'like'], 'command', String(raw.like), Object.keys(commands));
    return raw;
  }

  #readShared(): void {
    for (const [name, spec] of Object.entries(this.#map('parameters'))) {
      this.#shared.set(name, readParameter(name, spec, ['parameters', name], unheard, this.#unheardNames));
    }
  }

  #commandParameters(raw: Raw, path: Path): Map<string, Parameter> {
    const own = new Map<string, Parameter>();
    for (const [name, spec] of Object.entries(isMap(raw.parameters) ? raw.parameters : {})) {
      own.set(name, readParameter(name, spec, [...path, 'parameters', name], unheard, this.#unheardNames));
    }
    for (const form of rawForms(raw, path)) {
      for (const { name } of allSlots(form.form)) {
        const shared = this.#shared.get(name);
        if (shared && !own.has(name)) own.set(name, shared);
      }
    }
    return own;
  }

  /** Once every name is known: read the parameters again, now with their codecs and conditions, and complain. */
  #refreshParameters(frames: CommandFrame[]): void {
    for (const [name, spec] of Object.entries(this.#map('parameters'))) {
      this.#shared.set(
        name,
        readParameter(name, spec, ['parameters', name], this.problems, parameterNames(this.#reader)),
      );
    }
    for (const frame of frames) {
      const own = frame.parameters as Map<string, Parameter>;
      const local = isMap(frame.raw.parameters) ? frame.raw.parameters : {};
      for (const name of own.keys()) {
        if (name in local)
          own.set(
            name,
            readParameter(
              name,
              local[name],
              [...frame.path, 'parameters', name],
              this.problems,
              parameterNames(this.#reader),
            ),
          );
        else own.set(name, this.#shared.get(name)!);
      }
    }
  }

  #keptSettings(
    command: string,
    raw: Raw,
    path: Path,
    parameters: ReadonlyMap<string, Parameter>,
  ): Map<string, SettingName> {
    const kept = new Map<string, SettingName>();
    const base = command.replace(/^[+*^$#%]/, '');
    const address = (raw.of as AddressKind | undefined) ?? [...parameters.values()].find(parameter => parameter.is)?.is;
    if (isMap(raw.items)) this.#keepItems(raw, address, path, kept);
    const forms = isMap(raw.items) ? [] : rawForms(raw, path);
    const keepOf = (form: (typeof forms)[number]) => (form.map.keep ?? raw.keep) as Keep | undefined;
    const candidates = [...new Set(forms.flatMap(form => allSlots(form.form).map(slot => ({ slot, form }))))];
    const values: { parameter: Parameter; keep: Keep }[] = [];
    for (const { slot, form } of candidates) {
      const local = isMap(form.map.parameters) ? form.map.parameters[slot.name] : undefined;
      const parameter =
        local === undefined
          ? parameters.get(slot.name)
          : readParameter(slot.name, local, path, unheard, this.#unheardNames);
      const keep = parameter?.keep ?? keepOf(form);
      if (
        parameter &&
        keep &&
        !parameter.is &&
        !values.some(value => value.parameter.name === slot.name) &&
        !slot.repeated
      )
        values.push({ parameter, keep });
    }
    const rows = forms
      .map(form => ({ shape: readForm(form.form, form.path, unheard), keep: keepOf(form) }))
      .find(({ shape, keep }) => shape.repeat && keep);
    const single = values.length === 1 && !rows && values[0]!.parameter.keep === undefined;
    for (const { parameter, keep } of values) {
      const name = single ? base : `${base}.${parameter.name}`;
      const definition = {
        keep,
        of: address,
        factory: parameter.factory,
        parameter,
        secret: parameter.secret,
        title: parameter.title ?? textOf(raw.title),
        ref: textOf(raw.ref),
      };
      kept.set(parameter.name, this.#define(name, definition, single ? [`${base}.${parameter.name}`] : []));
    }
    if (rows) {
      const row = this.#define(`${base}.rows`, {
        keep: rows.keep!,
        of: address,
        list: { limit: 64, bytes: undefined, fields: rows.shape.repeat!.names },
      });
      kept.set('rows', row);
    }
    if (!single && kept.size > 0 && forms.length > 0) {
      const group = this.#define(base, { keep: values[0]?.keep ?? 'run', of: address });
      this.#members.set(base, [group, ...kept.values()]);
    }
    return kept;
  }

  #keepItems(raw: Raw, of: AddressKind | undefined, path: Path, kept: Map<string, SettingName>): void {
    for (const [item, value] of Object.entries(raw.items as Raw)) {
      const map = isMap(value) ? value : {};
      const specs = Object.entries(itemParameters(map));
      for (const key of Object.keys(map)) {
        if (
          !(itemKeys as readonly string[]).includes(key) &&
          map.values !== undefined &&
          !String(map.values).includes(`<${key}>`) &&
          !String(map.values).includes(`<"${key}">`)
        ) {
          this.problems.unknown([...path, 'items', item, key], 'key of an item', key, itemKeys);
        }
      }
      const keep = ((map.keep ?? raw.keep) as Keep | undefined) ?? 'run';
      const members = specs.map(([name, spec]) => {
        const parameter = readParameter(name, spec, [...path, 'items', item, name], unheard, this.#unheardNames);
        const full = specs.length === 1 ? item : `${item}.${name}`;
        const known = this.#define(
          full,
          {
            keep,
            of,
            factory: parameter.factory,
            parameter,
            secret: parameter.secret,
            title: textOf(map.title),
            ref: textOf(raw.ref),
          },
          specs.length === 1 ? [`${item}.${name}`] : [],
        );
        kept.set(`${item}\n${name}`, known);
        return known;
      });
      if (members.length > 1) this.#members.set(item, [this.#define(item, { keep, of }), ...members]);
    }
  }

  #readErrors(): Map<string, readonly Step[]> {
    const locals = { ...noLocals, fields: new Set(['refusal', 'command', 'outcome', 'cause']) };
    return new Map(
      Object.entries(this.#map('errors')).map(([word, raw]) => [
        word,
        this.#errorSteps(raw, { ...locals, parameters: this.#shared }, ['errors', word]),
      ]),
    );
  }

  #errorSteps(raw: unknown, locals: typeof noLocals, path: Path): Step[] {
    if (isMap(raw) && 'cme' in raw)
      return [
        {
          action: { kind: 'cme', code: Number(raw.cme), text: String(raw.text ?? raw.cme) },
          holds: undefined,
          each: undefined,
        },
      ];
    const failed = (steps: Step[]): Step[] =>
      steps.map(step => (step.action.kind === 'final' ? { ...step, action: { ...step.action, failed: true } } : step));
    if (!Array.isArray(raw)) return failed(this.#reader.steps(isMap(raw) ? raw : { final: raw }, locals, path));
    return failed(
      raw.flatMap((item, i) => {
        if (isMap(item) && 'cme' in item) return this.#errorSteps(item, locals, [...path, i]);
        if (isMap(item)) return this.#reader.steps(item, locals, [...path, i]);
        return this.#reader.steps(i === raw.length - 1 ? { final: item } : { info: item }, locals, [...path, i]);
      }),
    );
  }

  #readEvents(): Map<string, EventRule[]> {
    const rules = new Map<string, EventRule[]>();
    for (const [name, raw] of Object.entries(this.#map('urcs'))) {
      if (raw === null) continue;
      const path: Path = ['urcs', name];
      const { event, when, title, ref, assumed, status, exchange, ...rest } = isMap(raw) ? raw : {};
      const events = (Array.isArray(event) ? event : [event]).map(String);
      const known = events.filter(word => word in coreEvents);
      for (const word of events)
        if (!known.includes(word)) this.problems.unknown([...path, 'event'], 'event', word, Object.keys(coreEvents));
      const fields = new Set([
        ...known.flatMap(word => coreEvents[word]?.fields ?? []),
        ...this.#reader.fieldsOf(rest),
        ...this.#reader.fieldsOf(exchange),
      ]);
      const locals = { ...noLocals, fields, parameters: this.#shared };
      const rule: EventRule = {
        name,
        holds: when === undefined ? undefined : this.#names.condition(when, locals, [...path, 'when']),
        steps: this.#reader.steps(exchange ?? rest, locals, path),
      };
      if (status === 'absent') continue;
      for (const word of known) rules.set(word, [...(rules.get(word) ?? []), rule]);
    }
    return rules;
  }

  #readTls(): Dialect['tls'] {
    return new Map(
      Object.entries(this.#map('tls')).map(([key, raw]) => {
        if (!tlsKeys.includes(key)) this.problems.unknown(['tls', key], 'key of `tls`', key, tlsKeys);
        return [key, this.#tlsValue(raw, ['tls', key])];
      }),
    );
  }

  /** A value, or a list of `{ when, is }` of which the first that holds counts; none leaves the key out. */
  #tlsValue(raw: unknown, path: Path): Evaluate {
    if (!Array.isArray(raw)) return this.#names.value(raw, noLocals, path);
    const cases = raw.filter(isMap).map((entry, i) => ({
      holds: entry.when === undefined ? undefined : this.#names.condition(entry.when, noLocals, [...path, i, 'when']),
      value: this.#names.value(entry.is, noLocals, [...path, i, 'is']),
    }));
    return scope => cases.find(({ holds }) => !holds || holds(scope))?.value(scope);
  }

  #readMailbox(): Dialect['mailbox'] {
    const raw = this.#map('mailbox');
    if (raw.slots === undefined) return undefined;
    const full = raw.full ?? 'drop-oldest';
    if (full !== 'drop-oldest' && full !== 'drop-newest')
      this.problems.unknown(['mailbox', 'full'], 'word', String(full), ['drop-oldest', 'drop-newest']);
    return {
      slots: Number(raw.slots),
      full: full as 'drop-oldest' | 'drop-newest',
      of: raw.of === 'client' ? 'client' : undefined,
    };
  }

  #readAddresses(frames: readonly CommandFrame[]): Dialect['addresses'] {
    const addresses = new Map<AddressKind, { from: number; to: number }>();
    for (const parameter of [...this.#shared.values(), ...frames.flatMap(frame => [...frame.parameters.values()])]) {
      if (!parameter.is || parameter.type.kind !== 'number') continue;
      const spans = parameter.type.spans;
      addresses.set(parameter.is, {
        from: Math.min(...spans.map(span => span.from)),
        to: Math.max(...spans.map(span => span.to ?? span.from)),
      });
    }
    return addresses;
  }
}

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

function allSlots(form: string): { name: string; repeated: boolean }[] {
  const shape = readForm(form, [], unheard);
  const repeated = new Set(shape.repeat?.names ?? []);
  return [...shape.slots, ...(shape.repeat?.slots ?? [])]
    .filter(slot => slot.kind === 'parameter')
    .map(({ name }) => ({ name, repeated: repeated.has(name) }));
}

function familiesOf(operations: Readonly<Record<string, OperationSpec>>): Map<string, 'ok' | 'failed'> {
  const families = new Map<string, 'ok' | 'failed'>([
    ['lost', 'failed'],
    ['timeout', 'failed'],
    ['cancelled', 'failed'],
  ]);
  for (const { ok, failed } of Object.values(operations)) {
    for (const word of ok) families.set(word, 'ok');
    for (const word of failed) families.set(word, 'failed');
  }
  return families;
}
