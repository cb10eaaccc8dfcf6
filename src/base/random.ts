/**
 * Chance that can be repeated: numbers that look random, and are the same everywhere for the same seed. For tests and faults,
 * never for keys.
 */

/** From 0, and below 1. */
export type Random = () => number;

/** Seeds are whole numbers from 0 to this. */
export const largestSeed = 0xffff_ffff;

/** mulberry32: 32 bits of state, one multiplication more than a counter. */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A seed of its own for who is called so: what one draws leaves the others' numbers alone. FNV-1a. */
export function seedFor(name: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${seed}/${name}`, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
