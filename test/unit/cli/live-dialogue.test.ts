import { expect, test } from 'vitest';
import { dialogueText } from '../../../src/cli/live-dialogue.js';
import type { DialogueLine } from '../../../src/modem/dialogue.js';

const at = new Date(2026, 0, 2, 3, 4, 5, 6).getTime();
const alone = { byModem: false, byChannel: false };
const line = (rest: Pick<DialogueLine, 'from' | 'direction'>): DialogueLine => ({
  at,
  modem: 'b',
  channel: 1,
  text: 'AT',
  ...rest,
});

test.each([
  [{ from: 'host' }, '03:04:05.006 → AT'],
  [{ from: 'modem' }, '03:04:05.006 ← AT'],
  [{ from: 'broker', direction: 'out' }, '03:04:05.006 ⇢ AT'],
  [{ from: 'broker', direction: 'in' }, '03:04:05.006 ⇠ AT'],
  [{ from: 'fault' }, '03:04:05.006 ! AT'],
] as const)('%o', (from, expected) => {
  expect(dialogueText(line(from), alone)).toBe(expected);
});

test.each([
  [{ byModem: true, byChannel: false }, '03:04:05.006 b → AT'],
  [{ byModem: false, byChannel: true }, '03:04:05.006 2 → AT'],
  [{ byModem: true, byChannel: true }, '03:04:05.006 b/2 → AT'],
])('labels %o', (labelling, expected) => {
  expect(dialogueText(line({ from: 'host' }), labelling)).toBe(expected);
});
