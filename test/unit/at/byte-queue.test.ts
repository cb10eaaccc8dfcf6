import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteQueue } from '../../../src/at/byte-queue.js';

const filled = (...chunks: string[]) => {
  const queue = new ByteQueue();
  for (const chunk of chunks) queue.push(Buffer.from(chunk, 'latin1'));
  return queue;
};

function drain(queue: ByteQueue): string {
  let bytes = '';
  while (queue.length > 0) bytes += String.fromCharCode(queue.next());
  return bytes;
}

it('gives bytes back in order, by one or by slices', () => {
  const queue = filled('ab', '', 'cde', 'f');
  expect([queue.length, queue.peek(), queue.next()]).toEqual([6, 0x61, 0x61]);
  expect(queue.rest().toString()).toBe('b');
  queue.skip(1);
  expect(queue.rest().toString()).toBe('cde');
  queue.skip(2);
  expect(drain(queue)).toBe('ef');
});

it('drops the newest bytes past a limit', () => {
  const queue = filled('abc', 'def');
  queue.next();
  expect(queue.truncate(9)).toBe(0);
  expect(queue.truncate(3)).toBe(2);
  expect(drain(queue)).toBe('bcd');
  expect(filled('abc').truncate(0)).toBe(3);
});

it('is empty after clear', () => {
  const queue = filled('abc', 'd');
  queue.next();
  queue.clear();
  expect(queue.length).toBe(0);
  queue.push(Buffer.from('xy'));
  expect(drain(queue)).toBe('xy');
});

it('behaves as one string under any pushes, reads and cuts', () => {
  const action = fc.oneof(
    fc.record({ push: fc.string({ maxLength: 5 }) }),
    fc.record({ read: fc.nat({ max: 8 }) }),
    fc.record({ limit: fc.nat({ max: 40 }) }),
  );
  fc.assert(
    fc.property(fc.array(action, { maxLength: 300 }), actions => {
      const queue = new ByteQueue();
      let model = '';
      for (const act of actions) {
        if ('push' in act) {
          queue.push(Buffer.from(act.push));
          model += act.push;
        } else if ('limit' in act) {
          expect(queue.truncate(act.limit)).toBe(Math.max(0, model.length - act.limit));
          model = model.slice(0, act.limit);
        } else {
          for (let left = Math.min(act.read, queue.length); left > 0; left--) {
            expect(queue.next()).toBe(model.charCodeAt(0));
            model = model.slice(1);
          }
        }
        expect(queue.length).toBe(model.length);
      }
      expect(drain(queue)).toBe(model);
    }),
  );
});
