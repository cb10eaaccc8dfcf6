import { describe, expect, it } from 'vitest';
import { randomFrom, seedFor } from '../../../src/base/random.js';

const draw = (seed: number, count: number): number[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, random);
};

describe('chance that can be repeated', () => {
  it('is the same for the same seed, everywhere: the first of mulberry32', () => {
    expect(draw(1, 3)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
    expect(draw(0xffff_ffff, 5)).toEqual(draw(0xffff_ffff, 5));
  });

  it('is spread over 0 to 1, and never 1', () => {
    const drawn = draw(42, 10_000);
    const tenths = Array.from({ length: 10 }, (_, i) => drawn.filter(n => Math.floor(n * 10) === i).length);
    expect(Math.min(...tenths)).toBeGreaterThan(850);
    expect(Math.max(...drawn)).toBeLessThan(1);
  });

  it('differs by seed and by name', () => {
    expect(draw(1, 5)).not.toEqual(draw(2, 5));
    const seeds = ['a', 'b', 'modem', 'modem-2'].flatMap(name => [seedFor(name, 1), seedFor(name, 2)]);
    expect(new Set(seeds).size).toBe(8);
    expect(seedFor('a', 1)).toBe(seedFor('a', 1));
  });
});
