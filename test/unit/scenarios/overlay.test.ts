import { describe, expect, it } from 'vitest';
import { Overlay } from '../../../src/scenarios/overlay.js';

function over(value: number) {
  const seen = { value };
  const overlay = new Overlay<number>(
    () => seen.value,
    to => {
      seen.value = to;
    },
  );
  return { seen, overlay };
}

describe('an overlaid value', () => {
  it('is as it was when the fault is gone', () => {
    const { seen, overlay } = over(28);
    const end = overlay.put(5);
    expect(seen.value).toBe(5);
    end();
    expect(seen.value).toBe(28);
  });

  it.each([
    ['first in, first out', [0, 1], [10, 28]],
    ['first in, last out', [1, 0], [5, 28]],
  ])('of two the later holds: %s', (_, order, values) => {
    const { seen, overlay } = over(28);
    const ends = [overlay.put(5), overlay.put(10)];
    expect(seen.value).toBe(10);
    const left = order.map(i => {
      ends[i]!();
      return seen.value;
    });
    expect(left).toEqual(values);
  });

  it('is left alone when somebody else has set it meanwhile', () => {
    const { seen, overlay } = over(28);
    const end = overlay.put(5);
    seen.value = 17;
    end();
    expect(seen.value).toBe(17);
  });
});
