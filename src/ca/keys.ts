/** The two kinds of keys that firmware can verify, made by OpenSSL; WebCrypto's view of them is for signing alone. */
import { createPublicKey, generateKeyPair, type KeyObject, type webcrypto } from 'node:crypto';
import { promisify } from 'node:util';

/** `ec` is P-256, which every TLS stack of today has; `rsa` is RSA of 2048 bits, for those that have nothing else. */
export type KeyKind = 'ec' | 'rsa';

const generate = promisify(generateKeyPair);

/** The private key. */
export async function generateKey(kind: KeyKind): Promise<KeyObject> {
  const pair =
    kind === 'ec' ? await generate('ec', { namedCurve: 'P-256' }) : await generate('rsa', { modulusLength: 2048 });
  return pair.privateKey;
}

export const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** SubjectPublicKeyInfo in DER, as certificates hold it. */
export const publicKeyOf = (key: KeyObject): Buffer => createPublicKey(key).export({ type: 'spki', format: 'der' });

/** Undefined for a key that this house cannot sign with: one that somebody else made. */
export function kindOf(key: KeyObject): KeyKind | undefined {
  if (key.asymmetricKeyType === 'rsa') return 'rsa';
  return curveOf(key) === undefined ? undefined : 'ec';
}

/** @param key of a known kind */
export async function signingKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const curve = curveOf(key);
  const algorithm = curve ? { name: 'ECDSA', namedCurve: curve } : { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
}

/** OpenSSL's names, and WebCrypto's. */
const curves: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384' };

const curveOf = (key: KeyObject): string | undefined => curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
