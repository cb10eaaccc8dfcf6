/** What a schema found wrong with a request, as one failure in the house's words: the first mistake, and how many more. */
import type { z } from 'zod';
import { didYouMean } from '../base/nearest.js';
import { ControlFailure } from './failure.js';

/** @throws ControlFailure (bad-request) */
export function checked<T>(schema: z.ZodType<T>, document: unknown): T {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw problemOf(parsed.error.issues[0]!, document, schema, parsed.error.issues.length - 1);
}

function problemOf(issue: z.core.$ZodIssue, document: unknown, schema: z.ZodType, more: number): ControlFailure {
  const also = more > 0 ? ` (and ${more} more)` : '';
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return unknownKey(issue.keys[0]!, schema, also);
  const found = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key],
    document,
  );
  if (place === '') {
    const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
    if (!isObject) return new ControlFailure('bad-request', 'an object is wanted', { found: shown(document) });
    return new ControlFailure('bad-request', `the request cannot be that${also}`, { expected: issue.message });
  }
  if (found === undefined)
    return new ControlFailure('bad-request', `\`${place}\` is missing${also}`, { expected: issue.message });
  const hint = issue.code === 'invalid_value' ? didYouMean(String(found), issue.values.map(String)) : '';
  return new ControlFailure('bad-request', `\`${place}\` cannot be that${also}`, {
    found: /token|secret|password/i.test(place) ? undefined : shown(found),
    expected: issue.message,
    hint: hint || undefined,
  });
}

function unknownKey(key: string, schema: z.ZodType, also: string): ControlFailure {
  const known = Object.keys((schema as { shape?: object }).shape ?? {});
  return new ControlFailure('bad-request', `unknown key \`${key.slice(0, 100)}\`${also}`, {
    expected: known.join(', ') || undefined,
    hint: didYouMean(key, known) || undefined,
  });
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
};
