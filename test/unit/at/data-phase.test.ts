import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataCollector, type DataPhase } from '../../../src/at/data-phase.js';

/** The payload, how it ended, and what of the input is left for the command parser. */
function collect(phase: DataPhase, input: string, cuts: readonly number[] = []) {
  const collector = new DataCollector(phase);
  const edges = [0, ...cuts.filter(cut => cut > 0 && cut < input.length).sort((a, b) => a - b), input.length];
  for (let i = 1; i < edges.length; i++) {
    for (let at = edges[i - 1]!; at < edges[i]!; ) {
      const { used, end } = collector.take(Buffer.from(input.slice(at, edges[i]), 'latin1'));
      at += used;
      if (end) return { data: collector.data, end, rest: input.slice(at) };
    }
  }
  return { data: collector.data, end: undefined, rest: '' };
}

describe('a mark that ends counted data sooner', () => {
  const phase = { count: 10, mark: '\\0' };

  test.each([
    ['the count', '0123456789AT', { data: '0123456789', end: 'done', rest: 'AT' }],
    ['the mark', 'abc\\0AT', { data: 'abc', end: 'done', rest: 'AT' }],
    ['the mark alone', '\\0AT', { data: '', end: 'done', rest: 'AT' }],
    ['its first character twice makes payload of it', 'a\\\\0b\\0', { data: 'a\\0b', end: 'done', rest: '' }],
    ['its first character alone is payload', 'a\\b\\0', { data: 'a\\b', end: 'done', rest: '' }],
    ['a NUL is no mark', 'a\0b\\0', { data: 'a\0b', end: 'done', rest: '' }],
    ['the count is full at the first half of a mark', '012345678\\0', { data: '012345678\\', end: 'done', rest: '0' }],
    ['nothing yet: half a mark is payload until more comes', 'abc\\', { data: 'abc\\', end: undefined, rest: '' }],
  ])('%s', (_, input, expected) => {
    expect(collect(phase, input)).toEqual(expected);
  });

  test('ends alike wherever it is cut', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\\0a]{0,16}$/), fc.array(fc.nat(16)), (input, cuts) => {
        expect(collect(phase, input, cuts)).toEqual(collect(phase, input));
      }),
    );
  });
});

test('a quote makes payload of the byte that would end or cancel', () => {
  const phase = { until: [0x1a], cancel: [0x1b], quote: 0x03, limit: 100 };
  expect(collect(phase, 'a\x03\x1ab\x03\x03\x1ac')).toEqual({ data: 'a\x1ab\x03', end: 'done', rest: 'c' });
  expect(collect(phase, 'a\x1bAT')).toEqual({ data: 'a', end: 'cancelled', rest: 'AT' });
});
