/**
 * The token with which a device signs in at OneNET, as its MQTT password. Made by modules that sign in by themselves,
 * checked by the platform. Pure. [OneNET, device token: version 2018-10-31]
 */
import type { Credentials } from '../credentials.js';
import { type Hash, hmac } from '../digests.js';

export const onenetMethods = ['md5', 'sha1', 'sha256'] as const satisfies readonly Hash[];
export type OnenetMethod = (typeof onenetMethods)[number];

export interface OnenetDevice {
  productId: string;
  deviceName: string;
  /** Base64, as the platform shows it. */
  accessKey: string;
}

export const tokenVersion = '2018-10-31';
export const tokenFields = ['version', 'res', 'et', 'method', 'sign'] as const;
export type TokenFields = Record<(typeof tokenFields)[number], string>;

/** @param expires Unix time in seconds */
export function onenetToken(device: OnenetDevice, expires: number, method: OnenetMethod = 'md5'): string {
  const res = resourceOf(device.productId, device.deviceName);
  const content = tokenContent({ et: String(expires), method, res, version: tokenVersion });
  const sign = hmac(method, tokenKey(device.accessKey), content).toString('base64');
  return `version=${tokenVersion}&res=${encodeURIComponent(res)}&et=${expires}&method=${method}&sign=${encodeURIComponent(sign)}`;
}

export function signInAtOnenet(device: OnenetDevice, expires: number, method?: OnenetMethod): Credentials {
  return {
    clientId: device.deviceName,
    username: device.productId,
    password: onenetToken(device, expires, method),
  };
}

/** What a token is good for; without a device: the whole product. */
export const resourceOf = (product: string, device?: string): string =>
  device === undefined ? `products/${product}` : `products/${product}/devices/${device}`;

export const tokenKey = (accessKey: string): Buffer => Buffer.from(accessKey, 'base64');

/** The values alone are signed, in the alphabetic order of their names. */
export const signedLines = ({ et, method, res, version }: Omit<TokenFields, 'sign'>): readonly string[] => [
  et,
  method,
  res,
  version,
];

export const tokenContent = (fields: Omit<TokenFields, 'sign'>): string => signedLines(fields).join('\n');

/** The fields that a text has, decoded. A plus sign is itself, as base64 has it. */
export function readFields(text: string): Partial<TokenFields> {
  const given = new URLSearchParams(text.replaceAll('+', '%2B'));
  return Object.fromEntries(tokenFields.flatMap(name => (given.has(name) ? [[name, given.get(name)!]] : [])));
}
