import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { CertificateAuthority } from '../../../src/ca/authority.js';
import { openAuthority } from '../../../src/ca/folder.js';
import type { KeyKind } from '../../../src/ca/keys.js';
import { subjectOf } from '../../../src/ca/subject.js';
import { temporaryFolder } from '../store/temporary.js';

const open = async (kind?: KeyKind) => openAuthority(await temporaryFolder(), kind);

async function issue(authority: CertificateAuthority, to: string) {
  const { cert, key } = await authority.issue(subjectOf(to)!);
  return { certificate: new X509Certificate(cert), key: createPrivateKey(key) };
}

describe.each(['ec', 'rsa'] as const)('with a key of kind %s', kind => {
  test('the CA signs itself, and nobody who signs further', async () => {
    const { certificate, pem } = await open(kind);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toMatch(/^CN=atmodem local CA [0-9a-f]{8}$/);
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+\n-----END CERTIFICATE-----\n$/);
  });

  test('a server has a certificate of the CA, for its name and for servers, with its own key', async () => {
    const authority = await open(kind);
    const { certificate, key } = await issue(authority, 'broker.example');
    expect(certificate.checkIssued(authority.certificate)).toBe(true);
    expect(certificate.verify(authority.certificate.publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:broker.example');
    expect(certificate.subject).toBe('CN=broker.example');
    expect(certificate.checkHost('broker.example')).toBe('broker.example');
    expect(certificate.checkHost('other.example')).toBeUndefined();
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect(certificate.ca).toBe(false);
    expect(certificate.checkPrivateKey(key)).toBe(true);
    expect(key.asymmetricKeyType).toBe(kind);
    expect(certificate.publicKey.equals(authority.certificate.publicKey)).toBe(false);
  });
});

test.each([
  ['192.0.2.1', 'IP Address:192.0.2.1'],
  ['2001:db8::1', 'IP Address:2001:DB8:0:0:0:0:0:1'],
])('an address is certified as an address: %s', async (address, names) => {
  const { certificate } = await issue(await open(), address);
  expect(certificate.subjectAltName).toBe(names);
  expect(certificate.checkIP(address)).toBe(address);
});

test('a name that is too long for a common name is in the alternative name all the same', async () => {
  const name = `${'a'.repeat(60)}.broker.example`;
  const { certificate } = await issue(await open(), name);
  expect(certificate.subject).toBe('CN=atmodem');
  expect(certificate.checkHost(name)).toBe(name);
});

const p384 = () =>
  generateKeyPairSync('ec', {
    namedCurve: 'P-384',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });
const rsa3072 = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 3072,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  });

test.each([
  ['P-384, in SEC 1', p384, 'ec'],
  ['RSA of 3072 bits, in PKCS #1', rsa3072, 'rsa'],
] as const)('a key that somebody brought signs too: %s', async (_, make, kind) => {
  const folder = await temporaryFolder();
  writeFileSync(join(folder, 'ca.key'), make().privateKey);
  const authority = await openAuthority(folder);
  const { certificate, key } = await issue(authority, 'broker.example');
  expect(certificate.checkIssued(authority.certificate)).toBe(true);
  expect(certificate.verify(authority.certificate.publicKey)).toBe(true);
  expect(key.asymmetricKeyType).toBe(kind);
});

test('no two have the same serial number', async () => {
  const authority = await open();
  const issued = await Promise.all(['a.example', 'a.example', 'b.example'].map(name => issue(authority, name)));
  const numbers = [authority.certificate, ...issued.map(({ certificate }) => certificate)].map(
    each => each.serialNumber,
  );
  expect(new Set(numbers).size).toBe(4);
  for (const number of numbers) expect(number).toMatch(/^[4-7][0-9A-F]{31}$/);
});

test('dates: from 2020 on, and not beyond 32 bits of seconds', async () => {
  const authority = await open();
  const { certificate } = await issue(authority, 'broker.example');
  for (const each of [certificate, authority.certificate]) {
    expect(Date.parse(each.validFrom)).toBe(Date.UTC(2020, 0, 1));
    expect(Date.parse(each.validTo)).toBeLessThan(2 ** 31 * 1000);
    expect(Date.parse(each.validTo)).toBe(Date.UTC(2037, 11, 31, 23, 59, 59));
  }
});
