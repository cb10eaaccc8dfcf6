/** Which lines of a dialogue a search and the speakers leave. */
import { describe, expect, it } from 'vitest';
import type { DialogueEntry } from '../../../src/control/messages.js';
import { everyLine, type LineFilter, readFilter, speakerOf } from '../../../src/web/line-filter.js';

const line = (text: string, change: Partial<DialogueEntry> = {}): DialogueEntry => ({
  n: 1,
  at: 0,
  channel: 0,
  from: 'modem',
  text,
  ...change,
});
const passes = (filter: Partial<LineFilter>, entry: DialogueEntry) =>
  readFilter({ ...everyLine, ...filter }).test(entry);

describe('a search', () => {
  it.each([
    ['', 'AT+CSQ', true],
    ['  ', 'AT+CSQ', true],
    ['csq', 'AT+CSQ', true],
    ['mpub qos', '+MPUB qos 1', true],
    ['mpub qos', '+MPUB', false],
    ['-ok', 'OK', false],
    ['mpub -qos', '+MPUB', true],
    ['-', 'a-b', true],
    ['-', 'ab', false],
    ['/^\\+CSQ: \\d+/', '+CSQ: 31,0', true],
    ['/^\\+CSQ: \\d+', '+csq: 31,0', true],
    ['/^CSQ/', '+CSQ: 31,0', false],
    ['/', 'a/b', true],
  ])('%j of %j: %s', (search, text, found) => {
    expect(passes({ search }, line(text))).toBe(found);
  });

  it('that cannot be read says why, and leaves nothing out', () => {
    const { test, mistake } = readFilter({ ...everyLine, search: '/(/' });
    expect(mistake).toMatch(/group/i);
    expect(test(line('anything'))).toBe(true);
  });
});

describe('speakers', () => {
  it('are told apart: a URC is not an answer', () => {
    expect([line('x'), line('x', { urc: true }), line('x', { from: 'broker' })].map(speakerOf)).toEqual([
      'modem',
      'urc',
      'broker',
    ]);
  });

  it('are hidden one by one', () => {
    const filter = { hidden: new Set(['urc'] as const) };
    expect(passes(filter, line('RING', { urc: true }))).toBe(false);
    expect(passes(filter, line('OK'))).toBe(true);
  });

  it('on a terminal can be left out as a whole', () => {
    const { test } = readFilter({ ...everyLine, withoutTerminals: true }, channel => channel === 3);
    expect(test(line('AT', { from: 'host', channel: 3 }))).toBe(false);
    expect(test(line('AT', { from: 'host', channel: 0 }))).toBe(true);
  });
});
