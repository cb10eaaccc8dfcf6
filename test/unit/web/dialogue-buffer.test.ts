/** The lines that a page keeps: bounded, in order, and those of them that a filter shows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialogueEntry } from '../../../src/control/messages.js';
import { DialogueBuffer } from '../../../src/web/dialogue-buffer.js';

const line = (n: number, text = `line ${n}`): DialogueEntry => ({ n, at: n, channel: 0, from: 'host', text });
const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => line(from + i));
const numbers = ({ shown }: DialogueBuffer) => shown.map(({ n }) => n);
const isEven = ({ n }: DialogueEntry) => n % 2 === 0;

function filled(most: number, to: number): DialogueBuffer {
  const buffer = new DialogueBuffer(most);
  buffer.add(lines(1, to));
  return buffer;
}

describe('what is kept', () => {
  it('is bounded, the oldest go', () => {
    const buffer = filled(100, 111);
    expect(buffer.length).toBe(100);
    expect(numbers(buffer)).toEqual(lines(12, 111).map(({ n }) => n));
    expect(buffer.forgotten).toBe(11);
  });

  it('holds each line once, though it comes twice', () => {
    const buffer = filled(100, 5);
    buffer.add(lines(3, 7));
    expect(numbers(buffer)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('says where lines are missing', () => {
    const buffer = new DialogueBuffer();
    buffer.add([line(5), line(6), line(9)]);
    expect(buffer.shown.map(({ missing }) => missing)).toEqual([4, undefined, 2]);
  });

  it('counts anew after it was cleared', () => {
    const buffer = filled(100, 50);
    buffer.clear();
    buffer.add([line(1)]);
    expect(numbers(buffer)).toEqual([1]);
    expect(buffer.shown[0]?.missing).toBeUndefined();
  });
});

describe('what is shown', () => {
  it('is what the filter lets through, of old lines and new', () => {
    const buffer = filled(100, 4);
    buffer.filter(isEven);
    buffer.add(lines(5, 8));
    expect(numbers(buffer)).toEqual([2, 4, 6, 8]);
    buffer.filter(() => true);
    expect(buffer.shown).toHaveLength(8);
  });

  it('forgets what is no longer kept, and counts that', () => {
    const buffer = filled(100, 100);
    buffer.filter(isEven);
    buffer.add(lines(101, 111));
    expect(numbers(buffer)[0]).toBe(12);
    expect(buffer.forgotten).toBe(5);
  });

  it('is a new revision with each change', () => {
    const buffer = filled(100, 1);
    const before = buffer.revision;
    buffer.add([line(2)]);
    buffer.filter(isEven);
    expect(buffer.revision).toBe(before + 2);
  });

  it('is always the kept lines that pass, however they came', () => {
    const counts = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 20 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 40 }), (batches, most) => {
        const buffer = new DialogueBuffer(most);
        buffer.filter(isEven);
        let last = 0;
        let shown = 0;
        for (const count of batches) {
          buffer.add(lines(last + 1, last + count));
          last += count;
          shown += [...lines(last - count + 1, last)].filter(isEven).length;
          expect(buffer.length).toBeLessThanOrEqual(most * 1.1);
          expect(buffer.shown.every(isEven)).toBe(true);
          expect(buffer.shown.length + buffer.forgotten).toBe(shown);
          expect(buffer.last).toBe(last);
        }
      }),
    );
  });
});
