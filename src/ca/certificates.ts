/**
 * X.509 certificates as the local CA makes them [RFC 5280]. Loads the library, which takes a fifth of a second: import this
 * file only where a certificate is really made.
 */
import 'reflect-metadata';
import { type KeyObject, type X509Certificate as ReadCertificate, randomBytes } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type JsonName,
  KeyUsageFlags,
  KeyUsagesExtension,
  type Name,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  type X509CertificateCreateWithKeyParams,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { type KeyKind, publicKeyOf, signingKey } from './keys.js';
import type { Subject } from './subject.js';

/**
 * The same for all. From 2020: a rig whose time stands still, or is set back, is still served, while a module whose clock was
 * never set (1970, 1980, 2000, 2004) refuses, as it would refuse its cloud in the field. Until the end of 2037: TLS stacks
 * with 32 bits of seconds know no later day.
 */
const validity = { notBefore: new Date(Date.UTC(2020, 0, 1)), notAfter: new Date(Date.UTC(2037, 11, 31, 23, 59, 59)) };

/** A self-signed CA certificate, in PEM. Its name has a number: a host may trust the CA of more than one machine. */
export async function makeCaCertificate(key: KeyObject): Promise<string> {
  const publicKey = publicKeyOf(key);
  const name: JsonName = [{ CN: [`atmodem local CA ${randomBytes(4).toString('hex')}`] }];
  return certificate(await signerOf(key), {
    subject: name,
    issuer: name,
    publicKey,
    extensions: [
      // It signs servers, and no further CA.
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
    ],
  });
}

/** A CA ready to sign: what it needs for that is read once. */
export class Issuer {
  private constructor(
    readonly name: Name,
    readonly authorityKey: AuthorityKeyIdentifierExtension,
    readonly signer: Signer,
  ) {}

  static async of(ca: ReadCertificate, key: KeyObject): Promise<Issuer> {
    const read = new X509Certificate(ca.raw);
    // What the CA's own certificate calls its key, whoever made it.
    const keyId = read.getExtension(SubjectKeyIdentifierExtension)?.keyId;
    const authorityKey =
      keyId === undefined
        ? await AuthorityKeyIdentifierExtension.create(read.publicKey)
        : new AuthorityKeyIdentifierExtension(keyId);
    return new Issuer(read.subjectName, authorityKey, await signerOf(key));
  }

  /** A server's certificate, in PEM. */
  async issue({ kind, value }: Subject, { publicKey, kind: keyKind }: ServerKey): Promise<string> {
    // RSA without forward secrecy, which old stacks still ask for, encrypts to the server's key.
    const encrypts = keyKind === 'rsa' ? KeyUsageFlags.keyEncipherment : 0;
    return certificate(this.signer, {
      subject: commonName(value),
      issuer: this.name,
      publicKey,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | encrypts, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: kind === 'name' ? 'dns' : 'ip', value }]),
        await SubjectKeyIdentifierExtension.create(publicKey),
        this.authorityKey,
      ],
    });
  }
}

/** The public half of a server's key. */
export interface ServerKey {
  /** SubjectPublicKeyInfo in DER. */
  publicKey: Buffer;
  kind: KeyKind;
}

type Signer = Awaited<ReturnType<typeof signerOf>>;

async function signerOf(key: KeyObject) {
  const made = await signingKey(key);
  return { signingKey: made, signingAlgorithm: { name: made.algorithm.name, hash: 'SHA-256' } };
}

type Contents = Required<Pick<X509CertificateCreateWithKeyParams, 'subject' | 'issuer' | 'publicKey' | 'extensions'>>;

async function certificate(signer: Signer, contents: Contents): Promise<string> {
  const params = { ...validity, ...signer, ...contents, serialNumber: serialNumber() };
  return `${(await X509CertificateGenerator.create(params)).toString('pem')}\n`;
}

/** Small TLS stacks look nowhere else. It has no room for more than 64 characters [RFC 5280 A.1 ub-common-name]. */
const commonName = (value: string): JsonName => [{ CN: [value.length <= 64 ? value : 'atmodem'] }];

/** Positive, 16 bytes, random: one CA never gives the same twice. In hex. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}
