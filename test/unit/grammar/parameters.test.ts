import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Argument } from '../../../src/at/arguments.js';
import { Names } from '../../../src/grammar/names.js';
import { Node } from '../../../src/grammar/node.js';
import { readParameter } from '../../../src/grammar/parameter-reader.js';
import { checkArgument, rangeText } from '../../../src/grammar/parameters.js';
import { Problems } from '../../../src/grammar/problems.js';
import type { Scope } from '../../../src/grammar/values.js';

const noScope: Scope = {
  fields: {},
  address: {},
  environment: { fact: () => undefined, factList: () => [], setting: () => undefined },
};

function read(raw: unknown) {
  const problems = new Problems();
  const names = new Names({}, new Map(), new Set(['too-long', 'failed']));
  const parameter = readParameter('p', new Node(raw, problems), names);
  names.settle();
  return { parameter, problems: problems.all.map(problem => problem.summary) };
}

const quoted = (value: string): Argument => ({ kind: 'quoted', value, start: 0, end: value.length + 2 });
const bare = (value: string): Argument => ({ kind: 'bare', value, start: 0, end: value.length });

const check = (raw: unknown, argument: Argument, mustQuote = false, quotedNumbers = true) =>
  checkArgument(read(raw).parameter, argument, mustQuote, quotedNumbers, noScope);

describe('as a grammar writes them', () => {
  test.each([
    ['0..2', { kind: 'number', spans: [{ from: 0, to: 2 }] }],
    ['1..', { kind: 'number', spans: [{ from: 1, to: undefined }] }],
    ['-5..-1', { kind: 'number', spans: [{ from: -5, to: -1 }] }],
    [
      '0|4..6',
      {
        kind: 'number',
        spans: [
          { from: 0, to: 0 },
          { from: 4, to: 6 },
        ],
      },
    ],
    [3, { kind: 'number', spans: [{ from: 3, to: 3 }] }],
    ['text 1..128', { kind: 'text', length: { from: 1, to: 128 } }],
    ['text', { kind: 'text', length: { from: 0, to: undefined } }],
    ['bytes 4', { kind: 'bytes', length: { from: 4, to: 4 } }],
    ['host', { kind: 'host', length: { from: 0, to: undefined } }],
    ['word TCP|SSL', { kind: 'word', words: ['TCP', 'SSL'] }],
    [{ word: ['SHUT OK', 'OK'] }, { kind: 'word', words: ['SHUT OK', 'OK'] }],
    [{ url: '9..256' }, { kind: 'url', length: { from: 9, to: 256 } }],
  ])('%j', (raw, type) => {
    const { parameter, problems } = read(raw);
    expect(parameter.type).toEqual(type);
    expect(problems).toEqual([]);
  });

  test.each([
    ['0..9 = 3', 3, 3],
    ['word A|B = B', 'B', 'B'],
    [{ range: '0..1', omitted: 0, factory: 1 }, 0, 1],
    [{ range: '0..1', default: 1 }, 1, 1],
    [{ text: '1..9', default: 'x', omitted: '' }, '', 'x'],
    ['0..9', undefined, undefined],
  ])('%j: %j when omitted, %j at first', (raw, omitted, factory) => {
    expect(read(raw).parameter).toMatchObject({ omitted, factory });
  });

  test.each([
    ['5..2', 'not a range'],
    ['1..x', 'not a range'],
    ['txt 1..2', 'unknown type `txt`'],
    ['text 2..1', 'not a length'],
    ['text 1|2', 'not a length'],
    [{ range: '0..1', text: '1..2' }, 'a parameter has exactly one type'],
    [{ title: 'x' }, 'a parameter has exactly one type'],
    [{ word: [] }, 'not a list of words'],
    [{ range: '0..1', defualt: 0 }, 'unknown key of a parameter `defualt`'],
    ['0..2 = 3', 'the default is outside of the range'],
    ['word A|B = C', 'the default is outside of the range'],
    [{ range: '0..1', is: 'clinet' }, 'unknown address `clinet`'],
    [{ range: '0..1', keep: 'flsh' }, 'unknown keep `flsh`'],
    [{ range: '0..1', else: 'too-lnog' }, 'unknown refusal word `too-lnog`'],
    [[1], '`the file` cannot be that'],
    [null, '`the file` cannot be that'],
    [{ range: '0..1', secret: 'yes' }, '`secret` cannot be that'],
  ])('%j is refused: %s', (raw, summary) => {
    expect(read(raw).problems).toEqual([summary]);
  });
});

