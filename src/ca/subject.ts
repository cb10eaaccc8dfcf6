/**
 * What a certificate is for: a host name or an IP address, as a client dialled it or sent it in SNI. A client is anybody,
 * so what is neither is nothing. Pure.
 */
import { isIP } from 'node:net';

/** A name in lower case, without the final dot; an address without brackets and zone, IPv4 never as IPv6. */
export type Subject = { kind: 'name' | 'address'; value: string };

export function subjectOf(text: string): Subject | undefined {
  const address = plainAddress(text);
  if (isIP(address) !== 0) return { kind: 'address', value: address };
  const name = text.replace(/\.$/, '').toLowerCase();
  return isHostName(name) ? { kind: 'name', value: name } : undefined;
}

function plainAddress(text: string): string {
  const bare = text
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/%.*$/, '')
    .toLowerCase();
  const mapped = bare.replace(/^::ffff:/, '');
  return isIP(mapped) === 4 ? mapped : bare;
}

/** Letters, digits, hyphens [RFC 1123 2.1], and the underscore that clouds have in theirs. */
const label = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

const isHostName = (name: string): boolean => name.length <= 253 && name.split('.').every(each => label.test(each));
