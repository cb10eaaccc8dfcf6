/** Two answers to the same words: what counts as the same, as another value, as something else. */
import { describe, expect, test } from 'vitest';
import { DifferenceReport } from '../../../src/recording/difference-report.js';
import { type Difference, differencesOf, isWhole, messageDifferences } from '../../../src/recording/differences.js';
import { shapeOf } from '../../../src/recording/shapes.js';
import { formatItem } from '../../../src/transcripts/format.js';

const framed = (...lines: string[]): string => lines.map(line => `\r\n${line}\r\n`).join('');

/** `kind: expected | actual` */
const shown = (difference: Difference): string => {
  const expected = 'expected' in difference ? formatItem(difference.expected) : '';
  const actual = 'actual' in difference ? formatItem(difference.actual) : '';
  return `${difference.kind}: ${expected} | ${actual}`;
};

describe('lines of one shape', () => {
  test.each([
    ['signal', '+CSQ: 23,99', '+CSQ: 7,0'],
    ['negative numbers', '+RSSI: -71', '+RSSI: 5'],
    ['an IMEI', '869741163200487', '861234567890123'],
    ['an address', '+CIFSR:STAIP,"10.0.0.7"', '+CIFSR:STAIP,"192.168.1.200"'],
    ['a time', '+CCLK: "26/11/28,14:45:18+32"', '+CCLK: "04/01/01,00:00:00-08"'],
    ['a MAC', '+CIFSR:STAMAC,"24:0a:c4:11:22:33"', '+CIFSR:STAMAC,"02:ff:00:00:00:01"'],
    ['a cell in hex', '+CREG: 2,1,"1A2B","00F3"', '+CREG: 2,1,"9","77AB1"'],
    ['a version', 'Revision: 1.10.3', 'Revision: 2.0.0'],
  ])('%s', (_, one, other) => {
    expect(differencesOf(framed(one), framed(other)).map(({ kind }) => kind)).toEqual(['value']);
  });
});

describe('lines of another shape', () => {
  test.each([
    ['a word', '+X: "ON"', '+X: "OFF"'],
    ['more values', '+X: 1,2', '+X: 1,2,3'],
    ['a name with a digit', '+CIPV4: 1', '+CIPV6: 1'],
    ['a number of an error', '+CME ERROR: 10', '+CME ERROR: 58'],
    ['words of an error', '+CME ERROR: 10', 'ERROR'],
    ['quotes', '+X: 1', '+X: "1"'],
  ])('%s', (_, one, other) => {
    expect(differencesOf(framed(one), framed(other)).map(({ kind }) => kind)).toEqual(['shape']);
  });

  test('without its CR LF', () => {
    expect(differencesOf('\r\nOK\r\n', 'OK\r\n').map(shown)).toEqual(['shape: < OK | <- OK']);
  });

  test('a prompt without its blank', () => {
    expect(differencesOf('\r\n> ', '\r\n>').map(shown)).toEqual(['shape: <| \\r\\n>\\x20 | <| \\r\\n>']);
  });
});

