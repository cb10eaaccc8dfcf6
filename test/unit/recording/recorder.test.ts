/** What two sides of a port said, byte by byte, and the transcript that it makes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatItem } from '../../../src/transcripts/format.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import { hostBytes, modemBytes } from '../../../src/transcripts/wire.js';
import { itemsOf, type Said, type SaidAt, textOf } from './said.js';

/** Everything at once: pauses are another matter. */
const linesOf = (said: readonly Said[]) => itemsOf(said.map((each): SaidAt => [0, ...each])).map(formatItem);

describe('what a host sends', () => {
  const cases: [string, Said[], string[]][] = [
    ['a line with CR', [['>', 'AT\r']], ['> AT']],
    ['a line with CR LF', [['>', 'AT\r\n']], ['> AT']],
    ['a line with LF', [['>', 'AT\n']], ['> AT']],
    [
      'an LF that comes later',
      [
        ['>', 'AT\r'],
        ['>', '\n'],
        ['>', 'ATI\r\n'],
      ],
      ['> AT', '> ATI'],
    ],
    [
      'an LF that comes after the answer',
      [
        ['>', 'AT\r'],
        ['<', '\r\nOK\r\n'],
        ['>', '\n'],
      ],
      ['> AT', '< OK', '>| \\n'],
    ],
    ['a line that ends otherwise than the first', [['>', 'AT\rATI\r\n']], ['> AT', '>| ATI\\r\\n']],
    [
      'a CR where lines have CR LF',
      [
        ['>', 'AT\r\nATI\r'],
        ['<', 'x'],
      ],
      ['> AT', '>| ATI\\r', '<| x'],
    ],
    ['several lines', [['>', 'AT\rATI\rATZ\r']], ['> AT', '> ATI', '> ATZ']],
    [
      'a line in pieces',
      [
        ['>', 'A'],
        ['>', 'T+C'],
        ['>', 'SQ\r'],
      ],
      ['> AT+CSQ'],
    ],
    ['an empty line', [['>', 'AT\r\r']], ['> AT', '>']],
    ['a line with a control byte', [['>', 'ATX\x08\r']], ['>| ATX\\x08\\r']],
    ['a line that an editor would spoil', [['>', 'AT \r']], ['>| AT \\r']],
    ['a field of the format', [['>', 'AT{size x}\r']], ['>| AT{size x}\\r']],
    ['a Chinese line', [['>', 'AT="\xE6\xB8\xA9"\r']], ['> AT="温"']],
    [
      'bytes that no line end follows',
      [
        ['>', '+++'],
        ['<', '\r\nOK\r\n'],
      ],
      ['>| +++', '< OK'],
    ],
    [
      'data after a prompt',
      [
        ['>', 'AT+S=5\r'],
        ['<', '\r\n> '],
        ['>', 'a\rb\x1A'],
        ['<', '\r\nOK\r\n'],
      ],
      ['> AT+S=5', '<| \\r\\n>\\x20', '>| a\\rb\\x1A', '< OK'],
    ],
    [
      'a line after the data',
      [
        ['<', '\r\n>'],
        ['>', 'a\r\n'],
        ['<', '\r\nOK\r\n'],
        ['>', 'AT\r\n'],
      ],
      ['<| \\r\\n>', '>| a\\r\\n', '< OK', '> AT'],
    ],
    [
      'what a link carries',
      [
        ['>', 'ATD\r'],
        ['<', '\r\nCONNECT\r\n'],
        ['>', 'GET /\r\n\r\n'],
        ['<', 'a\r\n'],
        ['>', 'b\r'],
        ['<', '\r\nNO CARRIER\r\n'],
        ['>', 'AT\r'],
      ],
      ['> ATD', '< CONNECT', '>| GET /\\r\\n\\r\\n', '<- a', '>| b\\r', '< NO CARRIER', '> AT'],
    ],
  ];
  test.each(cases)('%s', (_, said, lines) => expect(linesOf(said)).toEqual(lines));
});

