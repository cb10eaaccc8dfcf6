/** An entry of a grammar as its manual would print it: forms, parameters, needs, the exchange, refusals, URCs. */
import { rawForms } from '../grammar/command-reader.js';
import type { CommandEntry, Dialect, Form, SetForm, Status } from '../grammar/dialect.js';
import { isMap, type Merged, type Raw, withSibling } from '../grammar/document.js';
import type { Parameter } from '../grammar/parameters.js';
import type { Scope } from '../grammar/values.js';
import { conditionText, exchangeLines, refusalsIn, refusalText, type Words } from './notation.js';
import { typeText, valueText } from './parameter-text.js';

export interface CommandManual {
  command: string;
  title: string | undefined;
  ref: string | undefined;
  status: Status;
  assumed: boolean | string;
  /** The grammar that has the entry, or the last change to it. */
  from: string;
  forms: readonly FormManual[];
  /** Refusal word → what is printed. */
  refusals: Readonly<Record<string, string>>;
  /** What the network makes the module say, under this name. */
  urcs: readonly UrcManual[];
}

export interface FormManual {
  form: 'set' | 'read' | 'test' | 'execute';
  /** As it is typed. */
  syntax: string;
  when: string | undefined;
  parameters: readonly ParameterManual[];
  needs: readonly string[];
  exchange: readonly string[];
}

export interface ParameterManual {
  name: string;
  type: string;
  default: string;
  unit: string | undefined;
  title: string | undefined;
  secret: boolean;
}

export interface UrcManual {
  event: string;
  when: string | undefined;
  exchange: readonly string[];
}

/** A dialect loaded, and the document that it was loaded from. */
export interface Source {
  dialect: Dialect;
  merged: Merged;
}

export function commandManual({ dialect, merged }: Source, entry: CommandEntry): CommandManual {
  const commands = mapOf(merged.document.commands);
  const own = mapOf(commands[entry.name]);
  const raw = withSibling(own, commands) ?? own;
  const words: Words = { lines: mapOf(merged.document.lines), errors: mapOf(merged.document.errors) };
  const { name: command, title, ref, status, assumed } = entry;
  return {
    command,
    title,
    ref,
    status,
    assumed,
    from: originOf(merged, entry.name),
    forms: [...setForms(entry, raw, words), ...otherForms(entry, raw, words)],
    refusals: Object.fromEntries(refusalWords(entry, raw).map(word => [word, refusalText(word, words)])),
    urcs: urcsOf(dialect, merged, entry.name, words),
  };
}

const mapOf = (raw: unknown): Raw => (isMap(raw) ? raw : {});

/** The last grammar, from the base up, that says something of this command. */
export function originOf(merged: Merged, command: string): string {
  const layer = [...merged.layers].reverse().find(({ content }) => command in mapOf(content.commands));
  const [section, profile] = layer?.prefix ?? [];
  return section === 'profiles' ? String(profile) : String(layer?.source.document.dialect ?? merged.name);
}

// Forms.

function setForms(entry: CommandEntry, raw: Raw, words: Words): FormManual[] {
  const written = rawForms(raw, []);
  return entry.set.map((form, i) => {
    const { map = {}, item } = written[i] ?? {};
    const exchange = map.exchange ?? (item === undefined ? raw.exchange : undefined);
    return {
      form: 'set',
      syntax: syntaxOf(entry.name, form),
      when: map.when === undefined ? undefined : conditionText(map.when),
      parameters: [...form.parameters.values()].map(parameterManual),
      needs: needLines(map.needs ?? raw.needs, words),
      exchange: exchange === undefined ? keepLines(map, form) : exchangeLines(exchange, words),
    };
  });
}

/** Basic commands have no `=`. */
const syntaxOf = (name: string, { text }: SetForm): string => `AT${name}${/^[+*^$#%]/.test(name) ? '=' : ''}${text}`;

function keepLines(map: Raw, form: SetForm): string[] {
  if (map.query !== undefined && form.keeps.size === 0) return [`<  ${String(map.query)}`, '<  OK'];
  const kept = [...form.keeps.values()].map(setting => setting.name);
  return [...(kept.length > 0 ? [`*  keep ${kept.join(', ')}`] : []), '<  OK'];
}

