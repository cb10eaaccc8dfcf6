import fc from 'fast-check';
import { expect, test } from 'vitest';
import { codecNames, decode, encodeHex } from '../../../src/grammar/codecs.js';

test.each([
  ['text', 'a\\22', 'a\\22'],
  ['hex', '3132fF', '12\xff'],
  ['hex', '', ''],
  ['hex', '313', undefined],
  ['hex', '3g', undefined],
  ['backslash-hex', '\\22a\\5C\\0d', '"a\\\r'],
  ['backslash-hex', '\\2', '\\2'],
  ['backslash-hex', '\\zz\\', '\\zz\\'],
] as const)('%s %s', (codec, text, bytes) => {
  expect(decode(text, codec)).toBe(bytes);
});

test('hex is the way back of hex, for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), array => {
      const bytes = Buffer.from(array).toString('latin1');
      expect(decode(encodeHex(bytes), 'hex')).toBe(bytes);
    }),
  );
});

test('no text makes a codec throw, or longer', () => {
  const latin1 = fc.uint8Array().map(bytes => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(latin1, fc.constantFrom(...codecNames), (text, codec) => {
      expect((decode(text, codec) ?? '').length).toBeLessThanOrEqual(text.length);
    }),
  );
});