describe('answers', () => {
  const cases: [string, string, string, string[]][] = [
    ['the same', framed('+A: 1', 'OK'), framed('+A: 1', 'OK'), []],
    ['a line less', framed('+A: 1', 'OK'), framed('OK'), ['missing: < +A: 1 | ']],
    ['a line more', framed('OK'), framed('OK', '+LATE: 1'), ['extra:  | < +LATE: 1']],
    ['nothing', framed('OK'), '', ['missing: < OK | ']],
    [
      'another value, and a line less',
      framed('+A: 1', '+B: x', 'OK'),
      framed('+A: 2', 'OK'),
      ['value: < +A: 1 | < +A: 2', 'missing: < +B: x | '],
    ],
    ['another result', framed('+A: 1', 'OK'), framed('ERROR'), ['missing: < +A: 1 | ', 'shape: < OK | < ERROR']],
    ['a line between', framed('A', 'B', 'C'), framed('A', 'X', 'C'), ['shape: < B | < X']],
    ['another order', framed('A', 'B'), framed('B', 'A'), ['missing: < A | ', 'extra:  | < A']],
    ['cut into other writes', 'AT\r\r\nOK\r\n', 'AT\r\r\nOK\r\n', []],
  ];
  test.each(cases)('%s', (_, expected, actual, differences) => {
    expect(differencesOf(expected, actual).map(shown)).toEqual(differences);
  });

  test('of many lines are compared all the same', () => {
    const many = Array.from({ length: 3000 }, (_, i) => `line ${String.fromCharCode(97 + (i % 26))}`);
    const changed = [...many.slice(0, 1500), 'another', ...many.slice(1500)];
    expect(differencesOf(framed(...many), framed(...changed)).map(shown)).toEqual(['extra:  | < another']);
  });

  test('are whole when every line is there, whatever its value', () => {
    expect(isWhole(framed('+A: 1', 'OK'), framed('+A: 2', 'OK', '+URC'))).toBe(true);
    expect(isWhole(framed('+A: 1', 'OK'), framed('+A: 2'))).toBe(false);
    expect(isWhole('', '')).toBe(true);
  });
});

test('messages are compared in their order', () => {
  const message = (topic: string, payload: string) => ({ topic, payload, qos: 0 as const, retain: false });
  const expected = [message('a', '1'), message('b', '2')];
  expect(messageDifferences(expected, expected)).toEqual([]);
  expect(messageDifferences(expected, [message('a', '1'), message('b', '3')]).map(shown)).toEqual([
    'shape: b< b | 2 | b< b | 3',
  ]);
  expect(messageDifferences(expected, [message('a', '1')]).map(shown)).toEqual(['missing: b< b | 2 | ']);
});

describe('shapeOf', () => {
  test('keeps names, layouts and words', () => {
    expect(shapeOf('+CIPV6: -12,"2001:db8::1",abc')).toBe('+CIPV6: #,"#:db#::#",abc');
    expect(shapeOf('+CMS ERROR: 302')).toBe('+CMS ERROR: 302');
  });
});

describe('the report', () => {
  const reportOf = (hide?: (bytes: string) => string) => {
    const told: string[] = [];
    const sides = { expected: 'real', actual: 'emulated' };
    return { told, report: new DifferenceReport({ sides, tell: text => told.push(text), hide }) };
  };

  test('tells only what differs, in columns', () => {
    const { told, report } = reportOf();
    report.answered('AT', differencesOf(framed('OK'), framed('OK')));
    report.answered('AT+X', differencesOf(framed('+X: 1', '+Y', 'OK'), framed('+X: 2', 'ERROR')));
    expect(told).toEqual([
      [
        'AT+X',
        '  another value  real      < +X: 1',
        '                 emulated  < +X: 2',
        '  only           real      < +Y',
        '  another shape  real      < OK',
        '                 emulated  < ERROR',
      ].join('\n'),
    ]);
  });

  test('sums up, and values alone are the same unless they count', () => {
    const { report } = reportOf();
    report.answered('AT', []);
    expect(report.summary).toBe('1 answer: 1 alike, 0 with other values, 0 otherwise');
    report.answered('AT+CSQ', differencesOf(framed('+CSQ: 1'), framed('+CSQ: 2')));
    expect([report.isSame(false), report.isSame(true)]).toEqual([true, false]);
    report.answered('AT+X', differencesOf(framed('OK'), ''));
    expect([report.isSame(false), report.isSame(true)]).toEqual([false, false]);
    expect(report.summary).toBe('3 answers: 1 alike, 1 with other values, 1 otherwise');
  });

  test('hides secrets, and shortens', () => {
    const { told, report } = reportOf(bytes => bytes.replaceAll('hunter2', '*******'));
    report.answered('AT', differencesOf(framed('a hunter2'), `hunter2${'x'.repeat(1000)}`));
    expect(told[0]).toContain('< a *******');
    expect(told[0]).not.toContain('hunter2');
    expect(told[0]!.length).toBeLessThan(600);
  });
});
