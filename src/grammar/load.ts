/**
 * Loading a dialect: assemble the file with what it extends, check everything, resolve every name. A dialect that loads
 * has no unknown word in it. The order matters: settings must be known before names, names before steps.
 */
import { OperatorError } from '../base/errors.js';
import { type CommandDraft, draftCommand } from './command-draft.js';
import { readCommand } from './command-reader.js';
import { coreRefusals, type Dialect } from './dialect.js';
import { assemble, assemblyKeys, type Library, type Merged } from './document.js';
import { readEvents } from './event-reader.js';
import { readParameters } from './form-draft.js';
import { type Locals, Names, noLocals } from './names.js';
import { Node } from './node.js';
import { applyOverrides, type SettingOverrides } from './overrides.js';
import type { Parameter } from './parameters.js';
import { placeOf } from './places.js';
import { GrammarError, type Problem, Problems } from './problems.js';
import { readRefusals } from './refusal-reader.js';
import { readSerialRules } from './serial-rules.js';
import { SettingsRegistry } from './settings-registry.js';
import { readSocketRules } from './socket-rules.js';
import { StepReader } from './step-reader.js';
import { readStyle } from './style.js';
import type { Evaluate, Value } from './values.js';
import {
  type AddressKind,
  commonFailures,
  coreEvents,
  coreFacts,
  coreOperations,
  type OperationSpec,
  tlsOptions,
} from './vocabulary.js';

const topKeys = [
  'title',
  'sources',
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
  'sockets',
  'serial',
  'boot',
  'commands',
  'urcs',
] as const;

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
  const operations = new Map(Object.entries({ ...coreOperations, ...options.operations }));
  const dialect = new Loader(merged, new Node(merged.document, problems), operations).load();
  if (problems.all.length > 0) throw new GrammarError(placed(problems.all, merged));
  return options.overrides ? applyOverrides(dialect, options.overrides) : dialect;
}

/** Each once: what stands in an anchor, or is lent to a sibling, is read several times. */
function placed(problems: readonly Problem[], merged: Merged): OperatorError[] {
  const errors = new Map<string, OperatorError>();
  for (const { path, at, summary, ...details } of problems) {
    const place = placeOf(merged, path, at);
    const known = place.line === undefined ? [path, summary] : [place, summary];
    const key = JSON.stringify(known);
    errors.set(key, new OperatorError('grammar', summary, { ...details, place }));
  }
  return [...errors.values()];
}

class Loader {
  readonly #names: Names;
  readonly #settings: SettingsRegistry;
  readonly #reader: StepReader;
  #parameters: ReadonlyMap<string, Parameter> = new Map();
  /** Names of the address that is current, for what is read at one: choices, `tls`, `sockets`. */
  #addressed = noLocals;

  constructor(
    readonly merged: Merged,
    readonly document: Node,
    operations: ReadonlyMap<string, OperationSpec>,
  ) {
    const tables = document.get('tables');
    const refusals = new Set([
      ...coreRefusals,
      ...document.get('errors').keys(),
      ...tables.keys().flatMap(table => tables.get(table).keys()),
    ]);
    this.#names = new Names(coreFacts, familiesOf(operations), refusals);
    this.#settings = new SettingsRegistry(this.#names);
    this.#reader = new StepReader(this.#names, operations, this.#settings);
  }