describe('checking an argument', () => {
  test.each([
    ['0..2', bare('2'), { value: 2 }],
    ['0..2', bare('3'), { refusal: 'bad-range' }],
    ['0..2', bare('-1'), { refusal: 'bad-range' }],
    ['0..2', bare('1.5'), { refusal: 'bad-type' }],
    ['0..2', bare('0x1'), { refusal: 'bad-type' }],
    ['0..2', bare('1'.repeat(16)), { refusal: 'bad-type' }],
    ['0..2', quoted('1'), { value: 1 }],
    ['-3..3', bare('-3'), { value: -3 }],
    ['word TCP|SSL', bare('ssl'), { value: 'SSL' }],
    ['word TCP|SSL', bare('udp'), { refusal: 'bad-range' }],
    ['text 1..3', bare('abc'), { value: 'abc' }],
    ['text 1..3', bare('abcd'), { refusal: 'bad-length' }],
    ['text 1..3', quoted(''), { refusal: 'bad-length' }],
    [{ text: '1..3', empty: 'none' }, quoted(''), { value: 'none' }],
    [{ range: '0..3', empty: 3 }, quoted(''), { value: 3 }],
    [{ range: '0..3', else: 'too-long' }, bare('4'), { refusal: 'too-long' }],
    [{ text: '1..3', quotes: 'refused' }, quoted('a'), { refusal: 'bad-type' }],
    [{ file: '1..9', drive: 'UFS:' }, quoted('ufs:a.pem'), { value: 'a.pem' }],
    [{ file: '1..9', drive: 'UFS:' }, quoted('b.pem'), { value: 'b.pem' }],
  ])('%j, %j', (raw, argument, expected) => {
    expect(check(raw, argument)).toEqual(expected);
  });

  test.each([
    ['tcp://h:1883', { scheme: 'tcp', host: 'h', port: 1883 }],
    ['mqtts://h.example', { scheme: 'mqtts', host: 'h.example', port: undefined }],
    ['tcp://[fe80::1]:1', { scheme: 'tcp', host: '[fe80::1]', port: 1 }],
  ])('the parts of %s', (text, parts) => {
    expect(check('url', quoted(text))).toEqual({ value: { text, ...parts } });
  });

  test.each(['h:1883', 'tcp://', 'tcp://h:x', 'tcp://h h', 'tcp://h:1:2'])('%s is no url', text => {
    expect(check('url', quoted(text))).toEqual({ refusal: 'bad-type' });
  });

  test('quotes as the form and the style ask for them', () => {
    expect(check('text', bare('a'), true)).toEqual({ refusal: 'bad-type' });
    expect(check('0..9', quoted('1'), false, false)).toEqual({ refusal: 'bad-type' });
    expect(check('0..9', quoted('1'), true, false)).toEqual({ value: 1 });
  });

  test('any text is a value or a refusal', () => {
    const kinds = fc.constantFrom('0..9', 'text 1..4', 'bytes', 'host', 'url', 'file 1..8', 'word A|B');
    fc.assert(
      fc.property(kinds, fc.string(), fc.boolean(), (kind, text, isQuoted) => {
        const checked = check(kind, isQuoted ? quoted(text) : bare(text));
        expect('value' in checked || typeof checked.refusal === 'string').toBe(true);
      }),
    );
  });
});

test.each([
  ['0..2', '(0-2)'],
  ['0|1|4', '(0,1,4)'],
  ['1..', '(1-)'],
  ['word TCP|SSL', '("TCP","SSL")'],
  ['text 1..9', '<p>'],
])('%s shows in a test answer as %s', (raw, shown) => {
  expect(rangeText(read(raw).parameter)).toBe(shown);
});
