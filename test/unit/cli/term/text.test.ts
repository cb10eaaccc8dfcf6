import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EchoFilter } from '../../../../src/cli/term/echo-filter.js';
import { ReceivedText, readable } from '../../../../src/cli/term/received-text.js';
import { bytesOfLine } from '../../../../src/cli/term/typed-line.js';

const bytes = fc.array(fc.integer({ min: 0, max: 255 })).map(codes => String.fromCharCode(...codes));

describe('a typed line', () => {
  test.each([
    ['AT', 'AT\r'],
    ['', '\r'],
    ['\\x1A', '\x1a'],
    ['\\x1a\\x0d', '\x1a\r'],
    ['hello\\x1A', 'hello\x1a\r'],
    ['AT+X="a\\,b\\"c"', 'AT+X="a\\,b\\"c"\r'],
    ['AT+X="\\\\x1A"', 'AT+X="\\x1A"\r'],
    ['AT+X="\\xZZ"', 'AT+X="\\xZZ"\r'],
  ])('%j', (typed, expected) => {
    expect(bytesOfLine(typed, '\r')).toBe(expected);
  });
});

describe('received text', () => {
  const all = (...chunks: string[]) => {
    const text = new ReceivedText();
    return { lines: chunks.flatMap(chunk => text.take(chunk)), unfinished: text.unfinished };
  };

  test.each([
    ['\r\nOK\r\n', ['', 'OK'], ''],
    ['AT\r\r\nOK\r\n', ['AT', 'OK'], ''],
    ['ATE0\rOK\n', ['ATE0', 'OK'], ''],
    ['\r\n> ', [''], '> '],
    ['0\r', [], '0'],
    ['\r\n+M: \x00\x1b[2J\r\n', ['', '+M: \\x00\\x1B[2J'], ''],
    ['\xe6\xb8\xa9\xe5\xba\xa6\n\xff\n', ['温度', '\\xFF'], ''],
  ])('%j', (received, lines, unfinished) => {
    expect(all(received)).toEqual({ lines, unfinished });
  });

  test('is the same however it is cut up', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (received, cut) => {
        const at = cut % (received.length + 1);
        expect(all(received.slice(0, at), received.slice(at))).toEqual(all(received));
      }),
    );
  });

  test('never lets a control character through to the terminal', () => {
    fc.assert(fc.property(bytes, received => !/[\x00-\x1f\x7f-\x9f]/.test(readable(received))));
  });

  test('a payload without a line end is shown in pieces', () => {
    expect(all('x'.repeat(5000))).toEqual({ lines: ['x'.repeat(5000)], unfinished: '' });
  });
});

describe('the echo', () => {
  const shown = (sent: string, ...chunks: string[]) => {
    const filter = new EchoFilter();
    filter.sent(sent);
    return chunks.map(chunk => filter.take(chunk)).join('');
  };

  test.each([
    ['of a line, and the line break after it', 'AT\r', 'AT\r\r\nOK\r\n', 'OK\r\n'],
    ['that is off: only the line break goes', 'AT\r', '\r\nOK\r\n', 'OK\r\n'],
    ['that is off, before a bare answer', 'AT\r', 'OK\r\n', 'OK\r\n'],
    ['that turns out to be something else', 'AT\r', 'ATTENTION\r\n', 'ATTENTION\r\n'],
    ['behind a URC: it stays', 'AT\r', '+URC\r\nAT\r\r\nOK\r\n', '+URC\r\nAT\r\r\nOK\r\n'],
  ])('%s', (_, sent, received, expected) => {
    expect(shown(sent, received)).toBe(expected);
    expect(shown(sent, ...received)).toBe(expected);
  });

  test('of a second line goes too', () => {
    const filter = new EchoFilter();
    filter.sent('AT\r');
    filter.take('AT\r\r\nOK\r\n');
    filter.sent('ATI\r');
    expect(filter.take('ATI\r\r\nX\r\n')).toBe('X\r\n');
  });

  test('alone is taken out: whatever follows is shown', () => {
    const line = fc.stringMatching(/^AT[A-Z+=?]{0,8}$/).map(text => `${text}\r`);
    fc.assert(fc.property(line, bytes, (sent, rest) => shown(sent, `${sent}\r\n`, rest) === rest));
  });

  test('what was never sent is never taken out', () => {
    fc.assert(fc.property(bytes, received => new EchoFilter().take(received) === received));
  });
});
