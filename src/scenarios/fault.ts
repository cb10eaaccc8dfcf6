/**
 * From a request for a fault, as YAML, JSON or a command line have it, to a fault whose every value is checked. What is wrong
 * with one is told with the nearest right word.
 */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import type { Dialect } from '../grammar/dialect.js';
import { type FaultName, type FaultSpec, faultCatalogue, type faults, type ParameterSpec } from './catalogue.js';
import { readParameter } from './parameter.js';
import type { PointKind } from './points.js';

/** `{ fault: 'at.late', by: '2s', command: '+MPUB', nth: 3 }` */
export type FaultRequest = { fault: string } & Record<string, unknown>;

type ValueOf<Parameter> = Parameter extends { kind: 'number' | 'duration' }
  ? number
  : Parameter extends { kind: 'flag' }
    ? boolean
    : Parameter extends { kind: 'word'; words: readonly (infer Word)[] }
      ? Word
      : string;

type Given<Parameter> = Parameter extends { default: unknown } | { required: true }
  ? ValueOf<Parameter>
  : ValueOf<Parameter> | undefined;

/** Of the fault of that name: numbers, durations in ms, bytes as they are. */
export type Values<Name extends FaultName> = {
  readonly [Key in keyof (typeof faults)[Name]['parameters']]: Given<(typeof faults)[Name]['parameters'][Key]>;
};

/** When and whom it strikes, as far as its kind has that. */
export interface Conditions {
  command?: string;
  host?: string;
  port?: number;
  nth?: number;
  at?: number;
  rate?: number;
  count?: number;
  /** Milliseconds. */
  for?: number;
}

interface Checked<Name extends FaultName> {
  name: Name;
  spec: FaultSpec;
  values: Values<Name>;
  when: Conditions;
  /** As it was asked for, for people: `at.late command=+MPUB by=2s`. */
  text: string;
}

export type Fault = { [Name in FaultName]: Checked<Name> }[FaultName];

const catalogue: ReadonlyMap<string, FaultSpec> = new Map(faultCatalogue.map(spec => [spec.name, spec]));

/** @param raw a map with `fault`, or a text as `readFaultText` takes @throws OperatorError (config) */
export function checkFault(raw: unknown): Fault {
  const { fault: name, ...given } = requestFrom(raw);
  const spec = catalogue.get(name) ?? refuseName(name);
  const unknown = Object.keys(given).find(key => !(key in spec.parameters));
  if (unknown !== undefined) refuseParameter(spec, unknown);
  const values = Object.fromEntries(
    Object.entries(spec.parameters).map(([key, parameter]) => [key, readValue(spec, key, parameter, given[key])]),
  );
  const text = [name, ...Object.entries(given).map(([key, value]) => `${key}=${value}`)].join(' ');
  const fault = { name: spec.name, spec, values, when: conditionsOf(spec, values), text } as unknown as Fault;
  checkTogether(fault);
  return fault;
}

/**
 * `at.late,command=+MPUB,by=2s`. A separator counts only in front of `key=`: a text may hold more of them.
 * @throws OperatorError (config)
 */
export function readFaultText(text: string, separator: ',' | ' ' = ','): FaultRequest {
  const [name = '', ...pairs] = text.trim().split(separator === ',' ? /,(?=[a-z]+=)/ : / +(?=[a-z]+=)/);
  if (name.includes(separator)) {
    throw new OperatorError('config', 'what stands behind a fault is KEY=VALUE', {
      found: text,
      expected: `NAME${separator}KEY=VALUE${separator}…, such as \`at.late${separator}command=+CSQ${separator}by=2s\``,
    });
  }
  return { ...Object.fromEntries(pairs.map(pairFrom)), fault: name };
}

function pairFrom(pair: string): [string, string] {
  const equals = pair.indexOf('=');
  return [pair.slice(0, equals), pair.slice(equals + 1)];
}

