import { describe, expect, it, test } from 'vitest';
import { heldLimit } from '../../../src/at/framer.js';
import type { LineStyle } from '../../../src/at/style.js';
import { toBuffer } from '../../../src/base/bytes.js';
import { eventsOf, makeFramer, type Setup } from './recording-sink.js';

const esp: Partial<LineStyle> = { lines: 'esp', chain: false, lineLimit: 254 };

describe('command lines after the prefix AT [V.250 5.2.1]', () => {
  test.each([
    ['AT\r', ['line: ']],
    ['at+csq\r', ['line: +csq']],
    ['At+CSQ\raT+CSQ\r', ['line: +CSQ', 'line: +CSQ']],
    ['AT+CSQ\r\nAT\r\n', ['line: +CSQ', 'line: ']],
    ['noiseAT+CSQ\r', ['line: +CSQ']],
    ['\xff\x00AAT+CSQ\r', ['line: +CSQ']],
    ['A T+CSQ\r', []],
    ['hello\r', []],
    ['\r\n\r\n\n\r', []],
    ['A\rT\r', []],
    ['AT+CSQ', []],
  ])('%j', (typed, events) => expect(eventsOf(typed)).toEqual(events));

  test.each([
    ['drops control bytes, inside quotes too', 'AT\x00+X="a\tb\x1ac\n"\r', ['line: +X="abc"']],
    ['keeps bytes from 0x80 up', 'AT+X="\xe6\xb8\xa9\xff"\r', ['line: +X="\\xE6\\xB8\\xA9\\xFF"']],
    ['S5 deletes the character before it', 'AT+CSX\bQ\r', ['line: +CSQ']],
    ['S5 cannot delete the prefix', 'AT+\b\b\b\bI\r', ['line: I']],
  ])('%s', (_, typed, events) => expect(eventsOf(typed)).toEqual(events));

  it('obeys S3 and S5 as they are when the byte comes', () => {
    const { registers, events, type } = makeFramer({ onLine: () => Object.assign(registers, { lineEnd: 0x3b }) });
    type('AT+A\rAT+B\r;');
    registers.editing = 0x7f;
    type('AT+CD\x7f;');
    expect(events).toEqual(['line: +A', 'line: +B', 'line: +C']);
  });

  it('swallows no line feed after an S3 that is one', () => {
    const setup: Setup = { registers: { lineEnd: 0x0a }, onLine: (_, framer) => framer.expectData({ count: 2 }) };
    expect(eventsOf('AT+X\n\n1', setup)).toEqual(['line: +X', 'done: \\n1']);
  });
});

describe('A/ [V.250 5.2.4]', () => {
  test.each([
    ['A/', ['repeat']],
    ['a/A/', ['repeat', 'repeat']],
    ['xA/AT\r', ['repeat', 'line: ']],
    ['AT+X=A/\r', ['line: +X=A/']],
  ])('%j', (typed, events) => expect(eventsOf(typed)).toEqual(events));

  it('is a line like another where every line counts', () => {
    expect(eventsOf('A/\r', { style: esp })).toEqual(['not a command: A/']);
  });
});

describe('where every line counts', () => {
  test.each([
    ['AT\r\n', ['line: ']],
    ['at+gmr\r\n', ['line: +gmr']],
    ['\r\n\r\n \r\n', []],
    ['?\r\n', ['not a command: ?']],
    ['+++AT\r\n', ['not a command: +++AT']],
    ['\x00AX\bT+GMR\r\n', ['line: +GMR']],
    ['AT\b\b\b\r\n', ['line: ']],
  ])('%j', (typed, events) => expect(eventsOf(typed, { style: esp })).toEqual(events));

  test.each([
    ['\n', ['not a command: ']],
    ['\r\n\n', ['not a command: ', 'not a command: ']],
    ['\r', []],
    ['AT\r\nAT\r\n', ['line: ', 'line: ']],
    ['AT\r\n\r\nAT\n', ['line: ', 'not a command: ']],
  ])('an LF alone too, where blank lines are refused: %j', (typed, events) =>
    expect(eventsOf(typed, { style: { ...esp, blankLine: 'refused' } })).toEqual(events),
  );
});

