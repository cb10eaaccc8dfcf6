import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fileChecksum } from '../../../src/dialects/quectel/checksum.js';

describe('checksum of a file', () => {
  // Logs of two modules, with public root certificates.
  test.each([
    ['amazon-root-ca-1-crlf.pem', 1208, '5769'],
    ['isrg-root-x1.pem', 1939, '4f64'],
  ])('of %s is what the module printed', (name, length, sum) => {
    const file = readFileSync(`test/fixtures/quectel/${name}`);
    expect(file).toHaveLength(length);
    expect(fileChecksum(file)).toBe(sum);
  });

  test.each([
    ['', '0'],
    ['\x01', '100'],
    ['\x00\x0A', 'a'],
    ['\xFF\xFF', 'ffff'],
    ['\xFF\xFF\xFF\xFF', '0'],
    ['\x12\x34\x56', '4434'],
  ])('of %j is %s', (bytes, sum) => {
    expect(fileChecksum(Buffer.from(bytes, 'latin1'))).toBe(sum);
  });
});
