/**
 * Sign-in at OneNET: a token as MQTT password, made by a device and checked by the platform with the same rules. Pure.
 * [OneNET, device token: version 2018-10-31]
 */
import { createHmac } from 'node:crypto';
import { type Credentials, isSameSignature, type Verdict } from './credentials.js';

export type OnenetMethod = 'md5' | 'sha1' | 'sha256';

export interface OnenetDevice {
  productId: string;
  deviceName: string;
  /** Base64, as the platform shows it. */
  accessKey: string;
}

const version = '2018-10-31';
const fields = ['version', 'res', 'et', 'method', 'sign'] as const;

/** @param expires Unix time in seconds */
export function onenetToken(device: OnenetDevice, expires: number, method: OnenetMethod = 'md5'): string {
  const res = resourceOf(device);
  const sign = signature(device.accessKey, { et: String(expires), method, res, version });
  return `version=${version}&res=${encodeURIComponent(res)}&et=${expires}&method=${method}&sign=${encodeURIComponent(sign)}`;
}

export function signInAtOnenet(device: OnenetDevice, expires: number, method?: OnenetMethod): Credentials {
  return {
    clientId: device.deviceName,
    username: device.productId,
    password: onenetToken(device, expires, method),
  };
}

/** @param now Unix time in seconds */
export function checkAtOnenet({ clientId, username, password }: Credentials, accessKey: string, now: number): Verdict {
  const token = readToken(password);
  if (!token) return 'malformed';
  const device = { productId: username, deviceName: clientId, accessKey };
  // A token of the whole product serves each of its devices.
  if (token.res !== resourceOf(device) && token.res !== `products/${username}`) return 'foreign';
  if (Number(token.et) <= now) return 'expired';
  return isSameSignature(token.sign, signature(accessKey, token)) ? 'accepted' : 'wrong-signature';
}

const resourceOf = ({ productId, deviceName }: OnenetDevice): string => `products/${productId}/devices/${deviceName}`;

type Token = Record<'version' | 'res' | 'et' | 'sign', string> & { method: OnenetMethod };

/** The values alone are signed, in the alphabetic order of their names. */
function signature(accessKey: string, { et, method, res, version }: Omit<Token, 'sign'>): string {
  return createHmac(method, Buffer.from(accessKey, 'base64'))
    .update([et, method, res, version].join('\n'))
    .digest('base64');
}

function readToken(text: string): Token | undefined {
  const given = new URLSearchParams(text.replaceAll('+', '%2B'));
  const token = Object.fromEntries(fields.map(name => [name, given.get(name) ?? '']));
  const isWhole = fields.every(name => token[name] !== '') && /^\d+$/.test(token.et!);
  return isWhole && isMethod(token.method!) ? (token as Token) : undefined;
}

const isMethod = (word: string): word is OnenetMethod => word === 'md5' || word === 'sha1' || word === 'sha256';
