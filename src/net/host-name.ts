/** A host as an AT command writes it, and as routes, DNS, SNI and certificates compare it. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** `[::1]` is `::1`, a final dot is DNS's own and case means nothing. */
export function plainName(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return (bare.length > 1 && bare.endsWith('.') ? bare.slice(0, -1) : bare).toLowerCase();
}

/**
 * The address, or the name in ASCII; undefined for what is neither. c-ares and OpenSSL take C strings, and a URL would read
 * `a/b` or `a@b` as something else: such text never reaches them.
 */
export function asciiName(host: string): string | undefined {
  const name = plainName(host);
  if (isIP(name) !== 0) return name;
  if (/[\x00-\x20\x7f]/.test(name)) return undefined;
  const ascii = domainToASCII(name);
  return ascii === '' || ascii.length > 253 ? undefined : ascii;
}
