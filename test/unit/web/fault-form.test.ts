/** The form of a fault: made from the catalogue, sent as the API takes it. */
import { expect, it } from 'vitest';
import type { FaultSpec } from '../../../src/control/messages.js';
import { byLayer, faultRequest, standing } from '../../../src/web/fault-form.js';

const fault: FaultSpec = {
  name: 'at.late',
  layer: 'at',
  title: 'late',
  parameters: {
    by: { kind: 'duration', title: 'how late' },
    command: { kind: 'text', title: 'only this' },
    nth: { kind: 'number', title: 'the nth' },
    once: { kind: 'flag', title: 'once' },
  },
};

it('leaves out what was left empty', () => {
  expect(faultRequest(fault, { by: '2s', command: ' ', nth: '' })).toEqual({ fault: 'at.late', by: '2s' });
});

it('sends numbers as numbers, flags as flags, text as text', () => {
  const values = { by: '500', command: '123', nth: '3', once: 'true' };
  expect(faultRequest(fault, values)).toEqual({ fault: 'at.late', by: '500', command: '123', nth: 3, once: true });
});

it('lets the daemon say what is wrong with a number', () => {
  expect(faultRequest(fault, { nth: 'third' })).toEqual({ fault: 'at.late', nth: 'third' });
});

it('groups a catalogue by layer, in its order', () => {
  const line = { ...fault, name: 'line.drop', layer: 'line' } as const;
  expect(byLayer([line, fault, line]).map(([layer, faults]) => [layer, faults.length])).toEqual([
    ['line', 2],
    ['at', 1],
  ]);
});

it('tells a fault that waits from one that lasts', () => {
  expect(standing({ state: 'armed', struck: 0 })).toBe('waits');
  expect(standing({ state: 'on', struck: 2 })).toBe('lasts, struck 2 ×');
});
