import { describe, expect, test } from 'vitest';
import { type Locals, Names, noLocals } from '../../../src/grammar/names.js';
import { Node } from '../../../src/grammar/node.js';
import { readParameter } from '../../../src/grammar/parameter-reader.js';
import { Problems } from '../../../src/grammar/problems.js';
import type { Scope, Value } from '../../../src/grammar/values.js';

const facts = {
  fact: { title: 'a fact' },
  'some.state': { title: 'words', words: ['idle', 'up', 'lost'] },
  rows: { title: 'a list', list: ['x'] },
};

interface World {
  locals?: Partial<Locals>;
  fields?: Record<string, Value>;
  address?: Scope['address'];
}

function names() {
  const problems = new Problems();
  const made = new Names(facts, new Map([['refused', 'failed']]), new Set(['failed']));
  for (const name of ['setting', 'both'])
    made.settings.set(name, { name, of: undefined, list: undefined, parameter: undefined });
  made.choices.set('choice', () => 'chosen');
  made.tables.set('table', new Map([['1', 'one']]));
  return { made, problems };
}

const scopeOf = ({ fields = {}, address = {} }: World): Scope => ({
  fields,
  address,
  environment: {
    fact: name => `fact ${name}`,
    factList: () => [{ fields: { x: 1 } }, { fields: { x: 2 } }],
    setting: name => `kept ${name}`,
  },
});

function read(raw: unknown, world: World = {}) {
  const { made, problems } = names();
  const evaluate = made.value(new Node({ key: raw }, problems).get('key'), { ...noLocals, ...world.locals });
  return { value: evaluate(scopeOf(world)), problems: problems.all.map(({ summary }) => summary) };
}

const argument = readParameter('p', new Node('0..9', new Problems()), names().made);

describe('what a name stands for', () => {
  test.each<[string, unknown, World, Value]>([
    ['a number', 5, {}, 5],
    ['a number as text', '5', {}, 5],
    ['true', true, {}, true],
    ['text in quotes within quotes', "'tcp'", {}, 'tcp'],
    ['a fact', 'fact', {}, 'fact fact'],
    ['a list of facts', 'rows', {}, [{ x: 1 }, { x: 2 }]],
    ['a setting', 'setting', {}, 'kept setting'],
    ['a choice', 'choice', {}, 'chosen'],
    ['a constant', 'c', { locals: { constants: new Map([['c', 'fixed']]) } }, 'fixed'],
    ['a field', 'f', { locals: { fields: new Set(['f']) }, fields: { f: 'typed' } }, 'typed'],
    ['a field not there yet', 'f', { locals: { fields: new Set(['f']) } }, undefined],
    ['a field before a setting', 'both', { locals: { fields: new Set(['both']) }, fields: { both: 'field' } }, 'field'],
    ['the setting where the field is not there', 'both', { locals: { fields: new Set(['both']) } }, 'kept both'],
    [
      'an argument before a setting',
      'both',
      { locals: { parameters: new Map([['both', argument]]) }, fields: { both: 2 } },
      2,
    ],
    [
      'the address before the argument',
      'id',
      {
        locals: { parameters: new Map([['id', { ...argument, is: 'client' }]]) },
        fields: { id: 1 },
        address: { client: 3 },
      },
      3,
    ],
    [
      'no address where `only` rules it out',
      'id',
      {
        locals: { parameters: new Map([['id', { ...argument, is: 'client', only: () => false }]]) },
        address: { client: 3 },
      },
      undefined,
    ],
    ['a length', 'f.length', { locals: { fields: new Set(['f']) }, fields: { f: 'four' } }, 4],
    ['the length of what is absent', 'f.length', { locals: { fields: new Set(['f']) } }, undefined],
    ['a part of a url', 'f.port', { locals: { fields: new Set(['f']) }, fields: { f: { text: 't', port: 1 } } }, 1],
    ['an extension', 'f.extension', { locals: { fields: new Set(['f']) }, fields: { f: 'a.b.PEM' } }, 'pem'],
    ['whether bytes are UTF-8', 'f.utf8', { locals: { fields: new Set(['f']) }, fields: { f: '\xff' } }, false],
    ['a word of a table', 'f|table', { locals: { fields: new Set(['f']) }, fields: { f: 1 } }, 'one'],
    ['the key, where nothing follows it', null, { locals: { fields: new Set(['key']) }, fields: { key: 'k' } }, 'k'],
  ])('%s', (_, raw, world, expected) => {
    expect(read(raw, world)).toEqual({ value: expected, problems: [] });
  });

  test.each([
    ['fct', 'unknown name `fct`'],
    ['fact|tabel', 'unknown table `tabel`'],
    ['fact|table|table', 'a value has one table at most'],
    ['toString', 'unknown name `toString`'],
    ['fact.size', 'unknown name `fact.size`'],
    [[1], '`key` cannot be that'],
    [Number.NaN, '`key` cannot be that'],
  ])('%j is refused: %s', (raw, summary) => {
    expect(read(raw).problems).toEqual([summary]);
  });

  test('what is bound later sees settings that come later', () => {
    const { made, problems } = names();
    const late = made.later(() => made.value(new Node('later', problems), noLocals));
    made.settings.set('later', { name: 'later', of: undefined, list: undefined, parameter: undefined });
    made.settle();
    expect(late(scopeOf({}))).toBe('kept later');
    expect(problems.all).toEqual([]);
  });
});

