/** Both themes are readable: every text on every ground has the contrast that WCAG 2.2 asks for at AA (1.4.3). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inRepository } from '../../support/repository.js';

const sheet = readFileSync(inRepository('src/web/theme.css'), 'utf8');
const pairs = [...sheet.matchAll(/--(\w+): light-dark\((#\w{6}), (#\w{6})\)/g)];
const colours = new Map(pairs.map(([, name, light, dark]) => [name!, { light: light!, dark: dark! }]));

const grounds = ['ground', 'panel', 'chosen'];
const texts = ['text', 'dim', 'host', 'modem', 'urc', 'broker', 'fault'];
const atLeast = 4.5;

/** Relative luminance, as WCAG defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map(i => {
    const part = Number.parseInt(colour.slice(i, i + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [lower, higher] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (higher! + 0.05) / (lower! + 0.05);
}

test('black on white is as far as it goes', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
});

describe.each(['light', 'dark'] as const)('%s', theme => {
  test.each(texts.flatMap(text => grounds.map(ground => [text, ground])))('%s on %s', (text, ground) => {
    expect(contrast(colours.get(text!)![theme], colours.get(ground!)![theme])).toBeGreaterThanOrEqual(atLeast);
  });

  // What marks the focus is no text: 3 is enough (1.4.11).
  test.each(grounds)('the focus on %s', ground => {
    expect(contrast(colours.get('focus')![theme], colours.get(ground)![theme])).toBeGreaterThanOrEqual(3);
  });
});
