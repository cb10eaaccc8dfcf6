/**
 * The broker's certificate for each name that clients dial, as OpenSSL takes it. The CA is opened when the first one is
 * wanted. Anybody may ask for any name: only the latest are kept.
 */
import { createSecureContext, type SecureContext } from 'node:tls';
import type { CertificateAuthority } from '../ca/authority.js';
import { defaultCaFolder, openAuthority } from '../ca/folder.js';
import type { Subject } from '../ca/subject.js';

export class ServerCertificates {
  readonly #contexts = new Map<string, Promise<SecureContext>>();
  #authority: Promise<CertificateAuthority> | undefined;

  /** @param folder of the CA */
  constructor(
    readonly folder: string = defaultCaFolder(),
    readonly limit: number,
  ) {}

  /** Rejects with an OperatorError where the CA cannot be had; who asks again has another try. */
  for(subject: Subject): Promise<SecureContext> {
    const { value } = subject;
    const context = this.#contexts.get(value) ?? this.#make(subject);
    // Last in the order is who was asked for last.
    this.#contexts.delete(value);
    this.#contexts.set(value, context);
    if (this.#contexts.size > this.limit) this.#contexts.delete(this.#contexts.keys().next().value!);
    return context;
  }

  get size(): number {
    return this.#contexts.size;
  }

  #make(subject: Subject): Promise<SecureContext> {
    const made = this.#issue(subject);
    made.catch(() => {
      if (this.#contexts.get(subject.value) === made) this.#contexts.delete(subject.value);
    });
    return made;
  }

  async #issue(subject: Subject): Promise<SecureContext> {
    this.#authority ??= openAuthority(this.folder).catch(error => {
      this.#authority = undefined;
      throw error;
    });
    const authority = await this.#authority;
    return createSecureContext(await authority.issue(subject));
  }
}
