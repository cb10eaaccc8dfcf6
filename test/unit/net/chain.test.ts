import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chains, dateFault, isForServers } from '../../../src/net/chain.js';
import { certificate } from '../../support/certificates.js';

const read = (name: string) => new X509Certificate(certificate(`${name}.pem`));
const [ca, otherCa, intermediate] = [read('ca'), read('other-ca'), read('intermediate')];

describe('chains', () => {
  test.each<[leaf: string, sent: X509Certificate[], trusted: X509Certificate[], lengths: number[]]>([
    ['server', [], [ca], [2]],
    ['server', [], [otherCa], []],
    ['server', [], [otherCa, ca, ca], [2]],
    ['server', [], [read('server')], [1]],
    ['chained', [], [ca], []],
    ['chained', [intermediate], [ca], [3]],
    ['chained', [intermediate], [intermediate], [2]],
    ['chained', [intermediate], [intermediate, ca], [2, 3]],
    ['expired', [], [ca], [2]],
    ['server', [ca, intermediate, otherCa], [], []],
    // A leaf vouches for nobody, whatever it signs.
    ['client', [], [read('server')], []],
  ])('of %s', (leaf, sent, trusted, lengths) => {
    expect([...chains(read(leaf), sent, trusted)].map(chain => chain.length)).toEqual(lengths);
  });

  test('a server that sends hundreds of certificates is not followed for ever', () => {
    const sent = Array.from({ length: 1_000 }, () => intermediate);
    expect([...chains(read('chained'), sent, [ca])]).toHaveLength(1);
  });
});

test('dateFault looks at every certificate of the chain', () => {
  const chain = [read('server'), ca];
  expect(dateFault(chain, Date.UTC(2026, 0, 1))).toBeUndefined();
  expect(dateFault(chain, Date.UTC(1970, 0, 1))).toContain('CN=localhost is not valid before Jan  1 00:00:00 2020 GMT');
  expect(dateFault([read('expired'), ca], Date.UTC(2022, 0, 1))).toContain('expired on Jan  1 00:00:00 2021 GMT');
  expect(dateFault([read('server'), read('expired')], Date.UTC(2022, 0, 1))).toContain('expired');
});

test('isForServers reads the extended key usage, where there is one', () => {
  expect(isForServers(read('server'))).toBe(true);
  expect(isForServers(ca)).toBe(true);
  expect(isForServers(read('client'))).toBe(false);
});