function requestFrom(raw: unknown): FaultRequest {
  if (typeof raw === 'string') return readFaultText(raw);
  const isMap = typeof raw === 'object' && raw !== null && !Array.isArray(raw);
  if (isMap && typeof (raw as Record<string, unknown>).fault === 'string') return raw as FaultRequest;
  throw new OperatorError('config', 'not a fault', {
    found: shown(raw),
    expected: 'a map such as { fault: at.late, command: +CSQ, by: 2s }',
  });
}

function readValue({ name }: FaultSpec, key: string, parameter: ParameterSpec, raw: unknown): unknown {
  if (raw === undefined && parameter.required)
    throw new OperatorError('config', `${name} needs \`${key}\``, { expected: parameter.title });
  const read = readParameter(parameter, raw ?? parameter.default);
  if ('value' in read) return read.value;
  throw new OperatorError('config', `\`${key}\` of ${name} cannot be that`, {
    found: shown(raw),
    expected: read.expected,
    hint: parameter.words ? didYouMean(String(raw), parameter.words) || undefined : undefined,
  });
}

const keysOfConditions = ['host', 'port', 'nth', 'at', 'rate', 'count', 'for'] as const;

function conditionsOf(spec: FaultSpec, values: Record<string, unknown>): Conditions {
  const when: Conditions = Object.fromEntries(
    keysOfConditions.filter(key => values[key] !== undefined).map(key => [key, values[key]]),
  );
  if (typeof values.command === 'string') when.command = commandName(values.command);
  const isOpen = when.count === undefined && when.for === undefined && when.rate === undefined;
  return spec.lasts === 'once' && isOpen ? { ...when, count: 1 } : when;
}

/** @throws OperatorError (config): it waits for a command that the dialect lacks */
export function checkDialect({ name, when: { command } }: Fault, dialect: Pick<Dialect, 'name' | 'commands'>): void {
  if (command === undefined || command === 'AT' || dialect.commands.has(command)) return;
  throw new OperatorError('config', `${name} waits for a command that ${dialect.name} lacks`, {
    found: command,
    expected: `a command of \`atmodem explain --dialect ${dialect.name}\`, or AT`,
    hint: didYouMean(command, dialect.commands.keys()) || undefined,
  });
}

/** Where this one can strike: those of its kind, in its direction and place. */
export function pointsOf({ spec, values }: Fault): readonly PointKind[] {
  const { place, direction } = values as { place?: string; direction?: string };
  const only = place ?? (direction === 'both' ? undefined : direction);
  return only === undefined ? spec.points : spec.points.filter(point => point.endsWith(`.${only}`));
}

/** As the modem has it: `AT+csq` is `+CSQ`. */
export const commandName = (typed: string): string => typed.toUpperCase().replace(/^AT(?=.)/, '');

function checkTogether({ name, values, when }: Fault): void {
  if (when.nth !== undefined && when.at !== undefined)
    refuseTogether(name, '`nth` and `at`', 'one of them: `nth` counts from now on, `at` from the start of the run');
  if (name === 'at.urc' && values.place === 'echo' && when.command !== undefined)
    refuseTogether(
      name,
      '`command`, and the echo',
      'no `command`: while a line is echoed nobody knows what it will be',
    );
}

function refuseTogether(name: FaultName, found: string, expected: string): never {
  throw new OperatorError('config', `${name} cannot have both`, { found, expected });
}

function refuseName(name: string): never {
  const names = [...catalogue.keys()];
  throw new OperatorError('config', 'no such fault', {
    found: shown(name),
    expected: names.join(', '),
    hint: didYouMean(name, names) || undefined,
  });
}

function refuseParameter({ name, parameters }: FaultSpec, key: string): never {
  const known = Object.keys(parameters);
  throw new OperatorError('config', `${name} takes no \`${key}\``, {
    found: key,
    expected: known.join(', '),
    hint: didYouMean(key, known) || undefined,
  });
}

const longestShown = 100;

/** What was found may be a gigabyte. */
function shown(raw: unknown): string {
  const text = typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? String(raw));
  return text.length > longestShown ? `${text.slice(0, longestShown)}… (${text.length} characters)` : text;
}