describe('the line limit', () => {
  const style = { lineLimit: 6 };
  test.each([
    ['a line of exactly the limit runs', 'AT+CSQ\r', ['line: +CSQ']],
    ['one byte more does not', 'AT+CSQ?\r', ['overlong']],
    ['the next line is heard again', 'AT+LONGER\rAT\r', ['overlong', 'line: ']],
    ['noise before the prefix does not count', 'noiseAT+CSQ\r', ['line: +CSQ']],
    ['dropped and deleted bytes do not count', 'AT+\x00\x01CSX\bQ\r', ['line: +CSQ']],
    ['a line past it cannot be edited back', 'AT+CSQ?\b\r', ['overlong']],
    ['nothing is told before S3', 'AT+LONGER', []],
  ])('%s', (_, typed, events) => expect(eventsOf(typed, { style })).toEqual(events));
});

describe('echo [V.250 6.2.4]', () => {
  const on = { echo: true };
  test.each([
    ['line', 'AT\r\n', ['echo: AT\\r', 'line: ']],
    ['line', 'AT\r', ['echo: AT\\r', 'line: ']],
    ['line', 'xyAT\r', ['echo: xyAT\\r', 'line: ']],
    ['line', 'AX\bT', ['echo: AX\\x08T']],
    ['line', 'A/', ['echo: A/', 'repeat']],
    ['line', '\r\n\r\n', []],
    ['line', '\n\r', []],
    ['all', 'AT\r\n', ['echo: AT\\r\\n', 'line: ']],
    ['cr-crlf', 'AT\r\n', ['echo: AT\\r\\r\\n', 'line: ']],
    ['cr-crlf', 'AT+X\n', ['echo: AT+X\\r\\n']],
  ] as const)('%s: %j', (echo, typed, events) => {
    expect(eventsOf(typed, { style: { echo }, registers: on })).toEqual(events);
  });

  it('of ATE0 itself is whole, in each style', () => {
    for (const [echo, echoed] of [
      ['line', 'ATE0\\r'],
      ['all', 'ATE0\\r\\n'],
      ['cr-crlf', 'ATE0\\r\\r\\n'],
    ] as const) {
      const { events, registers, type } = makeFramer({
        style: { echo },
        registers: on,
        onLine: () => Object.assign(registers, { echo: false }),
      });
      for (const byte of 'ATE0\r\nAT\r\n') type(byte);
      expect(events).toEqual([`echo: ${echoed}`, 'line: E0', 'line: ']);
    }
  });

  it('adds no line feed to an S3 that is one', () => {
    const setup: Setup = { style: { echo: 'all' }, registers: { echo: true, lineEnd: 0x0a } };
    expect(eventsOf('AT\n', setup)).toEqual(['echo: AT\\n', 'line: ']);
  });

  it('of data follows the style and E', () => {
    const typed = 'AT+X\r\n1\r2';
    const onLine: Setup['onLine'] = (_, framer) => framer.expectData({ count: 3 });
    const echoed = { style: { dataEcho: true }, registers: on, onLine };
    expect(eventsOf(typed, echoed)).toEqual(['echo: AT+X\\r', 'line: +X', 'echo: 1\\r2', 'done: 1\\r2']);
    expect(eventsOf(typed, { ...echoed, registers: {} })).toEqual(['line: +X', 'done: 1\\r2']);
    expect(eventsOf(typed, { registers: on, onLine })).toEqual(['echo: AT+X\\r', 'line: +X', 'done: 1\\r2']);
  });
});

