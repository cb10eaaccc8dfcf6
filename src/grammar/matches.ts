/** Matches: what a condition asks of a value. `a|b`, `0..4`, `given`, `omitted`, `some`, `none`, `true`, `false`. Pure. */
import type { Node } from './node.js';
import { inSpans, parseSpans } from './spans.js';
import { holdsSome, isAbsent, textOf, type Value } from './values.js';

export type Match = (value: Value) => boolean;

const asked: Readonly<Record<string, Match>> = {
  given: value => !isAbsent(value),
  omitted: isAbsent,
  some: holdsSome,
  none: value => !holdsSome(value),
};

export function readMatch(node: Node): Match {
  const { raw } = node;
  if (typeof raw === 'boolean') return value => (value === true || value === 1) === raw;
  if (typeof raw === 'string' && Object.hasOwn(asked, raw)) return asked[raw]!;
  if (node.isScalar) return matchAny(alternatives(raw));
  node.problem('not a match', 'a value, a|b, 0..4, given, omitted, some, none, true, false');
  return () => false;
}

/** The values and ranges between the bars. */
const alternatives = (raw: unknown): string[] =>
  String(raw)
    .split('|')
    .map(part => part.trim());

/** The words of a match that are compared as they stand. */
export function wordsIn(node: Node): string[] {
  if (typeof node.raw !== 'string' || Object.hasOwn(asked, node.raw)) return [];
  return alternatives(node.raw).filter(part => part !== '' && parseSpans(part) === undefined);
}

function matchAny(parts: readonly string[]): Match {
  const words = new Set(parts);
  const spans = parts.flatMap(part => parseSpans(part) ?? []);
  return value => {
    if (isAbsent(value)) return false;
    const text = textOf(value);
    return words.has(text) || (/^-?\d+$/.test(text) && inSpans(Number(text), spans));
  };
}
