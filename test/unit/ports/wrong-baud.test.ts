import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { garble } from '../../../src/ports/wrong-baud.js';

const heard = (bytes: string, from: number, to: number): string =>
  garble(Buffer.from(bytes, 'latin1'), from, to).toString('hex');

const speed = fc.constantFrom(300, 1200, 9600, 38_400, 57_600, 74_880, 115_200, 230_400, 921_600);
const bytes = fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array));

describe('at the same speed', () => {
  it('every byte is what it was', () => {
    fc.assert(
      fc.property(bytes, speed, (sent, baud) => {
        expect(garble(sent, baud, baud)).toEqual(sent);
      }),
    );
  });
});

describe('at nearly the same speed', () => {
  it.each([-3, -1, 1, 3])('%d %% apart, every byte is what it was', percent => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    expect(garble(all, 115_200, Math.round(115_200 * (1 + percent / 100)))).toEqual(all);
  });

  it('8 % apart, it is not', () => {
    expect(heard('AT\r', 115_200, 124_416)).not.toBe(Buffer.from('AT\r').toString('hex'));
  });
});

describe('at another speed', () => {
  // Worked out by hand. From the start bit to the stop bit `U` is 0101010101 on the line, `A` 0100000101.
  it.each([
    // Two of the receiver's bits are one of the sender's: 0 01100110 0, whose stop bit is missing, and 0 01100111 1.
    ['from half the speed, `U`', 'U', 57_600, 115_200, 'e6'],
    // One of its bits spans three: the first fall is too short for a start bit, from the second on it meets 0 01000101 1.
    ['from three times the speed, `AAA`', 'AAA', 115_200, 38_400, 'a2'],
    // One of its bits spans two, which are never alike where it looks for a start bit.
    ['from twice the speed, `UUU`', 'UUU', 115_200, 57_600, ''],
  ])('%s', (_, sent, from, to, expected) => {
    expect(heard(sent, from, to)).toBe(expected);
  });

  it('a slow sender keeps the line low too long for a byte: it is lost', () => {
    expect(heard('\0', 300, 115_200)).toBe('');
    expect(heard('\0\0\0', 9600, 115_200)).toBe('');
  });

  it('twelve bytes of a fast sender are one of a slow receiver, or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 12 }), sent => {
        expect(garble(Buffer.from(sent), 115_200, 9600).length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('it is never more than the time of the burst holds', () => {
    fc.assert(
      fc.property(bytes, speed, speed, (sent, from, to) => {
        const received = garble(sent, from, to);
        expect(received.length).toBeLessThanOrEqual(Math.ceil((sent.length * to) / from) + 1);
        expect(garble(sent, from, to)).toEqual(received);
      }),
    );
  });

  it('an `AT` at 9600 is no `AT` at 115200, nor the other way round', () => {
    for (const [from, to] of [
      [9600, 115_200],
      [115_200, 9600],
    ] as const)
      expect(heard('AT\r', from, to)).not.toContain(Buffer.from('AT').toString('hex'));
  });
});
