/** What a device shows a platform in CONNECT, and what the platform thinks of it. */
import { timingSafeEqual } from 'node:crypto';

export interface Credentials {
  clientId: string;
  username: string;
  password: string;
}

/** `foreign`: made for another device than the one that shows it. */
export type Verdict = 'accepted' | 'malformed' | 'foreign' | 'expired' | 'wrong-signature';

/** In a time that says nothing about where they differ. */
export function isSameSignature(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
