import { expect, test } from 'vitest';
import { resultNumber } from '../../../src/at/result-codes.js';

test.each([
  ['OK', 0],
  ['CONNECT', 1],
  ['CONNECT 115200', 1],
  ['RING', 2],
  ['NO CARRIER', 3],
  ['ERROR', 4],
  ['NO DIALTONE', 6],
  ['NO DIAL TONE', 6],
  ['BUSY', 7],
  ['NO ANSWER', 8],
  ['CONNECT OK', undefined],
  ['CONNECT FAIL', undefined],
  ['SHUT OK', undefined],
  ['+CME ERROR: 4', undefined],
  ['ok', undefined],
  ['', undefined],
])('%s: %s', (text, number) => expect(resultNumber(text)).toBe(number));
