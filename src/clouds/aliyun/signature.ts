/**
 * The signature with which a device signs in at Alibaba Cloud IoT: client id, user and password follow from product key,
 * device name and device secret. Made by modules that sign in by themselves, checked by the platform. Pure.
 * [Alibaba Cloud IoT Platform, "Establish MQTT connections"]
 */
import type { Credentials } from '../credentials.js';
import { type Hash, hmac } from '../digests.js';

export const aliyunHashes = {
  hmacmd5: 'md5',
  hmacsha1: 'sha1',
  hmacsha256: 'sha256',
} as const satisfies Readonly<Record<string, Hash>>;

export type AliyunMethod = keyof typeof aliyunHashes;

export interface AliyunDevice {
  productKey: string;
  deviceName: string;
  deviceSecret: string;
}

export interface AliyunManner {
  /** The device's own id in front of the client id: a MAC or serial number as a rule. */
  id: string;
  link: 'tls' | 'tcp';
  method?: AliyunMethod;
  /** Milliseconds since 1970; the platform does not judge it. */
  timestamp?: number;
}

const secureModes = { tls: 2, tcp: 3 } as const;

export function signInAtAliyun(
  { productKey, deviceName, deviceSecret }: AliyunDevice,
  { id, link, method = 'hmacsha1', timestamp }: AliyunManner,
): Credentials {
  const stamp = timestamp === undefined ? undefined : String(timestamp);
  const content = contentOf(signedParameters({ id, deviceName, productKey, timestamp: stamp }));
  return {
    clientId: `${id}|securemode=${secureModes[link]},signmethod=${method}${stamp === undefined ? '' : `,timestamp=${stamp}`}|`,
    username: `${deviceName}&${productKey}`,
    password: inHex(hmac(aliyunHashes[method], deviceSecret, content)),
  };
}

/** Names and values, in the order in which they are signed. */
export type Parameters = readonly (readonly [name: string, value: string])[];

export interface SignedValues {
  /** Of the client id only what stands before its first bar. */
  id: string;
  deviceName: string;
  productKey: string;
  /** As it is written in the client id; undefined where it has none. */
  timestamp: string | undefined;
}

/** By the alphabet of their names. */
export function signedParameters({ id, deviceName, productKey, timestamp }: SignedValues): Parameters {
  const stamp = timestamp === undefined ? [] : [['timestamp', timestamp] as const];
  return [['clientId', id], ['deviceName', deviceName], ['productKey', productKey], ...stamp];
}

/** Names and values without anything between them. */
export const contentOf = (parameters: Parameters): string => parameters.flat().join('');

export const inHex = (digest: Buffer): string => digest.toString('hex').toUpperCase();
