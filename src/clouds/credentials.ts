/** What a device shows a platform in CONNECT, and what the platform thinks of it. */
export interface Credentials {
  clientId: string;
  username: string;
  password: string;
}

/** `foreign`: made for another device than the one that shows it. */
export type Verdict = 'accepted' | 'malformed' | 'foreign' | 'expired' | 'wrong-signature';
