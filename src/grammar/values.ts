/** What names stand for while an exchange runs, and where they are looked up. Pure: the modem brings the environment. */
import type { Address, AddressKind } from './vocabulary.js';

export type Row = { readonly [field: string]: Value };
export type Value = string | number | boolean | undefined | Buffer | readonly Value[] | Row;

/** An entry of a list: the fields it brings and the address it makes the current one. */
export interface Entry {
  fields: Row;
  address?: Address;
}

/** What a running exchange can see of its modem. */
export interface Environment {
  fact(name: string, address: Address): Value;
  factList(name: string, address: Address): readonly Entry[];
  setting(name: string, of: AddressKind | undefined, address: Address): Value;
}

/** The names in force at one moment. `fields` is written by operations' results as the exchange goes on. */
export interface Scope {
  readonly fields: Record<string, Value>;
  readonly address: Address;
  readonly environment: Environment;
}

/**
 * Fields to which names will be added. Each name added to an ordinary object makes V8 a new shape of it, which takes eight
 * times as long as the lookup table that an object without a prototype is. And no name is there that nobody put in.
 */
export const fieldsOf = (...rows: readonly Row[]): Record<string, Value> => Object.assign(Object.create(null), ...rows);

export type Evaluate = (scope: Scope) => Value;
export type Render = (scope: Scope) => string;
export type Holds = (scope: Scope) => boolean;

export const isAbsent = (value: Value): boolean => value === undefined;

/** How a value stands in a line: absent is nothing, true is `true`. */
export function textOf(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Buffer.isBuffer(value)) return value.toString('latin1');
  if (Array.isArray(value)) return value.map(textOf).join(',');
  return String(value);
}

/** Does a list, a text or a number hold anything? What `some` and `none` ask. */
export function holdsSome(value: Value): boolean {
  if (value === undefined || value === false || value === 0 || value === '' || value === 'none') return false;
  return Array.isArray(value) ? value.length > 0 : true;
}
