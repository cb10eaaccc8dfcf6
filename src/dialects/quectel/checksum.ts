/**
 * The checksum that +QFUPL and +QFDWL print: XOR of the file as big-endian 16-bit words, an odd last byte being the high
 * byte of a word; lower-case hex without leading zeros. Both known hardware logs are in the test.
 */
import { bufferOf } from '../../modem/argument-values.js';
import type { DialectOperation } from '../../modem/operation.js';

export function fileChecksum(bytes: Buffer): string {
  const sum = bytes.reduce((xor, byte, at) => xor ^ (at % 2 === 0 ? byte << 8 : byte), 0);
  return sum.toString(16);
}

export const checksum: DialectOperation = {
  spec: {
    title: 'Checksum of bytes, as the file commands print it',
    arguments: { bytes: 'required' },
    ok: ['done'],
    failed: [],
    fields: ['checksum', 'length'],
  },
  run: args => {
    const bytes = bufferOf(args.bytes);
    return { outcome: 'done', checksum: fileChecksum(bytes), length: bytes.length };
  },
};
