import { randomFrom } from '../../src/base/random.js';

/** The ways in which a host's bytes may reach the modem. What they mean must not depend on it. */
export const splits = ['whole', 'bytes', 'odd'] as const;
export type Split = (typeof splits)[number];

/** Where a write of so many bytes is cut: offsets at which a piece ends. */
export type Cutter = (length: number) => number[];

/** Not at all, after each byte, or at places that the seed chooses. */
export function cutter(split: Split, seed: number): Cutter {
  switch (split) {
    case 'whole':
      return () => [];
    case 'bytes':
      return length => Array.from({ length }, (_, index) => index + 1);
    case 'odd':
      return oddly(randomFrom(seed));
  }
}

function oddly(random: () => number): Cutter {
  return length => {
    const ends: number[] = [];
    for (let end = 0; end < length; ) {
      end = Math.min(length, end + 1 + Math.floor(random() * 7));
      ends.push(end);
    }
    return ends;
  };
}
