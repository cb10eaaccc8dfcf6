import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble, dialectNames, merge, withSibling } from '../../../src/grammar/document.js';
import { whoHas } from '../../../src/grammar/who-has.js';
import { libraryOf, sourceOf } from './grammars.js';

describe('merging', () => {
  test.each([
    ['maps merge', { a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { c: 1, d: 2 } }],
    ['scalars replace', { a: 1 }, { a: 2 }, { a: 2 }],
    ['lists replace', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['null removes', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['null of what is not there stays', { b: 2 }, { a: null }, { b: 2, a: null }],
    ['a map replaces a scalar', { a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['a scalar replaces a map', { a: { b: 1 } }, { a: 1 }, { a: 1 }],
  ])('%s', (_, base, change, expected) => {
    expect(merge(base, change)).toEqual(expected);
  });

  const keys = fc.constantFrom('a', 'b', 'c', 'constructor', '__proto__');
  const { document } = fc.letrec<{ document: Record<string, unknown>; value: unknown }>(tie => ({
    document: fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map(entries => Object.fromEntries(entries)),
    value: fc.oneof(
      { maxDepth: 3 },
      fc.integer(),
      fc.constant('x'),
      fc.array(fc.integer(), { maxLength: 2 }),
      tie('document'),
    ),
  }));

  test('its laws: nothing changes nothing, twice is once, and neither side is touched', () => {
    fc.assert(
      fc.property(document, document, (base, change) => {
        const [baseWas, changeWas] = [JSON.stringify(base), JSON.stringify(change)];
        const merged = merge(base, change);
        expect(merge(base, {})).toEqual(base);
        expect(merge({}, base)).toEqual(base);
        expect(merge(base, base)).toEqual(base);
        expect(merge(merged, change)).toEqual(merged);
        expect([JSON.stringify(base), JSON.stringify(change)]).toEqual([baseWas, changeWas]);
      }),
    );
  });

  test('its third law, where a key keeps its kind: two changes at once are the one after the other', () => {
    const { settled } = fc.letrec<{ settled: Record<string, unknown> }>(tie => ({
      settled: fc.record(
        {
          scalar: fc.integer(),
          list: fc.array(fc.integer()),
          map: fc.oneof({ maxDepth: 3 }, fc.constant({}), tie('settled')),
        },
        { requiredKeys: [] },
      ),
    }));
    fc.assert(
      fc.property(settled, settled, settled, (a, b, c) => {
        expect(merge(merge(a, b), c)).toEqual(merge(a, merge(b, c)));
      }),
    );
  });
});

const base = sourceOf(`
dialect: base
style: { echo: all, prompt: ">" }
commands: { '+A': { set: <a> }, '+B': { set: <b>, title: kept } }
`);
const child = sourceOf(`
dialect: child
extends: base
style: { echo: line }
commands: { '+A': ~, '+C': { set: <c> } }
profiles:
  plain: { title: Plain }
  other: { base: plain, style: { prompt: "> " }, commands: { '+C': ~ } }
`);
const grandchild = sourceOf('{ dialect: grandchild, extends: other, title: mine }');
const library = libraryOf({ base, child, grandchild });

describe('assembling', () => {
  test('a child changes its base', () => {
    expect(assemble('child', library)).toMatchObject({
      family: 'child',
      document: {
        style: { echo: 'line', prompt: '>' },
        commands: { '+B': { set: '<b>', title: 'kept' }, '+C': { set: '<c>' } },
      },
    });
    expect(Object.keys(assemble('child', library).document.commands as object)).toEqual(['+B', '+C']);
  });

  test('a profile changes its file, after the profile it builds on', () => {
    const { document, family, layers } = assemble('other', library);
    expect(document).toMatchObject({ title: 'Plain', style: { echo: 'line', prompt: '> ' } });
    expect(Object.keys(document.commands as object)).toEqual(['+B']);
    expect(family).toBe('child');
    expect(layers.map(({ prefix }) => prefix.join('.'))).toEqual(['', '', 'profiles.plain', 'profiles.other']);
  });

  test('a dialect may extend a profile of another', () => {
    expect(assemble('grandchild', library).document).toMatchObject({ title: 'mine', style: { prompt: '> ' } });
  });

  test('names of all that can be chosen, and who has a command', () => {
    expect(dialectNames(library)).toEqual(['base', 'child', 'plain', 'other', 'grandchild']);
    expect(whoHas('+b', library, 'child')).toEqual(['base', 'grandchild']);
    expect(whoHas('+C', library, '')).toEqual(['child']);
    expect(whoHas('+A', libraryOf({ only: base }), '')).toEqual(['only']);
  });
});

describe('like', () => {
  const commands = {
    '+A': { title: 'A', ref: '1', test: 'T', set: '<a>', fixed: { x: 1 } },
    '+B': { like: '+A', title: 'B', fixed: { x: 2 } },
    '+C': { like: '+B', set: '<c>' },
    '+D': { like: '+E' },
    '+E': { like: '+D' },
  };

  test('takes over what the sibling says, but for its title and test', () => {
    expect(withSibling(commands['+B'], commands)).toEqual({ ref: '1', set: '<a>', title: 'B', fixed: { x: 2 } });
    expect(withSibling(commands['+C'], commands)).toEqual({ ref: '1', set: '<c>', fixed: { x: 2 } });
    expect(withSibling(commands['+A'], commands)).toEqual(commands['+A']);
  });

  test('a sibling that is not there, or goes round in a circle, is none', () => {
    expect(withSibling({ like: '+X' }, commands)).toBeUndefined();
    expect(withSibling(commands['+D'], commands)).toBeUndefined();
  });
});
