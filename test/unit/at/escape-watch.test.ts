import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EscapeWatch } from '../../../src/at/escape-watch.js';

const rule = { sequence: '+++', guard: 1000, guardAfter: 1000, gap: 900 };
const Never = Number.POSITIVE_INFINITY;

/** What the host types, each piece so long after the one before; then what the silence at the end brings. */
function typed(pieces: readonly [silence: number, text: string][], own = rule) {
  const watch = new EscapeWatch(own);
  let data = '';
  for (const [silence, text] of pieces) data += watch.take(Buffer.from(text, 'latin1'), silence).toString('latin1');
  if (watch.patience === undefined) return { data, end: 'data' };
  const end = watch.elapsed();
  return end.escaped ? { data, end: 'escaped' } : { data: data + end.data.toString('latin1'), end: 'late data' };
}

describe('an escape', () => {
  test.each<[string, [number, string][]]>([
    ['at the very start', [[Never, '+++']]],
    [
      'after a silence',
      [
        [Never, 'abc'],
        [1000, '+++'],
      ],
    ],
    [
      'byte by byte',
      [
        [2000, '+'],
        [900, '+'],
        [0, '+'],
      ],
    ],
    [
      'in two pieces',
      [
        [2000, '+'],
        [10, '++'],
      ],
    ],
  ])('%s', (_, pieces) => {
    expect(typed(pieces).end).toBe('escaped');
  });
});

describe('data, whole and in order', () => {
  test.each<[string, [number, string][]]>([
    [
      'without a silence before',
      [
        [Never, 'abc'],
        [999, '+++'],
      ],
    ],
    ['with a byte in front', [[Never, 'a+++']]],
    ['with a byte behind', [[Never, '+++a']]],
    ['with CR LF behind', [[Never, '+++\r\n']]],
    [
      'with a byte behind, soon after',
      [
        [Never, '+++'],
        [999, 'x'],
      ],
    ],
    ['four of them', [[Never, '++++']]],
    [
      'four of them, one by one',
      [
        [Never, '+'],
        [1, '+'],
        [1, '+'],
        [1, '+'],
      ],
    ],
    ['half of it', [[Never, '++']]],
    [
      'half of it, then something else',
      [
        [Never, '++'],
        [1, 'x'],
      ],
    ],
    [
      'too slowly',
      [
        [Never, '+'],
        [901, '++'],
      ],
    ],
    ['something else', [[Never, 'hello']]],
    ['nothing', [[Never, '']]],
  ])('%s', (_, pieces) => {
    expect(typed(pieces)).toMatchObject({ data: pieces.map(([, text]) => text).join('') });
    expect(typed(pieces).end).not.toBe('escaped');
  });
});

test('what is held waits for the guard when it is whole, for the gap when it is not', () => {
  const watch = new EscapeWatch(rule);
  expect(watch.patience).toBeUndefined();
  watch.take(Buffer.from('++'), Never);
  expect(watch.patience).toBe(900);
  watch.take(Buffer.from('+'), 5);
  expect(watch.patience).toBe(1000);
  watch.take(Buffer.from('x'), 5);
  expect(watch.patience).toBeUndefined();
});

test('the silence after may be another than the one before', () => {
  const own = { ...rule, guardAfter: 500 };
  const watch = new EscapeWatch(own);
  watch.take(Buffer.from('+++'), 1000);
  expect(watch.patience).toBe(500);
  expect(
    typed(
      [
        [Never, 'abc'],
        [999, '+++'],
      ],
      own,
    ).end,
  ).toBe('data');
});

test('whatever is typed, however it is cut: it is an escape, or every byte of it is data', () => {
  const piece = fc.tuple(fc.constantFrom(0, 1, 899, 900, 901, 1000, 5000), fc.stringMatching(/^[+ab\r]{0,6}$/));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const { data, end } = typed(pieces);
      const all = pieces.map(([, text]) => text).join('');
      expect(data).toBe(end === 'escaped' ? all.slice(0, -3) : all);
      if (end === 'escaped') expect(all.endsWith('+++')).toBe(true);
    }),
  );
});
