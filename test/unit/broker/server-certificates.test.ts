import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerCertificates } from '../../../src/broker/server-certificates.js';
import type { Subject } from '../../../src/ca/subject.js';
import { everythingIn, temporaryFolder } from '../store/temporary.js';

const named = (value: string): Subject => ({ kind: 'name', value });

test('the CA is made with the first certificate', async () => {
  const folder = await temporaryFolder();
  const certificates = new ServerCertificates(folder, 4);
  expect(await everythingIn(folder)).toEqual([]);
  await certificates.for(named('a.example'));
  expect(await everythingIn(folder)).toEqual(['ca.key', 'ca.pem']);
});

test('a name has one certificate, also for two who ask at once', async () => {
  const certificates = new ServerCertificates(await temporaryFolder(), 4);
  const [first, second] = await Promise.all([
    certificates.for(named('a.example')),
    certificates.for(named('a.example')),
  ]);
  expect(first).toBe(second);
  expect(await certificates.for(named('b.example'))).not.toBe(first);
});

test('only the latest names are kept: a flood of others does not grow memory', async () => {
  const certificates = new ServerCertificates(await temporaryFolder(), 4);
  const kept = await certificates.for(named('kept.example'));
  for (let i = 0; i < 20; i++) {
    await certificates.for(named(`${i}.example`));
    expect(await certificates.for(named('kept.example'))).toBe(kept);
  }
  expect(certificates.size).toBe(4);
});

test('a CA that cannot be had is tried again', async () => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'ca.key'), 'garbage');
  const certificates = new ServerCertificates(folder, 4);
  await expect(certificates.for(named('a.example'))).rejects.toThrow(/ca\.key cannot be read/);
  expect(certificates.size).toBe(0);
  rmSync(join(folder, 'ca.key'));
  await certificates.for(named('a.example'));
});
