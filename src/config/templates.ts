/**
 * Many modems alike from one entry of a config: `count` of them, numbered from 1. In every text of the entry `{n}` is the
 * number, and `{2300+n}` the number on top of 2300. Pure.
 */
import { isMap } from '../grammar/document.js';

export const mostAlike = 10_000;

const placeholder = /\{(?:(\d{1,6})\+)?n\}/g;

export const hasPlaceholder = (text: string): boolean => text.search(placeholder) >= 0;

/** The entry for modem `n`. Keys stay as they are. */
export function numbered<T>(entry: T, n: number): T {
  return fill(entry, n) as T;
}

function fill(value: unknown, n: number): unknown {
  if (typeof value === 'string') return value.replace(placeholder, (_, base = '0') => String(Number(base) + n));
  if (Array.isArray(value)) return value.map(each => fill(each, n));
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner, n)]));
}
