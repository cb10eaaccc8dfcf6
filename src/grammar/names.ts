/**
 * Names: what stands behind a word of a grammar, found once, when the file is loaded. The order is: a field, a parameter
 * or constant, a choice, a setting, a fact. A name that is nothing is a problem, with the nearest right word.
 */
import { utf8FromBytes } from '../base/bytes.js';
import { isMap } from './document.js';
import { asScalar, inSpan, type Parameter, readSpans, type Span } from './parameters.js';
import type { Path, Problems } from './problems.js';
import { type Evaluate, type Holds, holdsSome, isAbsent, type Row, textOf, type Value } from './values.js';
import type { AddressKind, FactSpec } from './vocabulary.js';

/** A value that outlives its command, as far as names need it. */
export interface SettingName {
  name: string;
  of: AddressKind | undefined;
  /** For a list: the fields of its entries. */
  list: readonly string[] | undefined;
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

export class Names {
  readonly settings = new Map<string, SettingName>();
  readonly choices = new Map<string, Evaluate>();
  readonly tables = new Map<string, ReadonlyMap<string, Value>>();
  readonly lines = new Map<string, string>();

  constructor(
    readonly facts: Readonly<Record<string, FactSpec>>,
    /** Outcome word → its family, for tables: `ok` or `failed`. */
    readonly families: ReadonlyMap<string, 'ok' | 'failed'>,
    readonly problems: Problems,
  ) {}

  /** A bare name. */
  resolve(name: string, locals: Locals, path: Path): Evaluate {
    const found = this.#find(name, locals);
    if (found) return found;
    this.problems.unknown(path, 'name', name, this.#known(locals));
    return () => undefined;
  }

  has(name: string, locals: Locals): boolean {
    return this.#find(name, locals) !== undefined;
  }

  #find(name: string, locals: Locals): Evaluate | undefined {
    const parameter = locals.parameters.get(name);
    if (parameter?.is) {
      const { is } = parameter;
      return scope => scope.address[is] ?? scope.fields[name];
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
    const fact = this.facts[name];
    if (fact?.list) return scope => scope.environment.factList(name, scope.address).map(entry => entry.fields);
    return fact && (scope => scope.environment.fact(name, scope.address));
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
    if (['host', 'port', 'scheme', 'text'].includes(part)) return scope => (whole(scope) as Row | undefined)?.[part];
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

  /** A value as in `with` and `set`: a name, `name|table`, a number, true/false, or text in quotes. */
  value(raw: unknown, locals: Locals, path: Path): Evaluate {
    if (typeof raw === 'number' || typeof raw === 'boolean') return () => raw;
    if (typeof raw !== 'string') {
      this.problems.add(path, 'not a value', {
        found: JSON.stringify(raw),
        expected: 'a name, name|table, a number, true, false, or "\'text\'"',
      });
      return () => undefined;
    }
    const quoted = /^'(.*)'$|^"(.*)"$/s.exec(raw.trim());
    if (quoted) {
      const text = quoted[1] ?? quoted[2] ?? '';
      return () => text;
    }
    if (/^-?\d+$|^true$|^false$/.test(raw.trim())) {
      const literal = asScalar(raw);
      return () => literal;
    }
    const [name = '', table] = raw.split('|').map(part => part.trim());
    const base = this.resolve(name, locals, path);
    return table === undefined ? base : this.lookUp(base, table, path);
  }

  /** The value's word in a table: the exact key, then its family, then `else`. */
  lookUp(value: Evaluate, tableName: string, path: Path): Evaluate {
    const table = this.tables.get(tableName);
    if (!table) {
      this.problems.unknown(path, 'table', tableName, this.tables.keys());
      return value;
    }
    const { families } = this;
    const find = (one: Value): Value => {
      const key = textOf(one);
      if (one === undefined) return undefined;
      return table.get(key) ?? table.get(families.get(key) ?? '') ?? table.get('else');
    };
    return scope => {
      const found = value(scope);
      return Array.isArray(found) ? found.map(find) : find(found);
    };
  }

  /** A map of name → match, all of which must hold. */
  condition(raw: unknown, locals: Locals, path: Path): Holds {
    if (!isMap(raw)) {
      this.problems.add(path, 'a condition is a map of name: match', { found: JSON.stringify(raw) });
      return () => false;
    }
    const parts = Object.entries(raw).map(([name, match]) => {
      const value = this.resolve(name, locals, [...path, name]);
      const matches = readMatch(match, [...path, name], this.problems);
      return (scope: Parameters<Holds>[0]) => matches(value(scope));
    });
    return parts.length === 1 ? parts[0]! : scope => parts.every(part => part(scope));
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

/** A match: a value, `a|b`, `0..4`, `given`, `omitted`, `some`, `none`, true, false. */
export function readMatch(raw: unknown, path: Path, problems: Problems): (value: Value) => boolean {
  if (raw === 'given') return value => !isAbsent(value);
  if (raw === 'omitted') return isAbsent;
  if (raw === 'some') return holdsSome;
  if (raw === 'none') return value => !holdsSome(value);
  if (typeof raw === 'boolean') return value => (value === true || value === 1) === raw;
  if (typeof raw !== 'string' && typeof raw !== 'number') {
    problems.add(path, 'not a match', {
      found: JSON.stringify(raw),
      expected: 'a value, a|b, 0..4, given, omitted, some, none, true, false',
    });
    return () => false;
  }
  const alternatives = String(raw)
    .split('|')
    .map(part => part.trim());
  const spans: Span[] = alternatives
    .filter(part => /^-?\d+(\.\.(-?\d+)?)?$/.test(part))
    .flatMap(part => readSpans(part, path, problems));
  const words = new Set(alternatives);
  return value => {
    if (value === undefined) return false;
    if (words.has(textOf(value))) return true;
    const n =
      typeof value === 'number'
        ? value
        : typeof value === 'string' && /^-?\d+$/.test(value)
          ? Number(value)
          : undefined;
    return n !== undefined && spans.some(span => inSpan(n, span));
  };
}
