import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Names, noLocals } from '../../../src/grammar/names.js';
import { Node } from '../../../src/grammar/node.js';
import { Problems } from '../../../src/grammar/problems.js';
import { readTemplate } from '../../../src/grammar/templates.js';
import type { Row, Value } from '../../../src/grammar/values.js';

/** Fields `a b list rest`, a table `mux`, lines `peer twice loop` and no facts. */
function render(template: unknown, fields: Row = {}) {
  const problems = new Problems();
  const names = new Names({}, new Map([['refused', 'failed']]), new Set());
  names.tables.set(
    'mux',
    new Map<string, Value>([
      ['0', ''],
      ['1', '7,'],
      ['failed', 9],
      ['else', '?'],
    ]),
  );
  const line = (text: string) => new Node(text, problems);
  names.lines.set('peer', line('"{a}",{b}'));
  names.lines.set('twice', line('{@peer};{@peer}'));
  names.lines.set('loop', line('{@loop}'));
  const locals = { ...noLocals, fields: new Set(['a', 'b', 'list', 'empty']) };
  const compiled = readTemplate(new Node(template, problems), names, locals);
  const environment = { fact: () => undefined, factList: () => [], setting: () => undefined };
  return { text: compiled({ fields, address: {}, environment }), problems: problems.all.map(({ summary }) => summary) };
}

const fields: Row = { a: 'x', b: 1, list: [1, 'two', true], empty: '' };

describe('lines', () => {
  test.each([
    ['plain', 'plain'],
    ['', ''],
    ['{a}-{b}', 'x-1'],
    ['{ a }', 'x'],
    ['+X: "{a}",{b}', '+X: "x",1'],
    ['{a.length}', '1'],
    ['{b|mux}{a}', '7,x'],
    ['{a|mux}', '?'],
    ['{a|hex}', '78'],
    ['{a|hex|pad3}', '078'],
    ['{a|upper}{a|lower}{b|pad2}', 'Xx01'],
    ['{b|mux|trim}.', '7,.'],
    ['{list...}', '1,two,true'],
    ['{@peer}', '"x",1'],
    ['{@twice}', '"x",1;"x",1'],
    ['[[a]]', '[a]'],
    ['{{a}}', '{a}'],
    ['[{a}]', 'x'],
    ['a]', 'a]'],
    [5, '5'],
    ['\r\n{a}\x1a', '\r\nx\x1a'],
  ])('%j', (template, expected) => {
    expect(render(template, fields)).toEqual({ text: expected, problems: [] });
  });

  test.each([
    ['{a},{b}', ','],
    ['{b|mux}', ''],
    ['{a|hex}', ''],
    ['{list...}', ''],
    ['x[,{a}]y', 'xy'],
    ['x[,{a},"{b}"]y', 'xy'],
    ['x[,k]y', 'x,ky'],
    ['x[,k[,{a}]]y', 'x,ky'],
    ['[{a}[{b}]]]', ']'],
  ])('%s, with every field absent', (template, expected) => {
    expect(render(template)).toEqual({ text: expected, problems: [] });
  });

  test('a group goes whole where one of its fields is absent, and an empty field is not absent', () => {
    expect(render('[{a},{b}]', { a: 'x' }).text).toBe('');
    expect(render('[{empty},{a}]', { empty: '', a: 'x' }).text).toBe(',x');
    expect(render('[{a}[,{b}]]', { a: 'x' }).text).toBe('x');
  });

  test('a table looks up the exact word, then its family, then `else`', () => {
    expect(render('{a|mux}', { a: '0' }).text).toBe('');
    expect(render('{a|mux}', { a: 'refused' }).text).toBe('9');
    expect(render('{a|mux}', { a: 'other' }).text).toBe('?');
    expect(render('{list|mux...}', { list: [0, 1, 'refused'] }).text).toBe(',7,,9');
  });

  test.each([
    ['{aa}', 'unknown name `aa`'],
    ['{a|mxu}', 'unknown table `mxu`'],
    ['{a|uper}', 'unknown table `uper`'],
    ['{@pear}', 'unknown line `pear`'],
    ['{@loop}', 'a line that stands in itself'],
    ['[{a}', 'a `[` without its `]` in a line'],
    ['{a', 'a `{` that belongs to no field'],
    ['a}', 'a `}` that belongs to no field'],
    ['{}', 'a `{` that belongs to no field'],
    [{ a: 1 }, '`the file` cannot be that'],
    [null, '`the file` cannot be that'],
  ])('%j is refused: %s', (template, summary) => {
    expect(render(template).problems).toContain(summary);
  });

  test('no text makes a line throw', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      '{a}',
      '{b|mux}',
      '{@peer}',
      '{@loop}',
      '{list...}',
      '|',
      '...',
      '@',
      'x',
      '\n',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(piece).map(pieces => pieces.join('')),
    );
    const values = fc.record({ a: fc.string(), b: fc.integer(), list: fc.array(fc.integer()) }, { requiredKeys: [] });
    fc.assert(
      fc.property(texts, values, (text, row) => {
        expect(typeof render(text, row).text).toBe('string');
      }),
    );
  });

  test('text without brackets and braces is itself', () => {
    fc.assert(
      fc.property(
        fc.string().filter(text => !/[[\]{}]/.test(text)),
        text => {
          expect(render(text)).toEqual({ text, problems: [] });
        },
      ),
    );
  });
});