  load(): Dialect {
    const { document } = this;
    const { name, family } = this.merged;
    this.#checkKeys();
    this.#readTables();
    this.#readLines();
    const style = readStyle(document.get('style'));
    this.#parameters = readParameters(document.get('parameters'), this.#names);
    this.#addressed = { ...noLocals, parameters: new Map([...this.#parameters].filter(([, { is }]) => is)) };
    this.#settings.readKnobs(document);
    const drafts = this.#draftCommands();
    this.#readChoices();
    this.#names.settle();
    const locals: Locals = { ...noLocals, parameters: this.#parameters };
    return {
      name,
      family,
      bearer: document.get('bearer').word('bearer', ['cellular', 'wifi']) ?? 'cellular',
      title: document.get('title').text(),
      style,
      settings: this.#settings.all,
      commands: new Map(
        drafts.map(draft => [draft.name.toUpperCase(), readCommand(draft, this.#reader, this.#addressed.parameters)]),
      ),
      events: readEvents(document.get('urcs'), coreEvents, locals, this.#reader),
      boot: this.#reader.steps(document.get('boot'), {
        ...noLocals,
        fields: this.#reader.fieldsOf(document.get('boot')),
      }),
      errors: readRefusals(document.get('errors'), locals, this.#reader),
      tls: this.#readTls(),
      urcPort: this.#names.choices.get('urc-port'),
      mailbox: this.#readMailbox(),
      sockets: readSocketRules(document.get('sockets'), this.#names, this.#addressed),
      serial: readSerialRules(document.get('serial'), this.#names),
      addresses: this.#addressRanges(drafts),
    };
  }

  #checkKeys(): void {
    const { document } = this;
    document.knowsKeys('key of a grammar', [...topKeys, ...assemblyKeys]);
    // Those of files are taken out when the document is put together: what is left comes from a profile.
    for (const key of assemblyKeys.filter(each => document.has(each)))
      document.get(key).problem(`a profile has no \`${key}\``, 'base: another profile of the file', { at: 'key' });
    for (const source of document.get('sources').items()) source.text();
  }

  #readTables(): void {
    for (const [name, table] of this.document.get('tables').entries('a map of tables')) {
      const words = table.entries('a map of key: word').map(([key, word]): [string, Value] => [key, word.scalar()]);
      this.#names.tables.set(name, new Map(words));
    }
  }

  #readLines(): void {
    for (const [name, line] of this.document.get('lines').entries('a map of name: text')) {
      if (line.text() !== undefined) this.#names.lines.set(name, line);
    }
  }

  /** A choice may name those above it. */
  #readChoices(): void {
    for (const [name, node] of this.document.get('choices').entries('a map of name: [{ when, is }]')) {
      const constant = (is: Node): Evaluate => {
        const value = is.scalar();
        return () => value;
      };
      this.#names.choices.set(
        name,
        this.#cases(node, constant, of => this.#names.value(of, this.#addressed)),
      );
    }
  }

  /** A list of `{ when, is }`, of which the first that holds counts. @param readOf of what stands under `of`, where it may */
  #cases(node: Node, readIs: (is: Node) => Evaluate, readOf?: (of: Node) => Evaluate): Evaluate {
    const cases = node.items().map((each, i, all) => {
      each.knowsKeys('key of a choice', readOf ? ['when', 'is', 'of'] : ['when', 'is']);
      const [when, is, of] = [each.get('when'), each.get('is'), readOf && each.given('of')];
      if (!each.isMap) each.wrong('{ when: { name: match }, is: value }');
      else if (!is.isGiven && !of) each.lacks('a choice without a value', '{ when: { name: match }, is: value }');
      else if (!when.isGiven && i < all.length - 1)
        each.problem('a choice without `when` stands last', `\`when\`, or the last place of ${all.length}`);
      return {
        holds: when.isGiven ? this.#names.condition(when, this.#addressed) : undefined,
        value: of ? readOf!(of) : readIs(is),
      };
    });
    return scope => cases.find(({ holds }) => !holds || holds(scope))?.value(scope);
  }

  #draftCommands(): CommandDraft[] {
    const commands = this.document.get('commands');
    const hasSources = this.document.get('sources').isGiven;
    const known = commands.entries('a map of command: { set, read, … }');
    return known.flatMap(([name, node]) => {
      if (!node.isGiven) {
        node.unknownKey(
          'command to be removed',
          known.filter(([, each]) => each.isGiven).map(([key]) => key),
        );
        return [];
      }
      if (!node.isMap) node.wrong('a map such as { set: …, exchange: … }');
      else if (!hasSources && !node.get('ref').isGiven)
        node.lacks('a command without `ref`', "ref: the manual's section, or `sources:` for the whole file", {
          at: 'key',
        });
      const shared = { names: this.#names, settings: this.#settings, parameters: this.#parameters };
      return [draftCommand(name, node, commands, shared)];
    });
  }

  /** A value, or a list of `{ when, is }` of which the first that holds counts; none leaves the option out. */
  #readTls(): Dialect['tls'] {
    const tls = this.document.get('tls');
    tls.knowsKeys('key of `tls`', tlsOptions);
    return new Map(
      tls
        .entries('a map of option: value')
        .map(([key, node]) => [
          key,
          node.isList
            ? this.#cases(node, is => this.#names.value(is, this.#addressed))
            : this.#names.value(node, this.#addressed),
        ]),
    );
  }

  #readMailbox(): Dialect['mailbox'] {
    const mailbox = this.document.get('mailbox');
    mailbox.entries('{ slots, full }');
    mailbox.knowsKeys('key of `mailbox`', ['slots', 'full', 'of']);
    const slots = mailbox.get('slots').whole(1);
    const full = mailbox.get('full').word('word', ['drop-oldest', 'drop-newest']) ?? 'drop-oldest';
    const of = mailbox.get('of').word('address', ['client']);
    if (slots !== undefined) return { slots, full, of };
    if (mailbox.isGiven) mailbox.lacks('a mailbox without `slots`', '{ slots: 4, full: drop-oldest }');
    return undefined;
  }

  /** A second set of addresses does not count: lists of facts are about the first. */
  #addressRanges(drafts: readonly CommandDraft[]): Dialect['addresses'] {
    const addresses = new Map<AddressKind, { from: number; to: number }>();
    for (const { is, plus, type } of [
      ...this.#parameters.values(),
      ...drafts.flatMap(draft => [...draft.parameters.values()]),
    ]) {
      if (!is || plus > 0 || type.kind !== 'number') continue;
      const from = Math.min(...type.spans.map(span => span.from));
      const to = Math.max(...type.spans.map(span => span.to ?? span.from));
      addresses.set(is, { from, to });
    }
    return addresses;
  }
}

function familiesOf(operations: ReadonlyMap<string, OperationSpec>): Map<string, 'ok' | 'failed'> {
  const specs = [...operations.values()];
  const failed = [...commonFailures, ...specs.flatMap(spec => spec.failed)];
  return new Map([
    ...failed.map(word => [word, 'failed'] as const),
    ...specs.flatMap(spec => spec.ok).map(word => [word, 'ok'] as const),
  ]);
}
