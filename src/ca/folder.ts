/**
 * Where the local CA is kept: `ca.key` and `ca.pem` in a folder of this user's. Each file appears whole and is never written
 * again, so two processes that start at once end with one CA: the key that came first is everybody's, and so is the first
 * certificate for it. Whoever dies between the two leaves a key, for which the next one makes the certificate.
 */
import { createPrivateKey, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { codeOf, linked, makeFolder, syncFolder, writeSynced } from '../base/disk.js';
import { OperatorError } from '../base/errors.js';
import { CertificateAuthority } from './authority.js';
import { generateKey, type KeyKind, kindOf, pemOf } from './keys.js';

const keyFile = 'ca.key';
const certificateFile = 'ca.pem';

/** Under $XDG_DATA_HOME, which the specification wants absolute, else `~/.local/share`. */
export function defaultCaFolder({ XDG_DATA_HOME: data = '' }: NodeJS.ProcessEnv = process.env): string {
  return join(isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'atmodem', 'ca');
}

/**
 * The CA in this folder, made where there is none.
 * @param kind of keys; what is there already must be of it
 * @throws OperatorError where the folder or what is in it cannot be used
 */
export async function openAuthority(folder: string, kind?: KeyKind): Promise<CertificateAuthority> {
  try {
    await makeFolder(folder);
    const key = readKey(folder, await keptKey(folder, kind ?? 'ec'));
    if (kind !== undefined && kindOf(key) !== kind) throw otherKind(folder, kind);
    const certificate = readCertificate(folder, await keptCertificate(folder, key), key);
    return new CertificateAuthority(folder, certificate, key);
  } catch (cause) {
    throw cause instanceof OperatorError ? cause : unusable(folder, (cause as Error).message, cause);
  }
}

async function keptKey(folder: string, kind: KeyKind): Promise<string> {
  // In this order: a certificate comes after its key, so one that is there now has lost it.
  const hasCertificate = (await readIfThere(join(folder, certificateFile))) !== undefined;
  const found = await readIfThere(join(folder, keyFile));
  if (found === undefined && hasCertificate) throw unusable(folder, `${certificateFile} without ${keyFile}`);
  return found ?? keep(folder, keyFile, pemOf(await generateKey(kind)));
}

async function keptCertificate(folder: string, key: KeyObject): Promise<string> {
  const found = await readIfThere(join(folder, certificateFile));
  if (found !== undefined) return found;
  const { makeCaCertificate } = await import('./certificates.js');
  return keep(folder, certificateFile, await makeCaCertificate(key));
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cause;
  }
}

/** @returns what is kept: this text, or that of who was first */
async function keep(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  const temporary = join(folder, `.${name}.${process.pid}-${randomBytes(4).toString('hex')}`);
  try {
    await writeSynced(temporary, Buffer.from(text));
    if (await linked(temporary, path)) await syncFolder(folder);
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(path, 'utf8');
}

function readKey(folder: string, pem: string): KeyObject {
  const key = parsed(folder, keyFile, () => createPrivateKey(pem));
  if (kindOf(key) === undefined) throw unusable(folder, `${keyFile} is neither RSA nor on the curves P-256 and P-384`);
  return key;
}

function readCertificate(folder: string, pem: string, key: KeyObject): X509Certificate {
  const certificate = parsed(folder, certificateFile, () => new X509Certificate(pem));
  if (!certificate.ca) throw unusable(folder, `${certificateFile} is not the certificate of a CA`);
  if (!certificate.checkPrivateKey(key)) throw unusable(folder, `${keyFile} is not the key of ${certificateFile}`);
  return certificate;
}

function parsed<T>(folder: string, name: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw unusable(folder, `${name} cannot be read: ${(cause as Error).message}`, cause);
  }
}

function unusable(folder: string, found: string, cause?: unknown): OperatorError {
  return new OperatorError('state', 'the local CA cannot be used', {
    place: { file: folder },
    found,
    expected: `a folder that this user may read and write, empty or with ${keyFile} and ${certificateFile} of one CA`,
    hint: 'Name another with `run --ca DIR` and `ca --dir DIR`, or remove it: a new CA is made, which firmware must trust anew.',
    cause,
  });
}

function otherKind(folder: string, kind: KeyKind): OperatorError {
  return new OperatorError('usage', `the CA in ${folder} has no ${kind === 'rsa' ? 'RSA' : 'EC'} key`, {
    hint: 'Give the other one a folder of its own: `ca --dir DIR`, and `run --ca DIR`.',
  });
}