describe('data', () => {
  const expecting =
    (phase: Parameters<ReturnType<typeof makeFramer>['framer']['expectData']>[0]): Setup['onLine'] =>
    (body, framer) => {
      if (body === '+X') framer.expectData(phase);
    };
  const counted = expecting({ count: 4 });
  const typedOff = expecting({ until: [0x1a], cancel: [0x1b], quote: 0x03, limit: 4 });

  test.each([
    ['a count takes every byte there is', 'AT+X\r\x00\x1a"\xff', ['done: \\x00\\x1A"\\xFF']],
    ['the byte after it is a command again', 'AT+X\r\nA\rT\r\r\nAT\r\n', ['done: A\\rT\\r', 'line: ']],
    ['CRLF after it says nothing', 'AT+X\r1234\r\n', ['done: 1234']],
  ])('%s', (_, typed, events) => {
    expect(eventsOf(typed, { onLine: counted, registers: {} })).toEqual(['line: +X', ...events]);
  });

  test.each([
    ['the end byte is not data', 'AT+X\r\nabc\x1aAT\r', ['done: abc', 'line: ']],
    ['nor is the cancel byte', 'AT+X\rab\x1bAT\r', ['cancelled: ab', 'line: ']],
    ['an end byte at once', 'AT+X\r\x1a', ['done: ']],
    ['a quoted byte is payload', 'AT+X\r\x03\x1a\x03\x03\x03\x1b\x1a', ['done: \\x1A\\x03\\x1B']],
    ['bytes past the limit are dropped', 'AT+X\rabcdef\x1a', ['done: abcd']],
  ])('until: %s', (_, typed, events) => {
    expect(eventsOf(typed, { onLine: typedOff })).toEqual(['line: +X', ...events]);
  });

  test.each([
    ['the mark ends it', 'AT+X\rab\\0AT\r', ['done: ab', 'line: ']],
    ['at once', 'AT+X\r\\0AT\r', ['done: ', 'line: ']],
    ['the quote is dropped before any other byte', 'AT+X\r\\a\\\r\\"bAT\r', ['done: a\\r"b', 'line: ']],
    ['a quoted quote, and what would be the mark', 'AT+X\r\\\\0\\\\0AT\r', ['done: \\\\0\\\\0', 'line: ']],
    ['full without a mark', 'AT+X\r0000AT\r', ['done: 0000', 'line: ']],
    ['a quote at the end waits for its byte', 'AT+X\rabc\\', []],
  ])('a count, a quote and a mark: %s', (_, typed, events) => {
    const quoted = expecting({ count: 4, quote: 0x5c, mark: '\\0' });
    expect(eventsOf(typed, { onLine: quoted })).toEqual(['line: +X', ...events]);
    const pieces = makeFramer({ onLine: quoted });
    for (const byte of typed) pieces.type(byte);
    expect(pieces.events).toEqual(['line: +X', ...events]);
  });

  it('counts bytes past the limit, and tells the count after the end', () => {
    const { framer, type } = makeFramer({ onLine: typedOff });
    type('AT+X\rabc');
    expect([framer.mode, framer.received]).toEqual(['data', 3]);
    type('def\x1a');
    expect([framer.mode, framer.received]).toEqual(['command', 6]);
  });

  it('of count 0 ends at once', () => {
    const { framer, events, type } = makeFramer({ onLine: expecting({ count: 0 }) });
    type('AT+X\r\nAT\r');
    expect(events).toEqual(['line: +X', 'done: ', 'line: ']);
    expect(framer.received).toBe(0);
  });

  it('is ended by the caller, who gets what came', () => {
    const { framer, events, type } = makeFramer({ onLine: counted });
    type('AT+X\rab');
    expect(framer.endData()).toBe('ab');
    expect(framer.endData()).toBe('');
    type('AT\r');
    expect(events).toEqual(['line: +X', 'line: ']);
  });

  it('may be asked for where the last data ended', () => {
    const { framer, events, type } = makeFramer({ onLine: counted });
    type('AT+X\rabcd');
    framer.expectData({ count: 2 });
    expect(framer.received).toBe(0);
    type('efAT\r');
    expect(events).toEqual(['line: +X', 'done: abcd', 'done: ef', 'line: ']);
  });

  it('is not asked for twice', () => {
    const { framer } = makeFramer();
    framer.expectData({ count: 1 });
    expect(() => framer.expectData({ count: 1 })).toThrow('open already');
  });

  it('makes the framer forget a half-typed line', () => {
    const { framer, events, type } = makeFramer();
    type('AT+C');
    framer.expectData({ count: 1 });
    type('xSQ\r');
    expect(events).toEqual(['done: x']);
  });
});

