/** The local CA at work: it issues certificates for servers. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Issuer, ServerKey } from './certificates.js';
import { generateKey, kindOf, pemOf, publicKeyOf } from './keys.js';
import type { Subject } from './subject.js';

/** A server's certificate and its private key, both in PEM. */
export interface ServerIdentity {
  cert: string;
  key: string;
}

interface Equipment {
  issuer: Issuer;
  /** Of every server. */
  key: ServerKey & { pem: string };
}

export class CertificateAuthority {
  readonly #key: KeyObject;
  #equipment: Promise<Equipment> | undefined;

  /** @param folder where it is kept */
  constructor(
    readonly folder: string,
    readonly certificate: X509Certificate,
    key: KeyObject,
  ) {
    this.#key = key;
  }

  /** What firmware must trust. */
  get pem(): string {
    return this.certificate.toString();
  }

  /**
   * All servers have one key, which lives as long as this object and is never on disk: a stranger who asks for one name
   * after the other costs a signature each, and no key.
   */
  async issue(subject: Subject): Promise<ServerIdentity> {
    this.#equipment ??= this.#equip();
    const { issuer, key } = await this.#equipment;
    return { cert: await issuer.issue(subject, key), key: key.pem };
  }

  async #equip(): Promise<Equipment> {
    const { Issuer } = await import('./certificates.js');
    const kind = kindOf(this.#key) ?? 'ec';
    const key = await generateKey(kind);
    return {
      issuer: await Issuer.of(this.certificate, this.#key),
      key: { kind, publicKey: publicKeyOf(key), pem: pemOf(key) },
    };
  }
}