describe('conditions', () => {
  const holds = (match: unknown, value: Value): boolean => {
    const { made, problems } = names();
    const condition = made.condition(new Node({ f: match }, problems), { ...noLocals, fields: new Set(['f']) });
    expect(problems.all).toEqual([]);
    return condition(scopeOf({ fields: value === undefined ? {} : { f: value } }));
  };

  test.each<[unknown, Value, boolean]>([
    ['up', 'up', true],
    ['up', 'lost', false],
    ['up|lost', 'lost', true],
    ['1', 1, true],
    [1, '1', true],
    [0, undefined, false],
    ['0..4', 4, true],
    ['0..4', 5, false],
    ['0..4', '3', true],
    ['0..4', 'x', false],
    ['3..', 999, true],
    ['-2..0', -1, true],
    ['0|88', 88, true],
    ['given', '', true],
    ['given', undefined, false],
    ['omitted', undefined, true],
    ['omitted', 0, false],
    ['some', 'none', false],
    ['some', 'some', true],
    ['some', [], false],
    ['some', [1], true],
    ['none', undefined, true],
    ['none', '', true],
    ['none', 0, true],
    ['none', 'x', false],
    [true, true, true],
    [true, 1, true],
    [true, 'x', false],
    [false, 0, true],
    [false, undefined, true],
    [false, true, false],
  ])('%j of %j: %s', (match, value, expected) => {
    expect(holds(match, value)).toBe(expected);
  });

  test('all names of a condition must hold', () => {
    const { made, problems } = names();
    const condition = made.condition(new Node({ f: 1, g: 2 }, problems), { ...noLocals, fields: new Set(['f', 'g']) });
    expect(condition(scopeOf({ fields: { f: 1, g: 2 } }))).toBe(true);
    expect(condition(scopeOf({ fields: { f: 1, g: 3 } }))).toBe(false);
  });

  test.each([
    [{ nome: 1 }, 'unknown name `nome`'],
    [{ fact: [1] }, 'not a match'],
    [{ fact: null }, 'not a match'],
    [{}, 'a condition without a name'],
    ['up', '`the file` cannot be that'],
    [{ 'some.state': 'up|losst' }, 'unknown value of some.state `losst`'],
  ])('%j is refused: %s', (raw, summary) => {
    const { made, problems } = names();
    made.condition(new Node(raw, problems), noLocals);
    expect(problems.all.map(problem => problem.summary)).toEqual([summary]);
  });

  test('a word unlike any known one may be a table’s or a profile’s', () => {
    const { made, problems } = names();
    made.condition(new Node({ 'some.state': 'powered-down' }, problems), noLocals);
    expect(problems.all).toEqual([]);
  });
});
