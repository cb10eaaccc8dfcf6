/**
 * Names: what stands behind a word of a grammar, found once, when the file is loaded. The order is: a field, a parameter
 * or constant, a choice, a setting, a fact. A name that is nothing is a problem, with the nearest right word.
 */
import { utf8FromBytes } from '../base/bytes.js';
import { nearest } from '../base/nearest.js';
import { readMatch, wordsIn } from './matches.js';
import type { Node } from './node.js';
import { asScalar } from './parameter-reader.js';
import type { Parameter, ParameterType } from './parameters.js';
import type { SettingTarget } from './steps.js';
import { type Evaluate, type Holds, type Row, type Scope, textOf, type Value } from './values.js';
import type { FactSpec } from './vocabulary.js';

/** A value that outlives its command, as far as names need it. */
export interface SettingName extends SettingTarget {
  /** For a list: the fields of its entries. */
  list: readonly string[] | undefined;
  /** What it may hold. */
  parameter: Parameter | undefined;
}

/** What a place in the grammar can name besides settings, choices and facts. */
export interface Locals {
  fields: ReadonlySet<string>;
  /** Fields that are lists, with the fields of their entries; none for lists of plain values. */
  lists: ReadonlyMap<string, readonly string[]>;
  parameters: ReadonlyMap<string, Parameter>;
  constants: ReadonlyMap<string, Value>;
  /** Parameters that the command keeps: where no argument stands for them, they mean the kept value. */
  kept: ReadonlyMap<string, SettingName>;
}

export const noLocals: Locals = {
  fields: new Set(),
  lists: new Map(),
  parameters: new Map(),
  constants: new Map(),
  kept: new Map(),
};

/** Parts of a `url`. */
const urlParts: readonly string[] = ['host', 'port', 'scheme', 'text'];

export class Names {
  readonly settings = new Map<string, SettingName>();
  readonly choices = new Map<string, Evaluate>();
  readonly tables = new Map<string, ReadonlyMap<string, Value>>();
  readonly lines = new Map<string, Node>();
  /** Bound by `settle`; none once that was done. */
  #unbound: (() => void)[] | undefined = [];

  constructor(
    readonly facts: Readonly<Record<string, FactSpec>>,
    /** Outcome word → its family, for tables: `ok` or `failed`. */
    readonly families: ReadonlyMap<string, 'ok' | 'failed'>,
    /** Words that the core knows, `errors` prints, or a table translates. */
    readonly refusals: ReadonlySet<string>,
  ) {}

