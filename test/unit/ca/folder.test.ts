import { createPrivateKey } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { defaultCaFolder, openAuthority } from '../../../src/ca/folder.js';
import { everythingIn, temporaryFolder } from '../store/temporary.js';

const newFolder = async () => join(await temporaryFolder(), 'data', 'ca');
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('the folder', () => {
  test('is made with all that is in it, for this user alone', async () => {
    const folder = await newFolder();
    await openAuthority(folder);
    expect(await everythingIn(folder)).toEqual(['ca.key', 'ca.pem']);
    expect(modeOf(folder)).toBe(0o700);
    expect(modeOf(join(folder, 'ca.key'))).toBe(0o600);
  });

  test('keeps its CA', async () => {
    const folder = await newFolder();
    const { pem } = await openAuthority(folder);
    expect((await openAuthority(folder)).pem).toBe(pem);
    expect(readFileSync(join(folder, 'ca.pem'), 'utf8')).toBe(pem);
  });

  test('has one CA, however many make it at once', async () => {
    const folder = await newFolder();
    const made = await Promise.all(Array.from({ length: 8 }, () => openAuthority(folder)));
    expect(new Set(made.map(({ certificate }) => certificate.fingerprint256)).size).toBe(1);
    expect(await everythingIn(folder)).toEqual(['ca.key', 'ca.pem']);
  });

  test('gets the certificate that a maker who died left out', async () => {
    const folder = await newFolder();
    await openAuthority(folder);
    const key = readFileSync(join(folder, 'ca.key'), 'utf8');
    rmSync(join(folder, 'ca.pem'));
    const { certificate } = await openAuthority(folder);
    expect(readFileSync(join(folder, 'ca.key'), 'utf8')).toBe(key);
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  test('is under $XDG_DATA_HOME, if that is absolute, else under the home folder', () => {
    const fallback = join(homedir(), '.local/share/atmodem/ca');
    expect(defaultCaFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/atmodem/ca');
    expect(defaultCaFolder({ XDG_DATA_HOME: 'data' })).toBe(fallback);
    expect(defaultCaFolder({})).toBe(fallback);
  });
});

describe('keys', () => {
  test('are P-256, or RSA of 2048 bits where asked for', async () => {
    const ec = await openAuthority(await newFolder());
    expect(ec.certificate.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' });
    const rsa = await openAuthority(await newFolder(), 'rsa');
    expect(rsa.certificate.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
  });

  test('of a kind that was not asked for are told, not replaced', async () => {
    const folder = await newFolder();
    const { pem } = await openAuthority(folder, 'rsa');
    await expect(openAuthority(folder, 'ec')).rejects.toThrow(/has no EC key[\s\S]*--dir DIR/);
    expect((await openAuthority(folder)).pem).toBe(pem);
  });
});

describe('a CA that somebody brought', () => {
  const fixture = (name: string) => new URL(`../../fixtures/certs/${name}`, import.meta.url);

  test.each<[what: string, files: Record<string, string | URL>, found: RegExp]>([
    ['a key that is none', { 'ca.key': 'garbage' }, /ca\.key cannot be read/],
    ['an empty key', { 'ca.key': '' }, /ca\.key cannot be read/],
    ['a certificate that is none', { 'ca.key': fixture('server.key'), 'ca.pem': 'garbage' }, /ca\.pem cannot be read/],
    ['a certificate alone', { 'ca.pem': fixture('ca.pem') }, /ca\.pem without ca\.key/],
    [
      'the key of another',
      { 'ca.key': fixture('server.key'), 'ca.pem': fixture('ca.pem') },
      /ca\.key is not the key of ca\.pem/,
    ],
    [
      'a certificate of no CA',
      { 'ca.key': fixture('server.key'), 'ca.pem': fixture('server.pem') },
      /ca\.pem is not the certificate of a CA/,
    ],
  ])('%s is refused with what to do, and left as it is', async (_, files, found) => {
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) {
      if (content instanceof URL) copyFileSync(content, join(folder, name));
      else writeFileSync(join(folder, name), content);
    }
    const error = await openAuthority(folder).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OperatorError);
    expect((error as OperatorError).message).toMatch(found);
    expect((error as OperatorError).message).toContain('--ca DIR');
    expect(await everythingIn(folder)).toEqual(Object.keys(files).sort());
  });

  test('a folder that is none, and one in which nothing can be made', async () => {
    const file = join(await temporaryFolder(), 'file');
    writeFileSync(file, '');
    await expect(openAuthority(file)).rejects.toThrow(/the local CA cannot be used/);
    await expect(openAuthority(join(file, 'ca'))).rejects.toThrow(/the local CA cannot be used/);
    await expect(openAuthority('/proc/atmodem/ca')).rejects.toBeInstanceOf(OperatorError);
  });

  test.skipIf(process.getuid?.() === 0)('a key that this user may not read', async () => {
    const folder = await newFolder();
    await openAuthority(folder);
    chmodSync(join(folder, 'ca.key'), 0);
    await expect(openAuthority(folder)).rejects.toThrow(/EACCES/);
  });

  test('a key that is a folder', async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, 'ca.key'));
    await expect(openAuthority(folder)).rejects.toThrow(/EISDIR/);
  });
});
