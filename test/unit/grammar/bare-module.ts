/**
 * A dialect with nothing around it: commands are typed at it, and everything it writes, does and remembers is noted, in
 * order. Facts, and how operations and data end, are said by the test.
 */
import { splitArguments } from '../../../src/at/arguments.js';
import { parseCommandLine } from '../../../src/at/command-line.js';
import { type Dialect, type Form, refusalSteps } from '../../../src/grammar/dialect.js';
import {
  type DataRequest,
  drive,
  type OnlineRequest,
  type OperationRequest,
  perform,
  type Result,
  refuse,
  type Stage,
  type Waiting,
} from '../../../src/grammar/exchange.js';
import { formOf, invokeSet, unmetNeed } from '../../../src/grammar/invocation.js';
import type { SettingTarget, Step } from '../../../src/grammar/steps.js';
import {
  type Entry,
  type Environment,
  fieldsOf,
  type Row,
  type Scope,
  textOf,
  type Value,
} from '../../../src/grammar/values.js';
import type { Address, AddressKind } from '../../../src/grammar/vocabulary.js';

export interface Circumstances {
  facts?: Record<string, Value>;
  lists?: Record<string, readonly Entry[]>;
  /** What the host types at prompts, in turn: text is `done`. */
  data?: readonly (string | Result)[];
  /** How operations end, in turn for each; a word alone has no fields. Unsaid, each ends in its first good outcome. */
  outcomes?: Record<string, readonly (string | Result)[]>;
  /** What operations report before they end. */
  progress?: Record<string, readonly Result[]>;
}

const keyOf = (name: string, of: AddressKind | undefined, address: Address): string =>
  of === undefined ? name : `${name}@${address[of] ?? 0}`;

export class BareModule implements Stage {
  readonly notes: string[] = [];
  readonly kept = new Map<string, Value>();
  readonly requests: (OperationRequest | DataRequest | OnlineRequest)[] = [];
  readonly #data: (string | Result)[];
  readonly #outcomes: Record<string, (string | Result)[]>;
  readonly environment: Environment;

