/** The header of a transcript: `key: value` lines, each key with its own reader. */
import { didYouMean } from '../base/nearest.js';
import { bytesFromEscapes } from './escapes.js';
import { from, hint, refuse, type Span, slice, trimmed } from './mistakes.js';
import { routeFrom } from './routes.js';
import { brokerNames, powerPolicies, simStates, type TranscriptHeader } from './transcript.js';

interface Key {
  repeatable?: true;
  read(value: Span): Partial<TranscriptHeader>;
}

const keys: Readonly<Record<string, Key>> = {
  dialect: { read: value => ({ dialect: value.text }) },
  name: { read: value => ({ name: value.text }) },
  date: { read: value => ({ date: dateFrom(value) }) },
  given: { read: value => ({ given: value.text }) },
  set: { repeatable: true, read: value => ({ settings: [settingFrom(value)] }) },
  route: { repeatable: true, read: value => ({ routes: [routeFrom(value)] }) },
  file: { repeatable: true, read: value => ({ files: [fileFrom(value)] }) },
  ap: { repeatable: true, read: value => ({ accessPoints: [accessPointFrom(value)] }) },
  sim: { read: value => ({ sim: oneOf(value, simStates) }) },
  power: { read: value => ({ power: oneOf(value, powerPolicies) }) },
  echo: { read: value => ({ echo: oneOf(value, ['on', 'off']) }) },
  end: { read: value => ({ end: bytesFromEscapes(value) }) },
  timing: { read: value => ({ timing: oneOf(value, ['instant', 'real']) }) },
  secrets: { read: value => ({ secrets: oneOf(value, ['masked']) }) },
  brokers: { read: value => ({ brokers: brokersFrom(value) }) },
};

/** @param lines the header's lines in order, without blanks and comments */
export function parseHeader(lines: readonly Span[]): TranscriptHeader {
  let header: TranscriptHeader = { settings: [], routes: [], files: [], accessPoints: [] };
  const seen = new Set<string>();
  for (const line of lines) {
    const { name, key, value } = keyAndValue(line);
    if (seen.has(name.text) && !key.repeatable) refuse(name, 'this key already stands above');
    seen.add(name.text);
    header = withPart(header, key.read(value));
  }
  return header;
}

function withPart(header: TranscriptHeader, part: Partial<TranscriptHeader>): TranscriptHeader {
  return {
    ...header,
    ...part,
    settings: [...header.settings, ...(part.settings ?? [])],
    routes: [...header.routes, ...(part.routes ?? [])],
    files: [...header.files, ...(part.files ?? [])],
    accessPoints: [...header.accessPoints, ...(part.accessPoints ?? [])],
  };
}

function keyAndValue(line: Span): { name: Span; key: Key; value: Span } {
  const colon = line.text.indexOf(':');
  if (colon < 0) refuseLine(line);
  const name = trimmed(slice(line, 0, colon));
  const value = trimmed(from(line, colon + 1));
  const key = Object.hasOwn(keys, name.text) ? keys[name.text] : undefined;
  if (key === undefined) refuseLine(name);
  if (value.text === '') refuse(value, `\`${name.text}:\` says nothing`, { expected: 'a value after the colon' });
  return { name, key, value };
}

function refuseLine(span: Span): never {
  const isItem = /^([0-9]?p?[<>]|b[<>]|~|!)/.test(span.text);
  refuse(span, isItem ? 'the dialogue begins inside the header' : 'no such header key', {
    expected: `one of ${Object.keys(keys).join(', ')}`,
    ...(isItem
      ? { hint: 'Put a blank line between the header and the dialogue.' }
      : hint(didYouMean(span.text, Object.keys(keys)))),
  });
}

function oneOf<const Word extends string>(value: Span, words: readonly Word[]): Word {
  const word = words.find(known => known === value.text);
  if (word !== undefined) return word;
  return refuse(value, 'no such value', {
    expected: `one of ${words.join(', ')}`,
    ...hint(didYouMean(value.text, words)),
  });
}

function dateFrom(span: Span): number {
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(span.text);
  const date = isDate ? Date.parse(span.text) : Number.NaN;
  return Number.isNaN(date) ? refuse(span, 'no date', { expected: 'UTC, such as 2026-01-31T12:00:00Z' }) : date;
}

function nameAndValue(span: Span, expected: string): [string, string] {
  const equals = span.text.indexOf('=');
  if (equals < 1) refuse(span, 'a name, `=` and a value are wanted', { expected });
  return [span.text.slice(0, equals).trimEnd(), span.text.slice(equals + 1).trimStart()];
}

function settingFrom(span: Span) {
  const [name, value] = nameAndValue(span, 'NAME=VALUE, such as `urc-port=all`');
  return { name, value };
}

function fileFrom(span: Span) {
  const [name, path] = nameAndValue(span, 'NAME=PATH, such as `ca=test/fixtures/certs/ca.pem`');
  if (path === '') refuse(span, 'this file has no path', { expected: 'a path relative to the repository' });
  return { name, path };
}

function accessPointFrom({ text }: Span) {
  const comma = text.indexOf(',');
  return comma < 0 ? { ssid: text } : { ssid: text.slice(0, comma), password: text.slice(comma + 1) };
}

function brokersFrom(span: Span) {
  const words = span.text.matchAll(/[^\s,]+/g);
  return [...words].map(word => oneOf(slice(span, word.index, word.index + word[0].length), brokerNames));
}