  /** For parameters, which may name settings that are not known yet while they are read. */
  later<T>(bind: () => (scope: Scope) => T): (scope: Scope) => T {
    if (!this.#unbound) return bind();
    let bound: (scope: Scope) => T;
    this.#unbound.push(() => {
      bound = bind();
    });
    return scope => bound(scope);
  }

  /** Every setting and choice is known. */
  settle(): void {
    const unbound = this.#unbound ?? [];
    this.#unbound = undefined;
    for (const bind of unbound) bind();
  }

  refusal(node: Node): string {
    const word = node.text('a refusal word') ?? 'failed';
    if (!this.refusals.has(word)) node.unknown('refusal word', word, this.refusals, 'Add it under `errors:`.');
    return word;
  }

  /** A bare name. @param node where it stands */
  resolve(name: string, locals: Locals, node: Node): Evaluate {
    const found = this.#find(name, locals);
    if (found) return found;
    node.unknown('name', name, this.#known(locals));
    return () => undefined;
  }

  #find(name: string, locals: Locals): Evaluate | undefined {
    const parameter = locals.parameters.get(name);
    if (parameter?.is) {
      const { is, plus, only } = parameter;
      return scope => {
        if (only && !only(scope)) return undefined;
        const address = scope.address[is];
        return address === undefined ? scope.fields[name] : address - plus;
      };
    }
    const outer = this.#outer(name, locals);
    if (!parameter && !locals.fields.has(name)) return outer ?? this.#part(name, locals);
    if (!outer) return scope => scope.fields[name];
    return scope => (name in scope.fields ? scope.fields[name] : outer(scope));
  }

  #outer(name: string, locals: Locals): Evaluate | undefined {
    const constant = locals.constants.get(name);
    if (constant !== undefined) return () => constant;
    const choice = this.choices.get(name);
    if (choice) return choice;
    const kept = locals.kept.get(name) ?? this.settings.get(name);
    if (kept) return setting(kept);
    const fact = this.#fact(name);
    if (fact?.list) return scope => scope.environment.factList(name, scope.address).map(entry => entry.fields);
    return fact && (scope => scope.environment.fact(name, scope.address));
  }

  #fact(name: string): FactSpec | undefined {
    return Object.hasOwn(this.facts, name) ? this.facts[name] : undefined;
  }

  /** The fields of the entries of a list of facts. */
  factFields(name: string): readonly string[] | undefined {
    return this.#fact(name)?.list;
  }

  /** `topic.length`, `server_addr.host`: a part of what the name before the last dot stands for. */
  #part(name: string, locals: Locals): Evaluate | undefined {
    const dot = name.lastIndexOf('.');
    if (dot < 1) return undefined;
    const whole = this.#find(name.slice(0, dot), locals);
    const part = name.slice(dot + 1);
    if (!whole) return undefined;
    if (part === 'length') return scope => lengthOf(whole(scope));
    if (part === 'utf8') return scope => utf8FromBytes(textOf(whole(scope))) !== undefined;
    if (part === 'extension') return scope => extensionOf(textOf(whole(scope)));
    if (urlParts.includes(part)) return scope => (whole(scope) as Row | undefined)?.[part];
    return undefined;
  }

  #known(locals: Locals): Set<string> {
    return new Set([
      ...locals.fields,
      ...locals.parameters.keys(),
      ...locals.constants.keys(),
      ...locals.kept.keys(),
      ...this.choices.keys(),
      ...this.settings.keys(),
      ...Object.keys(this.facts),
    ]);
  }

  /**
   * A value as in `with` and `set`: a name, `name|table`, a number, true/false, or text in quotes. Where nothing stands
   * after the key, the key is the name.
   */
  value(node: Node, locals: Locals): Evaluate {
    const raw = node.isGiven
      ? node.scalar('a name, name|table, a number, true, false, or "\'text\'"')
      : String(node.key);
    if (raw === undefined) return () => undefined;
    if (typeof raw !== 'string') return () => raw;
    const text = raw.trim();
    if (/^'.*'$|^".*"$|^-?\d+$|^true$|^false$/s.test(text)) {
      const literal = asScalar(text);
      return () => literal;
    }
    const [name = '', table, ...more] = text.split('|').map(part => part.trim());
    if (more.length > 0) node.problem('a value has one table at most', 'name|table');
    const base = this.resolve(name, locals, node);
    return table === undefined ? base : this.lookUp(base, table, node);
  }

  /** The value's word in a table: the exact key, then its family, then `else`. */
  lookUp(value: Evaluate, tableName: string, node: Node, alsoKnown: readonly string[] = []): Evaluate {
    const table = this.tables.get(tableName);
    if (!table) {
      node.unknown('table', tableName, [...this.tables.keys(), ...alsoKnown]);
      return value;
    }
    const { families } = this;
    const find = (one: Value): Value => {
      if (one === undefined) return undefined;
      const key = textOf(one);
      return table.get(key) ?? table.get(families.get(key) ?? '') ?? table.get('else');
    };
    return scope => {
      const found = value(scope);
      return Array.isArray(found) ? found.map(find) : find(found);
    };
  }

  /** A map of name → match, all of which must hold. */
  condition(node: Node, locals: Locals): Holds {
    const entries = node.entries('a map of name: match');
    if (node.isMap && entries.length === 0) node.problem('a condition without a name', '{ name: match }');
    const parts = entries.map(([name, match]) => {
      const value = this.resolve(name, locals, match);
      const matches = readMatch(match);
      this.#checkWords(name, match, locals);
      return (scope: Scope) => matches(value(scope));
    });
    return parts.length === 1 ? parts[0]! : scope => parts.every(part => part(scope));
  }

  /** What a name can be, as far as that is known. */
  typeOf(name: string, locals: Locals): ParameterType | undefined {
    const type = this.parameterOf(name, locals)?.type;
    if (type || locals.fields.has(name) || this.choices.has(name)) return type;
    const words = this.#fact(name)?.words;
    return words && { kind: 'word', words };
  }

  /** The parameter whose value a name stands for: an argument, or a setting. */
  parameterOf(name: string, locals: Locals): Parameter | undefined {
    return locals.parameters.get(name) ?? (locals.kept.get(name) ?? this.settings.get(name))?.parameter;
  }

  /** A word that the name can never be, and nearly is, is a typing mistake. */
  #checkWords(name: string, match: Node, locals: Locals): void {
    const type = this.typeOf(name, locals);
    if (type?.kind !== 'word') return;
    for (const word of wordsIn(match)) {
      if (!type.words.includes(word) && nearest(word, type.words)) match.unknown(`value of ${name}`, word, type.words);
    }
  }
}

function setting({ name, of }: SettingName): Evaluate {
  return scope => scope.environment.setting(name, of, scope.address);
}

function lengthOf(value: Value): Value {
  if (typeof value === 'string' || Array.isArray(value) || Buffer.isBuffer(value)) return value.length;
  if (value !== undefined && typeof value === 'object' && 'text' in value) return textOf((value as Row).text).length;
  return value === undefined ? undefined : textOf(value).length;
}

/** What stands after a file name's last dot, in lower case. */
const extensionOf = (name: string): string => (/\.([^./]*)$/.exec(name)?.[1] ?? '').toLowerCase();