  constructor(
    readonly dialect: Dialect,
    readonly circumstances: Circumstances = {},
  ) {
    this.#data = [...(circumstances.data ?? [])];
    this.#outcomes = Object.fromEntries(
      Object.entries(circumstances.outcomes ?? {}).map(([name, ends]) => [name, [...ends]]),
    );
    this.environment = {
      fact: name => circumstances.facts?.[name],
      factList: name => circumstances.lists?.[name] ?? [],
      setting: (name, of, address) => this.kept.get(keyOf(name, of, address)) ?? dialect.settings.get(name)?.factory,
    };
  }

  /** What one command makes the module write and do. A command that is `absent` runs like another. */
  answer(line: string): string[] {
    this.notes.length = 0;
    const [command] = parseCommandLine(line, this.dialect.style).commands;
    const entry = command && this.dialect.commands.get(command.name);
    if (!entry) return ['refused: unknown-command'];
    const scope = this.#scope(command.name);
    const form = formOf(entry, command);
    if (form === undefined) this.#drive(refuse('unknown-form', scope, this));
    else if (form !== 'set') this.#run(form, scope);
    else this.#set(line, entry.name);
    return [...this.notes];
  }

  /** What an event makes the module write and do. */
  hear(event: string, fields: Row = {}, address: Address = {}): string[] {
    this.notes.length = 0;
    for (const rule of this.dialect.events.get(event) ?? []) {
      const scope: Scope = { fields: fieldsOf(fields), address, environment: this.environment };
      if (rule.holds?.(scope) ?? true) this.#drive(perform(rule.steps, scope, this, true));
    }
    return [...this.notes];
  }

  /** The index of the form that the arguments choose, or the word of the refusal. */
  choose(line: string): number | string {
    const [command] = parseCommandLine(line, this.dialect.style).commands;
    const { set } = this.dialect.commands.get(command!.name)!;
    const given = splitArguments(command!.args, this.dialect.style).arguments;
    const invocation = invokeSet(set, given, this.dialect.style, command!.name, this.environment, {});
    return 'refusal' in invocation ? invocation.refusal : set.indexOf(invocation.form as (typeof set)[number]);
  }

  #set(line: string, name: string): void {
    const [command] = parseCommandLine(line, this.dialect.style).commands;
    const { set } = this.dialect.commands.get(name.toUpperCase())!;
    const given = splitArguments(command!.args, this.dialect.style).arguments;
    const invocation = invokeSet(set, given, this.dialect.style, command!.name, this.environment, {});
    if ('refusal' in invocation) return this.#drive(refuse(invocation.refusal, invocation.scope, this));
    this.#run(invocation.form, invocation.scope, () => {
      for (const { setting, value } of invocation.store) this.set(setting, value, invocation.scope);
    });
  }

  #run(form: Form, scope: Scope, store?: () => void): void {
    const refusal = unmetNeed(form, scope);
    if (refusal) return this.#drive(refuse(refusal, scope, this));
    store?.();
    this.#drive(perform(form.steps, scope, this));
  }

  #drive(exchange: ReturnType<typeof perform>): void {
    drive(exchange, {
      paused() {},
      failed: error => {
        throw error;
      },
      isAlive: () => true,
    });
  }

  #scope(command: string): Scope {
    return { fields: fieldsOf({ command }), address: {}, environment: this.environment };
  }

  #note(text: string): void {
    this.notes.push(text.replaceAll('\r', '\\r').replaceAll('\n', '\\n'));
  }

  info(text: string): void {
    this.#note(`info ${text}`);
  }

  final(text: string, isFailure: boolean, isLast: boolean): void {
    this.#note(`final ${text}${isFailure ? ' (failure)' : ''}${isLast ? '' : ' (more follows)'}`);
  }

  cme(code: number, text: string): void {
    this.#note(`cme ${code} ${text}`);
  }

  urc(text: string): void {
    this.#note(`urc ${text}`);
  }

  raw(bytes: string, isResponse: boolean): void {
    this.#note(`${isResponse ? 'raw' : 'raw urc'} ${bytes}`);
  }

  prompt(bytes: string | undefined): void {
    this.#note(`prompt${bytes === undefined ? '' : ` ${bytes}`}`);
  }

  data(request: DataRequest): Result {
    this.requests.push(request);
    const typed = this.#data.shift() ?? '';
    return typeof typed === 'string' ? { outcome: 'done', bytes: typed } : typed;
  }

  online(request: OnlineRequest): Result {
    this.requests.push(request);
    this.#note('online');
    const end = this.#outcomes.online?.shift() ?? 'escaped';
    return typeof end === 'string' ? { outcome: end } : end;
  }

  release(): void {
    this.#note('release');
  }

  operate(request: OperationRequest): Result | Waiting {
    const given = Object.entries(request.with).filter(([, value]) => value !== undefined);
    this.requests.push(request);
    this.#note(`do ${request.name}${given.map(([name, value]) => ` ${name}=${textOf(value)}`).join('')}`);
    for (const { outcome, ...fields } of this.circumstances.progress?.[request.name] ?? [])
      request.progress(outcome, fields);
    const end = this.#outcomes[request.name]?.shift() ?? firstGood(request.name);
    return typeof end === 'string' ? { outcome: end } : end;
  }

  set({ name, of }: SettingTarget, value: Value, scope: Scope): void {
    this.#note(`set ${name}=${textOf(value)}`);
    this.kept.set(keyOf(name, of, scope.address), value);
  }

  add({ name, of }: SettingTarget, row: Row, scope: Scope): boolean {
    const key = keyOf(name, of, scope.address);
    const rows = (this.kept.get(key) ?? []) as readonly Row[];
    if (rows.length >= (this.dialect.settings.get(name)?.list?.limit ?? 0)) return false;
    this.#note(`add ${name} ${JSON.stringify(row)}`);
    this.kept.set(key, [...rows, row]);
    return true;
  }

  clear({ name, of }: SettingTarget, scope: Scope): void {
    this.#note(`clear ${name}`);
    this.kept.delete(keyOf(name, of, scope.address));
  }

  wait(ms: number): Waiting {
    this.#note(`wait ${ms} ms`);
    return {
      // biome-ignore lint/suspicious/noThenProperty: goes on at once, where a promise would in a later turn
      then(done) {
        done?.({ outcome: 'done' });
        return undefined as never;
      },
    };
  }

  refusal(word: string): readonly Step[] {
    return refusalSteps(this.dialect, word);
  }

  unfinished(command: string): void {
    this.#note(`unfinished ${command}`);
  }
}

const goodEnds: Readonly<Record<string, string>> = {
  'mqtt.open': 'linked',
  'mqtt.connect': 'connected',
  'mqtt.publish': 'sent',
  'mqtt.subscribe': 'subscribed',
  'mqtt.close': 'closed',
  'mqtt.disconnect': 'disconnected',
  'mailbox.take': 'taken',
  'mailbox.put': 'stored',
  'socket.open': 'connected',
  'socket.send': 'sent',
  'socket.close': 'closed',
};

const firstGood = (operation: string): string => goodEnds[operation] ?? 'done';
