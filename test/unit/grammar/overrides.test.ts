import { describe, expect, test } from 'vitest';
import { dialectOf } from './grammars.js';

const text = `
settings:
  reply: { word: SHUT OK|OK, default: SHUT OK }
  limit: { range: 1..4100, default: 4100 }
state:
  seen: { list: 4 }
commands:
  '+CMEE': { set: '[<n>]', parameters: { n: { range: 0..2, omitted: 0, factory: 0 } }, keep: profile }
  '+CFG': { set: '<"id">,<"key">', parameters: { id: text 1..8, key: { bytes: 0..8, decode: CMEE|codec } }, keep: run }
tables: { codec: { 0: text, 1: hex } }
`;

const factory = (overrides: Record<string, string | number | boolean>, name: string) =>
  dialectOf(text, { overrides }).settings.get(name)?.factory;

describe('--set', () => {
  test.each([
    ['reply', 'OK', 'OK'],
    ['reply', 'ok', 'OK'],
    ['limit', 2348, 2348],
    ['limit', '2348', 2348],
    ['CMEE', 2, 2],
    ['CFG.id', 'abc', 'abc'],
    ['CFG.key', '3132', '3132'],
  ])('%s=%s', (name, value, expected) => {
    expect(factory({ [name]: value }, name)).toBe(expected);
    expect(factory({}, name)).not.toBe(expected);
  });

  test('style.KEY', () => {
    const { style } = dialectOf(text, { overrides: { 'style.echo': 'all', 'style.line-limit': '64' } });
    expect(style).toMatchObject({ echo: 'all', lineLimit: 64, framing: 'v250' });
  });

  test.each([
    [{ repy: 'OK' }, 'test has no setting `repy`', 'Did you mean `reply`?'],
    [{ 'style.ecko': 'all' }, 'test has no setting `style.ecko`', 'Did you mean `style.echo`?'],
    [{ limit: 5000 }, 'the setting `limit` cannot be that', 'expected: 1..4100'],
    [{ limit: 'many' }, 'the setting `limit` cannot be that', 'found:    many'],
    [{ reply: 'YES' }, 'the setting `reply` cannot be that', 'expected: SHUT OK, OK'],
    [{ 'CFG.id': 'too long for it' }, 'the setting `CFG.id` cannot be that', 'expected: text of 1..8 bytes'],
    [{ CFG: 'x' }, 'the setting `CFG` cannot be set from outside', 'from outside'],
    [{ seen: 'x' }, 'the setting `seen` cannot be set from outside', 'from outside'],
    [{ 'style.echo': 'lin' }, 'the setting `style.echo` cannot be that', 'did you mean `line`?'],
    [{ 'style.line-limit': 'x' }, 'the setting `style.line-limit` cannot be that', 'a whole number from 1 to 1048576'],
  ])('%j is refused', (overrides, summary, also) => {
    const load = () => dialectOf(text, { overrides: overrides as never });
    expect(load).toThrow(summary);
    expect(load).toThrow(also);
  });
});
