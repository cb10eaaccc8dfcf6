import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boundsFor, DialogueLog, largestLog } from '../../../src/control/dialogue-log.js';
import type { DialogueLine } from '../../../src/modem/dialogue.js';

const line = (text: string): DialogueLine => ({ at: 1, modem: 'm', channel: 0, from: 'host', text });

function filled(count: number, bounds = largestLog): DialogueLog {
  const log = new DialogueLog(bounds);
  for (let n = 1; n <= count; n++) log.add(line(`line ${n}`));
  return log;
}

const numbers = (entries: readonly { n: number }[]) => entries.map(({ n }) => n);

describe('what is kept', () => {
  test('nothing at first', () => {
    const log = new DialogueLog();
    expect([log.first, log.last, log.newest(10), log.after(0, 10), log.missedAfter(0)]).toEqual([0, 0, [], [], 0]);
  });

  test('lines are numbered from 1, with all that was said of them', () => {
    const log = new DialogueLog();
    log.add({ at: 7, modem: 'm', channel: 1, from: 'broker', direction: 'in', text: 'PINGRESP' });
    log.add({ at: 8, modem: 'm', channel: 0, from: 'modem', urc: true, text: 'CLOSED' });
    expect(log.newest(10)).toEqual([
      { n: 1, at: 7, channel: 1, from: 'broker', direction: 'in', text: 'PINGRESP' },
      { n: 2, at: 8, channel: 0, from: 'modem', urc: true, text: 'CLOSED' },
    ]);
  });

  test('the newest lines, up to the bound', () => {
    const log = filled(25, { lines: 10, bytes: 1e6 });
    expect([log.first, log.last]).toEqual([16, 25]);
    expect(numbers(log.newest(3))).toEqual([23, 24, 25]);
    expect(log.newest(1)[0]!.text).toBe('line 25');
  });

  test('long lines push out more of the old', () => {
    const log = filled(10, { lines: 100, bytes: 3000 });
    log.add(line('x'.repeat(1200)));
    expect(log.bytes).toBeLessThanOrEqual(3000);
    expect(numbers(log.newest(100))).toEqual([7, 8, 9, 10, 11]);
  });

  test('one line stays, however long', () => {
    const log = filled(5, { lines: 10, bytes: 10 });
    expect(numbers(log.newest(10))).toEqual([5]);
  });
});

describe('what is asked for', () => {
  test('the lines after one, oldest first, so many', () => {
    const log = filled(25, { lines: 10, bytes: 1e6 });
    expect(numbers(log.after(20, 3))).toEqual([21, 22, 23]);
    expect(numbers(log.after(25, 3))).toEqual([]);
    expect(log.missedAfter(20)).toBe(0);
  });

  test('lines that are gone are counted', () => {
    const log = filled(25, { lines: 10, bytes: 1e6 });
    expect(numbers(log.after(3, 2))).toEqual([16, 17]);
    expect(log.missedAfter(3)).toBe(12);
  });

  test('a number of another run is no mistake', () => {
    expect(filled(3).after(1000, 10)).toEqual([]);
    expect(filled(3).missedAfter(1000)).toBe(0);
  });

  test('whatever is said: what was missed and what is kept make the whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 60 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 0, max: 60 }),
        (texts, lines, bytes, after) => {
          const log = new DialogueLog({ lines, bytes });
          for (const text of texts) log.add(line(text));
          const kept = log.after(after, 1000);
          expect(log.missedAfter(after) + kept.length).toBe(Math.max(0, texts.length - after));
          expect(kept.map(({ text }) => text)).toEqual(texts.slice(texts.length - kept.length));
          expect(kept.length).toBeLessThanOrEqual(lines);
        },
      ),
    );
  });
});

test('a thousand logs share what ten may have', () => {
  expect(boundsFor(1)).toEqual(largestLog);
  expect(boundsFor(64)).toEqual(largestLog);
  expect(boundsFor(1000).bytes * 1000).toBeLessThanOrEqual(64 * 1024 * 1024);
  expect(boundsFor(100_000).bytes).toBe(32 * 1024);
});
