/** Several platforms as one: whose sign-in is it, and whose device? What the broker asks. Pure. */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import { AliyunPlatform } from './aliyun/platform.js';
import type { AliyunDevice } from './aliyun/signature.js';
import type { Credentials } from './credentials.js';
import { OnenetPlatform } from './onenet/platform.js';
import type { OnenetDevice } from './onenet/token.js';
import { type CloudDevice, keyOf, type Platform, type SignIn, type SignInAnswer } from './platform.js';

/** The devices that exist, and who else may connect. */
export interface CloudSpec {
  aliyun?: readonly AliyunDevice[];
  onenet?: readonly OnenetDevice[];
  /** Clients that are no device of a platform may connect too, and use any topic. Default false. */
  anonymous?: boolean;
  /** May devices of `aliyun` come without TLS? Default true. */
  plainTcp?: boolean;
}

/** A device by the names that its platform knows it by; `platform` only where two have the same. */
export interface DeviceNames {
  platform?: string;
  product: string;
  device: string;
}

const specKeys: readonly (keyof CloudSpec)[] = ['aliyun', 'onenet', 'anonymous', 'plainTcp'];

/** @throws OperatorError for a list that makes no sense */
export function makeCloud(spec: CloudSpec): Cloud {
  const unknown = Object.keys(spec).find(key => !(specKeys as readonly string[]).includes(key));
  if (unknown !== undefined)
    throw new OperatorError('config', `no option \`${unknown}\` of a cloud`, {
      expected: specKeys.join(', '),
      hint: didYouMean(unknown, specKeys) || undefined,
    });
  const { aliyun = [], onenet = [], anonymous = false, plainTcp } = spec;
  checkDevices('aliyun', aliyun, ['productKey', 'deviceName', 'deviceSecret']);
  checkDevices('onenet', onenet, ['productId', 'deviceName', 'accessKey']);
  const platforms: Platform[] = [];
  if (aliyun.length > 0) platforms.push(new AliyunPlatform(aliyun, { plainTcp }));
  if (onenet.length > 0) platforms.push(new OnenetPlatform(onenet));
  if (platforms.length === 0)
    throw new OperatorError('config', 'a cloud without devices', { expected: 'devices of `aliyun` or `onenet`' });
  return new Cloud(platforms, anonymous);
}

/** As plain JavaScript hands them over. What is found is not told: it may be a secret. */
function checkDevices<T extends object>(
  platform: string,
  devices: readonly T[],
  keys: readonly (keyof T & string)[],
): void {
  for (const [i, device] of devices.entries()) {
    const missing = keys.find(key => typeof device[key] !== 'string' || device[key] === '');
    if (missing === undefined) continue;
    throw new OperatorError('config', `device ${i + 1} of \`${platform}\` has no \`${missing}\``, {
      found: Object.keys(device).join(', '),
      expected: keys.join(', '),
    });
  }
}

export class Cloud {
  readonly devices: readonly CloudDevice[];

  constructor(
    readonly platforms: readonly Platform[],
    readonly anonymous: boolean,
  ) {
    this.devices = platforms.flatMap(({ devices }) => devices);
    const odd = this.devices.find(({ product, device }) => /[\s/+#]/.test(product + device));
    if (odd) throw new OperatorError('config', `${keyOf(odd)}: a name has no blanks and none of / + #`);
    const twice = this.devices.map(keyOf).find((key, i, keys) => keys.indexOf(key) !== i);
    if (twice !== undefined) throw new OperatorError('config', `the device ${twice} is in the list twice`);
  }

  /** Undefined: no device, and none is needed. @param now milliseconds since 1970 */
  signIn(signIn: SignIn, now: number): SignInAnswer | undefined {
    const meant = this.#meantBy(signIn);
    if (meant) return meant.signIn(signIn, now);
    if (this.anonymous) return undefined;
    const titles = this.platforms.map(({ title }) => title).join(' nor ');
    const explanation = `this means neither ${titles}: with \`anonymous: true\` in the list other clients may connect too`;
    // The code is assumed: no one platform would say it.
    return { refusal: { code: 5, fault: 'anonymous', explanation } };
  }

  /** What a client sent, for a log: bounded, and without any device's secret. */
  shown(text: string): string {
    return this.platforms.reduce((rest, platform) => platform.shown(rest), text);
  }

  platformOf({ platform }: CloudDevice): Platform {
    return this.platforms.find(({ name }) => name === platform)!;
  }

  /** @throws OperatorError where there is no such device */
  find(names: DeviceNames): CloudDevice {
    const { platform, product, device } = names;
    const found = this.devices.find(
      each =>
        each.product === product && each.device === device && (platform === undefined || each.platform === platform),
    );
    if (found) return found;
    const known = this.devices.map(each => `${each.product}/${each.device}`);
    throw new OperatorError('usage', 'no such device in the list', {
      found: `${product}/${device}`,
      hint: didYouMean(`${product}/${device}`, known) || undefined,
    });
  }

  /** With one platform alone, and nobody else let in, a sign-in can mean no other. */
  #meantBy(credentials: Credentials): Platform | undefined {
    const [only, ...more] = this.platforms;
    if (more.length === 0 && !this.anonymous) return only;
    return this.platforms.find(platform => platform.isMeantBy(credentials));
  }
}
