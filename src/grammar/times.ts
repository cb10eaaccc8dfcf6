/** Times in a grammar: `500ms`, `5s`, `2m`, or the value of a parameter or setting. */
import type { Locals, Names } from './names.js';
import type { Node } from './node.js';
import type { Evaluate } from './values.js';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Milliseconds; undefined where the text is no time. */
export function parseDuration(raw: unknown): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)\s*(ms|s|m)$/.exec(String(raw)) ?? [];
  return amount === undefined ? undefined : Number(amount) * units[unit]!;
}

export function readDuration(node: Node): number {
  const ms = parseDuration(node.raw);
  if (ms === undefined) node.problem('not a time', '500ms, 5s or 2m');
  return ms ?? 0;
}

/** Undefined where nothing stands. A parameter's unit (seconds unless it says `ms`, `100ms` …) makes its value milliseconds. */
export function readTime(node: Node, locals: Locals, names: Names): Evaluate | undefined {
  if (!node.isGiven) return undefined;
  if (typeof node.raw !== 'string' || /^\d/.test(node.raw)) {
    const fixed = readDuration(node);
    return () => fixed;
  }
  const value = names.value(node, locals);
  const factor = unitOf(names.parameterOf(node.raw, locals)?.unit);
  return scope => {
    const n = value(scope);
    return typeof n === 'number' ? n * factor : undefined;
  };
}

/** Milliseconds of one: `unit` is for people too, and may be anything. */
const unitOf = (unit = 's'): number => units[unit] ?? parseDuration(unit) ?? units.s!;
