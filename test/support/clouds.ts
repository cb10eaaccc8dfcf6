/** The devices of the platforms' own examples, and what a platform says to a sign-in. */
import { AliyunPlatform } from '../../src/clouds/aliyun/platform.js';
import type { AliyunDevice } from '../../src/clouds/aliyun/signature.js';
import type { Credentials } from '../../src/clouds/credentials.js';
import { OnenetPlatform } from '../../src/clouds/onenet/platform.js';
import type { OnenetDevice } from '../../src/clouds/onenet/token.js';
import type { Platform, Refusal, SignIn } from '../../src/clouds/platform.js';

export const aliyunDevice: AliyunDevice = { productKey: 'pk', deviceName: 'device', deviceSecret: 'secret' };

export const onenetDevice: OnenetDevice = {
  productId: '123123',
  deviceName: 'dev1',
  accessKey: 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=',
};

export const aliyun = (...others: AliyunDevice[]) => new AliyunPlatform([aliyunDevice, ...others]);
export const onenet = (...others: OnenetDevice[]) => new OnenetPlatform([onenetDevice, ...others]);

type Circumstances = Partial<Pick<SignIn, 'keepalive' | 'transport'>> & {
  /** Milliseconds since 1970. */
  now?: number;
};

/** Undefined where the device is let in. */
export function refusalBy(
  platform: Platform,
  credentials: Credentials,
  { now = 0, keepalive = 100, transport = 'tcp' }: Circumstances = {},
): Refusal | undefined {
  const answer = platform.signIn({ ...credentials, keepalive, transport }, now);
  return 'refusal' in answer ? answer.refusal : undefined;
}

/** `accepted`, or the word for what is wrong. */
export const verdictOf = (...asked: Parameters<typeof refusalBy>): string => refusalBy(...asked)?.fault ?? 'accepted';
