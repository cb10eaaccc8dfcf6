import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Argument } from '../../../src/at/arguments.js';
import { splitArguments } from '../../../src/at/arguments.js';
import { v250Style } from '../../../src/at/style.js';
import { layOut, parameterNames, readForm, type Slot } from '../../../src/grammar/forms.js';
import { Node } from '../../../src/grammar/node.js';
import { Problems } from '../../../src/grammar/problems.js';

function shapeOf(form: string) {
  const problems = new Problems();
  return { shape: readForm(form, new Node(form, problems)), problems: problems.all.map(problem => problem.summary) };
}

const given = (text: string): Argument[] => splitArguments(text, v250Style).arguments;
const always = () => undefined;

describe('the syntax line', () => {
  test.each([
    ['<a>', ['a']],
    ['<a>,<"b">', ['a', 'b"']],
    ['<a>[,<b>[,<c>]]', ['a', 'b?', 'c?']],
    ['"UDP",<a>', ['=UDP', 'a']],
    ['UDP,<a>', ['=UDP', 'a']],
    ['<a>,0', ['a', '=0']],
    ['"TCP LISTENER",<a>', ['=TCP LISTENER', 'a']],
    ['[<a>,]<b>', ['a?', 'b']],
    ['', []],
  ])('%s', (form, expected) => {
    const { shape, problems } = shapeOf(form);
    const told = ({ kind, name, mustQuote, optional }: Slot) =>
      `${kind === 'literal' ? '=' : ''}${name}${mustQuote ? '"' : ''}${optional ? '?' : ''}`;
    expect(shape.slots.map(told)).toEqual(expected);
    expect(problems).toEqual([]);
  });

  test('a repeated group is no slot of its own, and its parameters count once', () => {
    const { shape } = shapeOf('<n>,<a>,<b>[,<a>,<b>]*4');
    expect(shape.repeat).toMatchObject({ names: ['a', 'b'], times: 4 });
    expect(parameterNames(shape)).toEqual(['n', 'a', 'b']);
  });

  test.each([
    ['<a', 'cannot read the form'],
    ['<a>;<b>', 'cannot read the form'],
    ['[<a>', 'a `[` without its `]`'],
    ['<a>]', 'a `]` without its `[`'],
    ['[,<a>]*3,<b>', 'a repeated group stands last'],
  ])('%s is refused', (form, summary) => {
    expect(shapeOf(form).problems).toContain(summary);
  });
});

describe('laying arguments out', () => {
  test.each([
    ['<a>', '1', true],
    ['<a>', '', false],
    ['<a>', '1,2', false],
    ['<a>', ',', false],
    ['<"a">', '"x"', true],
    ['<"a">', 'x', false],
    ['<a>[,<b>]', '1', true],
    ['<a>[,<b>]', '1,2', true],
    ['<a>[,<b>,<c>]', '1,2', false],
    ['<a>[,<b>,<c>]', '1,2,3', true],
    ['<a>[,<b>[,<c>]]', '1,2', true],
    ['"on",<a>', 'on,1', true],
    ['"on",<a>', '"ON",1', true],
    ['"on",<a>', 'off,1', false],
    ['"on"', '', false],
    ['<a>,<b>[,<a>,<b>]*2', '1,2', true],
    ['<a>,<b>[,<a>,<b>]*2', '1,2,3', false],
    ['<a>,<b>[,<a>,<b>]*2', '1,2,3,4,5,6', true],
    ['<a>,<b>[,<a>,<b>]*2', '1,2,3,4,5,6,7,8', false],
    ['<n>[,<a>]*3', '1', true],
    ['<n>[,<a>]*3', '1,2,3,4', true],
    ['<n>[,<a>]*3', '1,2,3,4,5', false],
  ])('%s and %s: %s', (form, text, fits) => {
    expect(layOut(shapeOf(form).shape, given(text), always).fits).toBe(fits);
  });

  test('a leading optional slot is there or not as `only` says', () => {
    const { shape } = shapeOf('[<link>,]<length>');
    const is = (exists: boolean) => (slot: Slot) => (slot.name === 'link' ? exists : undefined);
    expect(layOut(shape, given('5'), is(false)).fits).toBe(true);
    expect(layOut(shape, given('0,5'), is(false)).fits).toBe(false);
    expect(layOut(shape, given('5'), is(true)).fits).toBe(false);
    expect(layOut(shape, given('0,5'), is(true)).fits).toBe(true);
  });

  test('rows: the group before the repetition is the first', () => {
    const { shape } = shapeOf('<n>,<a>,<b>[,<a>,<b>]*4');
    const { pairs, rows } = layOut(shape, given('9,1,2,3,4'), always);
    expect(rows).toBe(2);
    expect(pairs.map(({ slot, row }) => `${slot.name}${row ?? ''}`)).toEqual(['n', 'a0', 'b0', 'a1', 'b1']);
  });

  test('any text makes a shape or problems, and any arguments are laid out in it', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '[',
      ']',
      ']*2',
      ',',
      '"',
      '<a>',
      '<"b">',
      '"w"',
      'word',
      ' ',
      'ß',
      '*',
      '\n',
    );
    const forms = fc.oneof(
      fc.string(),
      fc.array(piece).map(pieces => pieces.join('')),
    );
    fc.assert(
      fc.property(forms, fc.string(), (form, text) => {
        const { shape } = shapeOf(form);
        const { pairs } = layOut(shape, given(text), always);
        expect(pairs.length).toBeGreaterThanOrEqual(shape.slots.length);
      }),
    );
  });
});
