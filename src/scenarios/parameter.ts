/** One value of a request for a fault: what its kind takes, as a number or as text, and its bounds. Pure. */
import { escapeForms, readEscapes } from '../base/escapes.js';
import { parseDuration } from '../grammar/times.js';
import type { ParameterSpec } from './catalogue.js';

export type ReadValue = { value: unknown } | { expected: string };

/** @param raw undefined: left out, which is a value of its own */
export function readParameter(parameter: ParameterSpec, raw: unknown): ReadValue {
  if (raw === undefined) return { value: undefined };
  const value = valueFrom(parameter, raw);
  return value === undefined || !isWithin(parameter, value) ? { expected: expectedOf(parameter) } : { value };
}

/** Undefined where it is of another kind. */
function valueFrom(
  { kind, words, fraction, most = 0 }: ParameterSpec,
  raw: unknown,
): string | number | boolean | undefined {
  switch (kind) {
    case 'number': {
      const isNumber = typeof raw === 'number' || (typeof raw === 'string' && /^\d{1,15}(?:\.\d{1,9})?$/.test(raw));
      const number = isNumber ? Number(raw) : Number.NaN;
      return Number.isInteger(number) || (fraction && Number.isFinite(number)) ? number : undefined;
    }
    case 'duration':
      return typeof raw === 'number' && Number.isFinite(raw) ? raw : parseDuration(raw);
    case 'word':
      return words?.find(word => word === raw);
    case 'flag':
      return { true: true, false: false }[String(raw)];
    case 'text':
      return typeof raw === 'string' ? raw : undefined;
    case 'bytes': {
      // Before it is read: four characters at most are a byte.
      const read = typeof raw === 'string' && raw.length <= 4 * most ? readEscapes(raw) : undefined;
      return read && 'bytes' in read ? read.bytes : undefined;
    }
  }
}

function isWithin({ kind, least = 0, most = 0, also }: ParameterSpec, value: unknown): boolean {
  if (kind === 'word' || kind === 'flag') return true;
  const size = typeof value === 'string' ? value.length : Number(value);
  return (size >= least && size <= most) || size === also;
}

/** In words: what may stand here. */
export function expectedOf({ kind, words, least, most, also, fraction }: ParameterSpec): string {
  switch (kind) {
    case 'number':
      return `a ${fraction ? '' : 'whole '}number from ${least} to ${most}${also === undefined ? '' : `, or ${also}`}`;
    case 'duration':
      return `a time from ${durationText(least)} to ${durationText(most)}, such as 500ms, 2s or 5m; a number is ms`;
    case 'word':
      return (words ?? []).join(', ');
    case 'flag':
      return 'true or false';
    case 'text':
      return `a text of ${least} to ${most} characters`;
    case 'bytes':
      return `${least} to ${most} bytes, as text with ${escapeForms}`;
  }
}

function durationText(ms = 0): string {
  if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
