import { describe, expect, it } from 'vitest';
import { hasExtproc, lineSpeed, rawTermios, withExtproc } from '../../../src/ports/termios.js';

/** As the kernel filled it in for a fresh pty: sane, 38400. */
const sane = Buffer.from(
  '0005000005000000bf0000003b8a000000031c7f150400010011131a00120f17160000000096000000960000',
  'hex',
);

describe('termios', () => {
  it('reads the speed of a captured structure', () => {
    expect(lineSpeed(sane)).toBe(38400);
    expect(hasExtproc(sane)).toBe(false);
  });

  it('adds EXTPROC and changes nothing else', () => {
    const changed = withExtproc(sane);
    expect(hasExtproc(changed)).toBe(true);
    expect([...changed.keys()].filter(at => changed[at] !== sane[at])).toEqual([14]);
  });

  it('is raw: no translation, no echo, no lines', () => {
    const raw = rawTermios();
    expect(raw).toHaveLength(sane.length);
    expect([raw.readUInt32LE(0), raw.readUInt32LE(4)]).toEqual([0, 0]);
    expect(raw.readUInt32LE(12)).toBe(0x10000);
  });
});
