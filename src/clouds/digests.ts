/** HMAC digests as bytes, and the search for what a wrong one was made of. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type Hash = 'md5' | 'sha1' | 'sha256';

/** A digest shows by its length how it was made. */
export const hashOfLength: ReadonlyMap<number, Hash> = new Map([
  [16, 'md5'],
  [20, 'sha1'],
  [32, 'sha256'],
]);

export const bytesOf: Readonly<Record<Hash, number>> = { md5: 16, sha1: 20, sha256: 32 };

export const hmac = (hash: Hash, key: string | Buffer, content: string): Buffer =>
  createHmac(hash, key).update(content).digest();

/** In a time that says nothing about where they differ. */
export const isSameDigest = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

/** The digest that a text spells, if it may be one. */
export function readDigest(text: string): { digest: Buffer; form: 'hex' | 'base64' } | undefined {
  if (/^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/i.test(text))
    return { digest: Buffer.from(text, 'hex'), form: 'hex' };
  if (/^[A-Za-z0-9+/]{22,43}={0,2}$/.test(text)) return { digest: Buffer.from(text, 'base64'), form: 'base64' };
  return undefined;
}

/** One way in which a device may have signed by mistake. */
export interface Attempt {
  key: string | Buffer;
  content: string;
  /** What is wrong with it, as the ends of a sentence: this is right for …, which … */
  mistakes: readonly string[];
}

/** Characters; a client could make the search long with longer ones. */
const longestContent = 1024;

/** The first attempt that makes the digest that was given, by the hash of its length. */
export function explains(given: Buffer, attempts: Iterable<Attempt>): (Attempt & { hash: Hash }) | undefined {
  const hash = hashOfLength.get(given.length);
  if (hash === undefined) return undefined;
  for (const attempt of attempts) {
    if (attempt.content.length > longestContent) continue;
    if (isSameDigest(hmac(hash, attempt.key, attempt.content), given)) return { ...attempt, hash };
  }
  return undefined;
}

/** Every order of a few items but the one that they are in. */
export function* otherOrders<T>(items: readonly T[]): Generator<readonly T[]> {
  let isFirst = true;
  for (const order of orders(items)) {
    if (!isFirst) yield order;
    isFirst = false;
  }
}

function* orders<T>(items: readonly T[]): Generator<readonly T[]> {
  if (items.length < 2) yield items;
  else {
    for (const [i, item] of items.entries())
      for (const rest of orders([...items.slice(0, i), ...items.slice(i + 1)])) yield [item, ...rest];
  }
}