describe('what a modem says', () => {
  const cases: [string, Said[], string[]][] = [
    ['lines in one go', [['<', '\r\n+A: 1\r\n+A: 2\r\n\r\nOK\r\n']], ['< +A: 1', '<- +A: 2', '< OK']],
    [
      'a line in pieces',
      [
        ['<', '\r'],
        ['<', '\nO'],
        ['<', 'K\r'],
        ['<', '\n'],
      ],
      ['< OK'],
    ],
    ['a prompt', [['<', '\r\nOK\r\n\r\n> ']], ['< OK', '<| \\r\\n>\\x20']],
    [
      'an echo',
      [
        ['>', 'AT\r'],
        ['<', 'AT\r\r\nOK\r\n'],
      ],
      ['> AT', '<| AT\\r', '< OK'],
    ],
    [
      'an echo key by key',
      [
        ['>', 'A'],
        ['<', 'A'],
        ['>', 'T'],
        ['<', 'T'],
        ['>', '\r'],
        ['<', '\r'],
        ['<', '\r\nOK\r\n'],
      ],
      ['> AT', '<| AT\\r', '< OK'],
    ],
    [
      'an echo of data',
      [
        ['<', '\r\n> '],
        ['>', 'a'],
        ['<', 'a'],
        ['>', 'b\x1A'],
        ['<', 'b'],
        ['<', '\r\nOK\r\n'],
      ],
      ['<| \\r\\n>\\x20', '>| ab\\x1A', '<| ab', '< OK'],
    ],
    [
      'a URC inside a line',
      [
        ['>', 'AT+C'],
        ['<', '\r\nRING\r\n'],
        ['>', 'SQ\r'],
      ],
      ['>| AT+C', '< RING', '> SQ'],
    ],
    [
      'a URC inside a line that is echoed',
      [
        ['>', 'AT+C'],
        ['<', 'AT+C'],
        ['<', '\r\nRING\r\n'],
        ['>', 'SQ\r'],
      ],
      ['>| AT+C', '<| AT+C', '< RING', '> SQ'],
    ],
  ];
  test.each(cases)('%s', (_, said, lines) => expect(linesOf(said)).toEqual(lines));
});

describe('times', () => {
  const cases: [string, SaidAt[], string[]][] = [
    [
      'before an answer, which may come sooner',
      [
        [0, '>', 'AT\r'],
        [12, '<', '\r\nOK\r\n'],
      ],
      ['> AT', '~< 12ms', '< OK'],
    ],
    [
      'before a line',
      [
        [0, '<', '\r\nRDY\r\n'],
        [1500, '>', 'AT\r'],
      ],
      ['< RDY', '~ 1500ms', '> AT'],
    ],
    [
      'never less than passed',
      [
        [0, '>', 'AT\r'],
        [20.2, '<', '\r\nOK\r\n'],
      ],
      ['> AT', '~< 21ms', '< OK'],
    ],
    [
      'too short ones with the next',
      [
        [0, '>', 'AT\r'],
        [9, '<', '\r\nOK\r\n'],
        [18, '>', 'AT\r'],
        [27, '<', '\r\nOK\r\n'],
      ],
      ['> AT', '< OK', '~ 18ms', '> AT', '< OK'],
    ],
    [
      'of a line that is typed, when it ends',
      [
        [0, '<', '\r\nRDY\r\n'],
        [1000, '>', 'A'],
        [2000, '>', 'T'],
        [3000, '>', '\r'],
      ],
      ['< RDY', '~ 3s', '> AT'],
    ],
    [
      'inside what is no line',
      [
        [0, '>', '+'],
        [300, '>', '++'],
        [1400, '<', '\r\nOK\r\n'],
      ],
      ['>| +', '~ 300ms', '>| ++', '~< 1100ms', '< OK'],
    ],
    [
      'not inside a line on a slow wire',
      [
        [0, '<', '\r\nO'],
        [90, '<', 'K\r\n'],
        [200, '>', 'AT\r'],
      ],
      ['< OK', '~ 200ms', '> AT'],
    ],
    [
      'inside what is no line of the modem',
      [
        [0, '<', '\r\n> '],
        [5000, '<', '\r\nTIMEOUT\r\n'],
      ],
      ['<| \\r\\n>\\x20', '~< 5s', '< TIMEOUT'],
    ],
  ];
  test.each(cases)('%s', (_, said, lines) => expect(itemsOf(said).map(formatItem)).toEqual(lines));
});

