import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputQueue } from '../../../src/ports/output-queue.js';

const step = fc.oneof(
  fc.record({ push: fc.uint8Array({ maxLength: 40_000 }) }),
  fc.record({ take: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

describe('the output queue', () => {
  it('gives back every byte once and in order, however it is filled and emptied', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), steps => {
        const queue = new OutputQueue();
        const pushed: Buffer[] = [];
        const taken: Buffer[] = [];
        const take = (share: number) => {
          const block = queue.peek();
          const count = Math.ceil(block.length * share);
          taken.push(Buffer.from(block.subarray(0, count)));
          if (count > 0) queue.take(count);
        };
        for (const step of steps) {
          if ('take' in step) take(step.take);
          else if (queue.push(Buffer.from(step.push)) === 'taken') pushed.push(Buffer.from(step.push));
        }
        while (queue.size > 0) take(1);
        expect(Buffer.concat(taken).equals(Buffer.concat(pushed))).toBe(true);
      }),
    );
  });

  it('takes a write whole or not at all, and never passes its bound', () => {
    const queue = new OutputQueue(10);
    expect(queue.push(Buffer.from('12345678'))).toBe('taken');
    expect(queue.push(Buffer.from('abc'))).toBe('overflow');
    expect(queue.push(Buffer.from('abc'))).toBe('still-overflowing');
    expect(queue.push(Buffer.from('90'))).toBe('taken');
    expect(queue.size).toBe(10);
    expect(queue.peek().toString()).toBe('1234567890');
  });

  it('names the first refusal again after it was empty', () => {
    const queue = new OutputQueue(1);
    expect(queue.push(Buffer.from('ab'))).toBe('overflow');
    expect(queue.clear()).toBe(0);
    expect(queue.push(Buffer.from('ab'))).toBe('overflow');
    queue.push(Buffer.from('a'));
    expect(queue.clear()).toBe(1);
    expect(queue.peek()).toHaveLength(0);
  });

  it('does not keep the writer from changing its buffer', () => {
    const queue = new OutputQueue();
    const bytes = Buffer.from('OK');
    queue.push(bytes);
    bytes.fill(0);
    expect(queue.peek().toString()).toBe('OK');
  });

  it('holds a million small writes in about their own size', () => {
    const queue = new OutputQueue();
    const answer = Buffer.from('\r\nOK\r\n');
    let count = 0;
    while (queue.push(answer) === 'taken') count++;
    expect(count).toBe(Math.floor(queue.maximum / answer.length));
    let taken = 0;
    for (let block = queue.peek(); block.length > 0; block = queue.peek()) {
      taken += block.length;
      queue.take(block.length);
    }
    expect(taken).toBe(count * answer.length);
  });
});
