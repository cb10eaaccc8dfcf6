/** Keys: what each does depends on where it is pressed. */
import { describe, expect, it } from 'vitest';
import { actionOf, bindings, type Place } from '../../../src/web/keys.js';
import { walked } from '../../../src/web/walk.js';

const at = (place: Place, key: string, isModified = false) => actionOf({ key, isModified }, place);

describe('a key', () => {
  it('acts on the page', () => {
    expect(['/', 'j', 'ArrowUp', 'Enter', 't', '?', 'Escape'].map(key => at('page', key))).toEqual([
      'search',
      'next',
      'previous',
      'open',
      'terminal',
      'help',
      'back',
    ]);
  });

  it('is text in a field, but for the one that leaves it', () => {
    expect(['j', '/', '?', 'Enter', 'Escape'].map(key => at('field', key))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'back',
    ]);
  });

  it('is the modem’s in a terminal', () => {
    expect(['Escape', 't', 'ArrowUp'].map(key => at('terminal', key))).toEqual([undefined, undefined, undefined]);
  });

  it('presses the button that has the focus', () => {
    expect(at('control', 'Enter')).toBeUndefined();
    expect(at('control', 'f')).toBe('faults');
  });

  it('is the browser’s with Ctrl, Alt or Meta', () => {
    expect(at('page', 'f', true)).toBeUndefined();
  });

  it('does one thing only', () => {
    const keys = bindings.flatMap(binding => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('a walk', () => {
  it.each([
    ['next', 0, 3, 1],
    ['next', 2, 3, 2],
    ['previous', 0, 3, 0],
    ['next', -1, 3, 0],
    ['previous', -1, 3, 2],
    ['first', 2, 3, 0],
    ['first', -1, 3, 0],
    ['last', 0, 3, 2],
    ['last', -1, 3, 2],
    ['page-down', 5, 100, 25],
    ['page-up', 5, 100, 0],
    ['next', -1, 0, undefined],
    ['help', 1, 3, undefined],
  ] as const)('%s from %i of %s leads to %s', (action, from, count, to) => {
    expect(walked(action, from, count)).toBe(to);
  });
});
