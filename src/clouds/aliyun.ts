/**
 * Sign-in at Alibaba Cloud IoT: client id, user and password follow from product key, device name and device secret; the
 * platform checks by the same rules. Pure. [Alibaba Cloud IoT Platform, MQTT connection signature]
 */
import { createHmac } from 'node:crypto';
import { type Credentials, isSameSignature, type Verdict } from './credentials.js';

export type AliyunMethod = 'hmacmd5' | 'hmacsha1' | 'hmacsha256';

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

const hashes: Readonly<Record<AliyunMethod, string>> = { hmacmd5: 'md5', hmacsha1: 'sha1', hmacsha256: 'sha256' };
const secureModes = { tls: 2, tcp: 3 } as const;

export function signInAtAliyun(
  device: AliyunDevice,
  { id, link, method = 'hmacsha1', timestamp }: AliyunManner,
): Credentials {
  const stamp = timestamp === undefined ? '' : `,timestamp=${timestamp}`;
  return {
    clientId: `${id}|securemode=${secureModes[link]},signmethod=${method}${stamp}|`,
    username: `${device.deviceName}&${device.productKey}`,
    password: signature(device, id, method, timestamp),
  };
}

/** @param secretOf what the platform knows of that device; undefined: there is none */
export function checkAtAliyun(
  { clientId, username, password }: Credentials,
  secretOf: (productKey: string, deviceName: string) => string | undefined,
): Verdict {
  const shown = /^([^|]*)\|(.*)\|$/s.exec(clientId);
  const user = /^(.+)&([^&]+)$/s.exec(username);
  if (!shown || !user) return 'malformed';
  const extension = new Map((shown[2] ?? '').split(',').map(pair => pair.split('=', 2) as [string, string]));
  const method = extension.get('signmethod') ?? 'hmacmd5';
  if (!isMethod(method) || !/^[23]$/.test(extension.get('securemode') ?? '')) return 'malformed';
  const [, deviceName = '', productKey = ''] = user;
  const deviceSecret = secretOf(productKey, deviceName);
  if (deviceSecret === undefined) return 'foreign';
  const stamp = extension.get('timestamp');
  const wanted = signature(
    { productKey, deviceName, deviceSecret },
    shown[1] ?? '',
    method,
    stamp === undefined ? undefined : Number(stamp),
  );
  return isSameSignature(password.toUpperCase(), wanted) ? 'accepted' : 'wrong-signature';
}

/** Names and values without separators, in the alphabetic order of the names. */
function signature(
  { productKey, deviceName, deviceSecret }: AliyunDevice,
  id: string,
  method: AliyunMethod,
  timestamp: number | undefined,
): string {
  const stamp = timestamp === undefined ? '' : `timestamp${timestamp}`;
  return createHmac(hashes[method], deviceSecret)
    .update(`clientId${id}deviceName${deviceName}productKey${productKey}${stamp}`)
    .digest('hex')
    .toUpperCase();
}

const isMethod = (word: string): word is AliyunMethod => Object.hasOwn(hashes, word);
