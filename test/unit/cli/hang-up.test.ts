import { expect, test } from 'vitest';
import { ControllingTerminal } from '../../../src/cli/hang-up.js';

test.each([
  ['it is there still', [true, true], false],
  ['it was there', [true, false], true],
  ['there was none: a service, a container', [false, false], false],
])('%s', (_, answers, isGone) => {
  const left = [...answers];
  expect(new ControllingTerminal(() => left.shift()!).isGone).toBe(isGone);
});