describe('the LF of the CRLF that ended the command', () => {
  const onLine: Setup['onLine'] = (_, framer) => framer.expectData({ count: 2 });
  test.each([
    ['swallow', 'AT+X\r\n12', 'done: 12'],
    ['swallow', 'AT+X\r\n\n1', 'done: \\n1'],
    ['swallow', 'AT+X\r1\n', 'done: 1\\n'],
    ['payload', 'AT+X\r\n1', 'done: \\n1'],
    ['as-host', 'AT+X\r\n12', 'done: 12'],
  ] as const)('%s: %j', (lfAtPrompt, typed, data) => {
    expect(eventsOf(typed, { style: { lfAtPrompt }, onLine })).toEqual(['line: +X', data]);
  });

  test.each([
    ['in CR', 'AT\rAT+X\r\n1', 'done: \\n1'],
    ['in CR, before data', 'AT+X\r12AT+X\r\n1', 'done: \\n1'],
    ['in CR LF', 'AT\r\nAT+X\r\n12', 'done: 12'],
  ])('as-host: is what it was after the line before, which ended %s', (_, typed, data) => {
    const asks: Setup['onLine'] = (body, framer) => body === '+X' && framer.expectData({ count: 2 });
    expect(eventsOf(typed, { style: { lfAtPrompt: 'as-host' }, onLine: asks }).at(-1)).toBe(data);
  });

  it('is swallowed when it comes in a later chunk, the prompt being open', () => {
    const { framer, events, type } = makeFramer();
    type('AT+X\r');
    framer.expectData({ until: [0x1a], limit: 9 });
    type('\n');
    type('\n\x1a');
    expect(events).toEqual(['line: +X', 'done: \\n']);
  });

  it('is not waited for past the end of the data', () => {
    const { framer, events, type } = makeFramer({ style: { lines: 'esp' } });
    type('AT+X\r');
    framer.expectData({ count: 1 });
    framer.endData();
    type('\nAT\r');
    expect(events).toEqual(['line: +X', 'line: ']);
  });

  test.each([
    ['swallow', 'online: data'],
    ['payload', 'online: \\ndata'],
  ] as const)('%s: in online data state', (lfAtPrompt, online) => {
    const setup: Setup = { style: { lfAtPrompt }, onLine: (_, framer) => framer.goOnline() };
    expect(eventsOf('ATO\r\ndata', setup)).toEqual(['line: O', online]);
  });
});

describe('online data state', () => {
  it('passes bytes on, and comes back to an empty line', () => {
    const { framer, events, type } = makeFramer({ onLine: (_, framer) => framer.goOnline() });
    type('ATO\rAT+X\r\x00');
    expect(framer.mode).toBe('online');
    framer.leaveOnline();
    type('AT+Y\r');
    expect(events).toEqual(['line: O', 'online: AT+X\\r\\x00', 'line: +Y']);
  });

  it('makes the framer forget a half-typed line', () => {
    const { framer, events, type } = makeFramer();
    type('AT+C');
    framer.goOnline();
    framer.leaveOnline();
    type('SQ\rAT\r');
    expect(events).toEqual(['line: ']);
  });

  it('passes a chunk on in one piece', () => {
    const { framer, sink } = makeFramer();
    const pieces: number[] = [];
    sink.online = bytes => pieces.push(bytes.length);
    framer.goOnline();
    framer.feed(Buffer.alloc(heldLimit, 'A'));
    expect(pieces).toEqual([heldLimit]);
  });
});

