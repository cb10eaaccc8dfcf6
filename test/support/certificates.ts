/** The PEM files of test/fixtures/certs, by name; make.sh there says what each is. */
import { readFileSync } from 'node:fs';

export function certificate(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/certs/${name}`, import.meta.url));
}

/** A server's or a client's certificate with its key. */
export function identity(name: string, keyName = name): { cert: Buffer; key: Buffer } {
  return { cert: certificate(`${name}.pem`), key: certificate(`${keyName}.key`) };
}
