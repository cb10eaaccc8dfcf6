import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { signInAtAliyun } from '../../../src/clouds/aliyun/signature.js';
import { type CloudSpec, makeCloud } from '../../../src/clouds/cloud.js';
import type { Credentials } from '../../../src/clouds/credentials.js';
import { signInAtOnenet } from '../../../src/clouds/onenet/token.js';
import { aliyunDevice, onenetDevice } from '../../support/clouds.js';

const both = { aliyun: [aliyunDevice], onenet: [onenetDevice] };
const atAliyun = signInAtAliyun(aliyunDevice, { id: '12345', link: 'tcp' });
const atOnenet = signInAtOnenet(onenetDevice, 1735689600);
const plain: Credentials = { clientId: 'app', username: '', password: '' };

/** The platform of the device, the word for the refusal, or `anybody`. */
function answer(spec: CloudSpec, credentials: Credentials): string {
  const given = makeCloud(spec).signIn({ ...credentials, keepalive: 100, transport: 'tcp' }, 0);
  if (!given) return 'anybody';
  return 'device' in given ? given.device.platform : given.refusal.fault;
}

describe('whose sign-in it is', () => {
  test.each<[string, CloudSpec, Credentials, string]>([
    ['each device is its platform’s', both, atAliyun, 'aliyun'],
    ['each device is its platform’s', both, atOnenet, 'onenet'],
    ['a mistake is told by the platform that is meant', both, { ...atAliyun, username: 'device' }, 'username'],
    ['a mistake is told by the platform that is meant', both, { ...atOnenet, password: 'res=x' }, 'token'],
    ['one that means none is refused', both, plain, 'anonymous'],
    ['one alone is meant by all', { aliyun: [aliyunDevice] }, plain, 'client-id'],
    ['one alone is meant by all', { onenet: [onenetDevice] }, plain, 'product'],
    ['others may connect where the list says so', { ...both, anonymous: true }, plain, 'anybody'],
    ['others may connect where the list says so', { aliyun: [aliyunDevice], anonymous: true }, plain, 'anybody'],
    ['but not as a device', { ...both, anonymous: true }, { ...atAliyun, password: '00' }, 'signature'],
  ])('%s (%#)', (_, spec, credentials, expected) => expect(answer(spec, credentials)).toBe(expected));

  test('plain TCP is refused where the list says so', () => {
    expect(answer({ ...both, plainTcp: false }, atAliyun)).toBe('transport');
    expect(answer({ ...both, plainTcp: false }, atOnenet)).toBe('onenet');
  });
});

describe('a list that makes no sense', () => {
  test.each<[string, unknown, RegExp]>([
    ['no devices', {}, /a cloud without devices/],
    ['a misspelt option', { aliyn: [aliyunDevice] }, /no option `aliyn`[\s\S]*did you mean `aliyun`/],
    [
      'a device without secret',
      { aliyun: [{ productKey: 'a', deviceName: 'b' }] },
      /1 of `aliyun` has no `deviceSecret`/,
    ],
    [
      'a name that is no text',
      { onenet: [{ ...onenetDevice, productId: 123123 }] },
      /1 of `onenet` has no `productId`/,
    ],
    ['a name that is a filter', { aliyun: [{ ...aliyunDevice, deviceName: '+' }] }, /a name has no blanks/],
    [
      'a device twice',
      { aliyun: [aliyunDevice, { ...aliyunDevice, deviceSecret: 'x' }] },
      /pk\/device is in the list twice/,
    ],
  ])('%s', (_, spec, message) => {
    const make = () => makeCloud(spec as CloudSpec);
    expect(make).toThrow(OperatorError);
    expect(make).toThrow(message);
  });

  test('does not tell the secret', () => {
    const spec = { aliyun: [{ productKey: 'a', deviceName: 'b', secret: 'very-secret' }] };
    expect(() => makeCloud(spec as unknown as CloudSpec)).toThrow(/^(?![\s\S]*very-secret)/);
  });
});

describe('a device by its names', () => {
  test('is found', () => {
    expect(makeCloud(both).find({ product: 'pk', device: 'device' })).toMatchObject({ platform: 'aliyun' });
  });

  test('of two platforms with the same is told apart', () => {
    const cloud = makeCloud({
      aliyun: [aliyunDevice],
      onenet: [{ ...onenetDevice, productId: 'pk', deviceName: 'device' }],
    });
    expect(cloud.find({ platform: 'onenet', product: 'pk', device: 'device' }).platform).toBe('onenet');
  });

  test('that is not there: the nearest', () => {
    expect(() => makeCloud(both).find({ product: 'pk', device: 'devise' })).toThrow(/did you mean `pk\/device`/);
  });
});
