/**
 * The token of a daemon that asks for one: taken from the fragment of the address, which it leaves at once, and kept for this
 * tab, so that the page signs in again when the daemon was restarted.
 */
import { decoded } from './address.js';

const key = 'atmodem-token';

export function takeTokenFromAddress(): void {
  const [, token] = /^#token=(.+)$/.exec(location.hash) ?? [];
  if (token === undefined) return;
  keepToken(decoded(token));
  history.replaceState(null, '', location.pathname);
}

export const keptToken = (): string | null => sessionStorage.getItem(key);

export const keepToken = (token: string): void => sessionStorage.setItem(key, token);

export const forgetToken = (): void => sessionStorage.removeItem(key);
