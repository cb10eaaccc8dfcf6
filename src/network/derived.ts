/**
 * Numbers that differ per modem and stay the same from run to run: they are derived from the modem's name.
 * Pure functions; whoever wants other numbers sets them.
 */
import { createHash } from 'node:crypto';

/** Up to 32 bytes that depend on nothing but the seed and the purpose. */
export function derivedBytes(seed: string, purpose: string, count: number): Buffer {
  return createHash('sha256').update(`${purpose}\0${seed}`).digest().subarray(0, count);
}

/** Decimal digits, one for a byte: near enough to evenly spread for an identity. */
export function derivedDigits(seed: string, purpose: string, count: number): string {
  return Array.from(derivedBytes(seed, purpose, count), byte => byte % 10).join('');
}

/** The check digit that makes `digits` + digit pass the Luhn test [ISO/IEC 7812-1 annex B]. */
export function luhnDigit(digits: string): string {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

export const passesLuhn = (digits: string): boolean => luhnDigit(digits.slice(0, -1)) === digits.at(-1);

/** `prefix` in hex, filled up to six octets: `02:1f:…`. */
export function derivedMac(seed: string, purpose: string, prefix: number): string {
  return formatMac(Buffer.from([prefix, ...derivedBytes(seed, purpose, 5)]));
}

export const formatMac = (octets: Uint8Array): string =>
  Array.from(octets, octet => octet.toString(16).padStart(2, '0')).join(':');

/** An address in 10.0.0.0/8 for one PDP context; never one that ends in .0 or .255. */
export function cellularAddress(seed: string, cid: number): string {
  const [a = 0, b = 0, c = 0] = derivedBytes(seed, `pdp ${cid}`, 3);
  return `10.${a}.${b}.${hostPart(c)}`;
}

/** A unique local IPv6 address [RFC 4193] for one PDP context. */
export function cellularAddress6(seed: string, cid: number): string {
  const groups = derivedBytes(seed, `pdp6 ${cid}`, 14).toString('hex').match(/.{4}/g) ?? [];
  return ['fd00', ...groups].join(':');
}

export interface StationAddress {
  ip: string;
  gateway: string;
  netmask: string;
}

/** What DHCP gives the station: 192.168.x.y behind 192.168.x.1. */
export function stationLease(seed: string): StationAddress {
  const [net = 0, host = 0] = derivedBytes(seed, 'lease', 2);
  return { ip: `192.168.${net}.${2 + (host % 253)}`, gateway: `192.168.${net}.1`, netmask: '255.255.255.0' };
}

const hostPart = (byte: number) => 1 + (byte % 254);