function otherForms(entry: CommandEntry, raw: Raw, words: Words): FormManual[] {
  const { name } = entry;
  const form = (
    kind: 'read' | 'test' | 'execute',
    syntax: string,
    written: unknown,
    loaded: Form | undefined,
  ): FormManual[] =>
    loaded === undefined
      ? []
      : [
          {
            form: kind,
            syntax,
            when: undefined,
            parameters: [],
            needs: needLines(isMap(written) ? written.needs : undefined, words),
            exchange: written === undefined ? plainLines(loaded) : simpleLines(written, words),
          },
        ];
  const executed = raw.execute ?? (raw.set === undefined ? raw.exchange : undefined);
  const executeNeeds = isMap(executed) && 'needs' in executed ? executed : { needs: raw.needs, exchange: executed };
  return [
    ...form('execute', `AT${name}`, executed === undefined ? undefined : executeNeeds, entry.execute),
    ...form('read', `AT${name}?`, raw.read, entry.read),
    ...form('test', `AT${name}=?`, raw.test, entry.test),
  ];
}

/** A line, lines, steps, or `{ needs, exchange }`; OK follows where no final result is written. */
function simpleLines(written: unknown, words: Words): string[] {
  const steps = isMap(written) && 'exchange' in written ? written.exchange : written;
  if (steps === 'OK') return ['<  OK'];
  if (typeof steps === 'string')
    return [
      ...steps
        .split('\n')
        .filter(Boolean)
        .map(line => `<  ${line}`),
      '<  OK',
    ];
  if (Array.isArray(steps) && steps.every(step => typeof step === 'string' && step !== 'prompt'))
    return [...steps.map(line => `<  ${String(line)}`), '<  OK'];
  const lines = exchangeLines(steps, words);
  return hasFinal(steps) ? lines : [...lines, '<  OK'];
}

function hasFinal(raw: unknown): boolean {
  if (Array.isArray(raw)) return raw.some(hasFinal);
  return isMap(raw) && ('final' in raw || 'error' in raw || Object.values(raw).some(hasFinal));
}

/** What the loader made from the ranges: fixed lines. */
function plainLines({ steps }: Form): string[] {
  const nothing: Scope = {
    fields: {},
    address: {},
    environment: { fact: () => undefined, factList: () => [], setting: () => undefined },
  };
  return steps.flatMap(({ action }) => {
    if (action.kind === 'info') return action.lines.map(line => `<  ${line(nothing)}`);
    return action.kind === 'final' ? [`<  ${action.text(nothing)}`] : [];
  });
}

const parameterManual = ({ name, type, omitted, factory, unit, title, secret }: Parameter): ParameterManual => ({
  name,
  type: typeText(type),
  default: valueText(omitted ?? factory),
  unit,
  title,
  secret,
});

function needLines(raw: unknown, words: Words): string[] {
  const needs = raw === undefined || raw === null ? [] : Array.isArray(raw) ? raw : [raw];
  return needs.filter(isMap).map(({ need, else: refusal = 'failed', when }) => {
    const only = when === undefined ? '' : `when ${conditionText(when)}: `;
    return `${only}${conditionText(need)}, else ${refusalText(String(refusal), words)}`;
  });
}

// Refusals and URCs.

function refusalWords({ set }: CommandEntry, raw: Raw): string[] {
  const ofNeeds = set.flatMap(form => form.needs.map(need => need.refusal));
  const ofParameters = set.flatMap(form => [...form.parameters.values()].flatMap(({ refusal }) => refusal ?? []));
  const ofArguments = set.length > 0 ? ['bad-count', 'bad-type', 'bad-range'] : [];
  return [...new Set([...ofArguments, ...ofParameters, ...ofNeeds, ...refusalsIn(raw), 'failed'])];
}

/** Rules are called by what they print, and some more: `+MSUB direct`. */
function urcsOf({ events }: Dialect, merged: Merged, command: string, words: Words): UrcManual[] {
  const rules = Object.entries(mapOf(merged.document.urcs)).filter(([name]) => name.split(' ')[0] === command);
  return rules.flatMap(([name, raw]) => {
    if (!isMap(raw) || ![...events.values()].flat().some(rule => rule.name === name)) return [];
    const { event, when, title, ref, assumed, status, exchange, ...steps } = raw;
    return [
      {
        event: Array.isArray(event) ? event.join(', ') : String(event),
        when: when === undefined ? undefined : conditionText(when),
        exchange: exchangeLines(exchange ?? steps, words),
      },
    ];
  });
}