describe('hold and release', () => {
  it('keeps what comes while a command runs, and reads it then', () => {
    const { framer, events, type } = makeFramer({ registers: { echo: true }, onLine: (_, framer) => framer.hold() });
    type('AT+A\r\nAT+B\r');
    type('AT+C\r');
    expect(framer.mode).toBe('held');
    expect(events).toEqual(['echo: AT+A\\r', 'line: +A']);
    framer.release();
    expect(events.slice(2)).toEqual(['echo: AT+B\\r', 'line: +B']);
    framer.release();
    expect(events.slice(4)).toEqual(['echo: AT+C\\r', 'line: +C']);
  });

  it('makes data of held bytes when the prompt comes', () => {
    const { framer, events, type } = makeFramer({ onLine: (_, framer) => framer.hold() });
    type('AT+X\r\nhello');
    framer.expectData({ count: 5 });
    expect(events).toEqual(['line: +X']);
    framer.release();
    expect(events).toEqual(['line: +X', 'done: hello']);
  });

  it('may release inside the line that held', () => {
    const onLine: Setup['onLine'] = (_, framer) => {
      framer.hold();
      framer.release();
    };
    expect(eventsOf('AT+A\rAT+B\r', { onLine })).toEqual(['line: +A', 'line: +B']);
  });

  it('keeps the order when the sink feeds', () => {
    const onLine: Setup['onLine'] = (body, framer) => {
      if (body === '+A') framer.feed(toBuffer('AT+C\r'));
    };
    expect(eventsOf('AT+A\rAT+B\r', { onLine })).toEqual(['line: +A', 'line: +B', 'line: +C']);
  });

  it('tells a line only after the sink is done with the one before', () => {
    const told: string[] = [];
    const onLine: Setup['onLine'] = (body, framer) => {
      told.push(`${body} begins`);
      framer.hold();
      framer.release();
      if (body === '+A') framer.feed(toBuffer('AT+C\r'));
      told.push(`${body} ends`);
    };
    eventsOf('AT+A\rAT+B\r', { onLine });
    expect(told).toEqual(['+A begins', '+A ends', '+B begins', '+B ends', '+C begins', '+C ends']);
  });

  it('counts what finds no room, whether it came before or after', () => {
    for (const cut of [1, 5, heldLimit]) {
      const { framer, events, type } = makeFramer({ onLine: (_, framer) => framer.hold() });
      const typed = `AT+X\r${'d'.repeat(heldLimit)}lost`;
      type(typed.slice(0, cut));
      type(typed.slice(cut));
      expect(framer.dropped).toBe(4);
      framer.expectData({ count: heldLimit + 1 });
      framer.release();
      expect(framer.received).toBe(heldLimit);
      type('!');
      expect(events.at(-1)).toBe(`done: ${'d'.repeat(heldLimit)}!`);
    }
  });
});

describe('the framer', () => {
  it.each([
    ['A', true],
    ['AT', true],
    ['AT+C', true],
    ['noise', false],
    ['AX', false],
    ['AT\r', false],
    ['', false],
    [`AT${'x'.repeat(2000)}`, true],
  ])('after %j is typing: %j', (typed, isTyping) => {
    const { framer, type } = makeFramer();
    type(typed);
    expect(framer.isTyping).toBe(isTyping);
  });

  it('forgets everything partial on reset', () => {
    for (const partial of ['AT+C', 'AT+DATA\rab', 'AT+HOLD\rAT+X\r', 'ATO\rdata', 'AT+CR\r']) {
      const { framer, events, type } = makeFramer({
        onLine: body => {
          if (body === '+DATA') framer.expectData({ count: 9 });
          if (body === '+HOLD') framer.hold();
          if (body === 'O') framer.goOnline();
        },
      });
      type(partial);
      events.length = 0;
      framer.reset();
      expect([framer.mode, framer.isTyping, framer.received]).toEqual(['command', false, 0]);
      type('SQ\rAT+Y\r');
      expect(events).toEqual(['line: +Y']);
    }
  });

  it('forgets on reset that a line ended', () => {
    const { framer, events, type } = makeFramer();
    type('AT\r');
    framer.reset();
    framer.expectData({ count: 1 });
    type('\n');
    expect(events).toEqual(['line: ', 'done: \\n']);
  });

  it('reset inside a line forgets the rest of the chunk', () => {
    expect(eventsOf('AT+RESET\rAT+X\r', { onLine: (_, framer) => framer.reset() })).toEqual(['line: +RESET']);
  });

  it('reads on after a sink that threw, without losing or doubling a byte', () => {
    const { events, type } = makeFramer({
      onLine: body => {
        if (body === '+BUG') throw new Error('a bug');
      },
    });
    expect(() => type('AT+A\rAT+BUG\rAT+B\rAT+')).toThrow('a bug');
    type('C\r');
    expect(events).toEqual(['line: +A', 'line: +BUG', 'line: +B', 'line: +C']);
  });
});