describe('the text', () => {
  const header = (text: string) => text.slice(0, text.indexOf('\n\n')).split('\n');

  test.each([
    [
      'echo on',
      [
        [0, '>', 'AT\r'],
        [0, '<', 'AT\r\r\nOK\r\n'],
      ],
      ['dialect: x', 'echo: on', 'end: \\r'],
    ],
    [
      'echo off',
      [
        [0, '>', 'AT\r\n'],
        [0, '<', '\r\nOK\r\n'],
        [0, '>', 'AT\r\n'],
      ],
      ['dialect: x', 'echo: off', 'end: \\r\\n'],
    ],
    [
      'a URC before the echo',
      [
        [0, '>', 'AT\r'],
        [0, '<', '\r\nRING\r\n'],
        [0, '<', 'AT\r\r\nOK\r\n'],
      ],
      ['dialect: x', 'echo: on', 'end: \\r'],
    ],
    ['no line', [[0, '<', '\r\nRDY\r\n']], ['dialect: x', 'echo: off', 'end: \\r']],
  ] as [string, SaidAt[], string[]][])('begins with a header that knows the host: %s', (_, said, lines) => {
    expect(header(textOf(said))).toEqual(lines);
  });

  test('says when it is full, and is a transcript still', () => {
    const text = textOf(
      Array.from({ length: 100 }, (): SaidAt => [0, '<', '\r\n+A: 1234567890\r\n']),
      500,
    );
    expect(text.length).toBeLessThan(600);
    expect(text).toMatch(/\n# The recording ends here: it is full, at [\d.]+ MiB\.\n$/);
    expect(parseTranscript(text, 'x.at').items.length).toBeGreaterThan(10);
  });

  test('a line without an end is cut into pieces', () => {
    const lines = linesOf([
      ['>', 'x'.repeat(200_000)],
      ['<', 'y'.repeat(200_000)],
    ]);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join('').replace(/[^xy]/g, '')).toHaveLength(400_000);
  });
});

test('no byte is lost, none is added, and each side keeps its order', () => {
  const bytes = fc.constantFrom(
    'AT',
    '\r',
    '\n',
    '\r\n',
    'OK',
    '\r\nOK\r\n',
    '> ',
    '+X="a"',
    '\x1A',
    '\xFF',
    '\r\nCONNECT\r\n',
    'AT\r',
  );
  const said = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom('>' as const, '<' as const), bytes),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(said, steps => {
      const at = (step: number) => steps.slice(0, step + 1).reduce((sum, [gap]) => sum + gap, 0);
      const times = steps.map(([, side, text], step): SaidAt => [at(step), side, text]);
      const text = textOf([...times, [at(steps.length), '>', 'AT\r']]);
      const { header, items } = parseTranscript(text, 'x.at');
      const noFiles = () => Buffer.alloc(0);
      const all = (side: '>' | '<') =>
        times
          .filter(each => each[1] === side)
          .map(each => each[2])
          .join('');
      const host = items.filter(item => item.kind === 'host').map(item => hostBytes(item, header.end ?? '', noFiles));
      const modem = items.filter(item => item.kind === 'modem').map(item => modemBytes(item, noFiles));
      expect(host.join('')).toBe(`${all('>')}AT\r`);
      expect(modem.join('')).toBe(all('<'));
    }),
  );
});
