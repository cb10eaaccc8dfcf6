import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AliyunPlatform } from '../../../../src/clouds/aliyun/platform.js';
import type { Credentials } from '../../../../src/clouds/credentials.js';
import type { Transport } from '../../../../src/clouds/platform.js';
import { aliyun, aliyunDevice, refusalBy, verdictOf } from '../../../support/clouds.js';

/** The vector of the platform's documents. */
const right: Credentials = {
  clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
  username: 'device&pk',
  password: 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14',
};
const lamp = { productKey: 'a1Xy2Zt3Qw4', deviceName: 'lamp007', deviceSecret: 'd0f6f7e0a1b2c3d4e5f60718293a4b5c' };

describe('what is right is let in', () => {
  test.each<[string, Partial<Credentials>]>([
    ['as in the documents', {}],
    ['a password in small letters', { password: right.password.toLowerCase() }],
    ['parameters in another order', { clientId: '12345|timestamp=789,signmethod=hmacsha1,securemode=3|' }],
    [
      'the parameters that the platform’s own SDKs add',
      { clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789,_v=sdk-c-3.0.1,lan=C,ext=1,gw=0|' },
    ],
  ])('%s', (_, change) => {
    expect(verdictOf(aliyun(), { ...right, ...change })).toBe('accepted');
  });

  test('without signmethod it is hmacmd5', () => {
    const password = '14B198324FE55E1D3C88F2E705E201EE';
    expect(verdictOf(aliyun(), { ...right, clientId: '12345|securemode=3,timestamp=789|', password })).toBe('accepted');
  });

  test('the time stamp is signed as it was sent, not as a number', () => {
    const content = 'clientId12345deviceNamedeviceproductKeypktimestamp0789';
    const password = createHmac('sha1', 'secret').update(content).digest('hex');
    const clientId = '12345|securemode=3,signmethod=hmacsha1,timestamp=0789|';
    expect(verdictOf(aliyun(), { ...right, clientId, password })).toBe('accepted');
  });

  test('and is told to be the device that it is', () => {
    expect(aliyun().signIn({ ...right, keepalive: 100, transport: 'tcp' }, 0)).toMatchObject({
      device: { platform: 'aliyun', product: 'pk', device: 'device' },
    });
  });
});

describe('each field wrong, one by one', () => {
  const longId = 'x'.repeat(65);
  test.each<[string, Partial<Credentials>, number, string, string]>([
    ['no client id', { clientId: '' }, 2, 'client-id', 'has no bars'],
    ['no bars', { clientId: '12345' }, 2, 'client-id', '`12345` has no bars: its form is `<id>|securemode=3,'],
    ['one bar', { clientId: '12345|' }, 2, 'client-id', 'does not end in a second bar'],
    [
      'no second bar',
      { clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789' },
      2,
      'client-id',
      'does not end in a second bar',
    ],
    ['no id', { clientId: '|securemode=3|' }, 2, 'client-id', 'nothing stands before the first bar'],
    ['a long id', { clientId: `${longId}|securemode=3|` }, 2, 'client-id', '65 characters stand before'],
    ['no parameters', { clientId: '12345||' }, 2, 'parameter', 'is no `name=value`'],
    ['a parameter without value', { clientId: '12345|securemode=3,ext|' }, 2, 'parameter', '`ext` in the client id'],
    ['no securemode', { clientId: '12345|signmethod=hmacsha1|' }, 2, 'securemode', 'has no securemode'],
    ['securemode misspelt', { clientId: '12345|secureMode=3|' }, 2, 'securemode', 'but `secureMode`'],
    [
      'another securemode',
      { clientId: '12345|securemode=-2|' },
      2,
      'securemode',
      '`-2` is none of 2 (TLS) and 3 (TCP)',
    ],
    ['a signmethod', { clientId: '12345|securemode=3,signmethod=SHA1|' }, 2, 'signmethod', 'did you mean `hmacsha1`?'],
    [
      'a signmethod with a hyphen',
      { clientId: '12345|securemode=3,signmethod=HMAC-SHA256|' },
      2,
      'signmethod',
      'did you mean `hmacsha256`?',
    ],
    [
      'a word that objects have',
      { clientId: '12345|securemode=3,signmethod=toString|' },
      2,
      'signmethod',
      'is none of',
    ],
    ['no user name', { username: '' }, 4, 'username', 'is not `<device name>&<product key>`'],
    ['a user name without &', { username: 'device' }, 4, 'username', '`device` is not'],
    ['half a user name', { username: '&pk' }, 4, 'username', 'is not'],
    ['an unknown product', { username: 'device&pkk' }, 4, 'product', '`pkk` is not in the list: did you mean `pk`?'],
    ['a swapped user name', { username: 'pk&device' }, 4, 'product', 'product key and device name are swapped'],
    ['an unknown device', { username: 'devise&pk' }, 4, 'device', 'did you mean `device`?'],
    ['a device of another product', { username: 'lamp007&pk' }, 4, 'device', 'it is under product key `a1Xy2Zt3Qw4`'],
    ['no password', { password: '' }, 4, 'password', 'has no password'],
    ['a password that is no hex', { password: 'password' }, 4, 'password', 'by hmacsha1 it is 40 hex digits'],
    [
      'a password cut short',
      { password: right.password.slice(0, 39) },
      5,
      'signature',
      'has 39 digits, by hmacsha1 it has 40',
    ],
    ['a digit too much', { password: `${right.password}0` }, 5, 'signature', 'has 41 digits'],
    ['another password', { password: right.password.replace('F', 'E') }, 5, 'signature', 'no likely content'],
    [
      'the password of another id',
      { clientId: right.clientId.replace('12345', '12346') },
      5,
      'signature',
      'no likely content',
    ],
  ])('%s', (_, change, code, fault, explanation) => {
    const refusal = refusalBy(aliyun(lamp), { ...right, ...change });
    expect(refusal).toMatchObject({ code, fault });
    expect(refusal?.explanation).toContain(explanation);
  });

  test('a wrong signature says what was to be signed, what was expected and what came', () => {
    expect(refusalBy(aliyun(), { ...right, password: 'ab'.repeat(20) })?.signature).toEqual({
      method: 'hmacsha1',
      signed: 'clientId12345deviceNamedeviceproductKeypktimestamp789',
      expected: right.password,
      given: 'ab'.repeat(20),
    });
  });
});

describe('the keep-alive', () => {
  test.each([
    [0, 'keepalive'],
    [29, 'keepalive'],
    [30, 'accepted'],
    [1200, 'accepted'],
    [1201, 'keepalive'],
  ])('%i s: %s', (keepalive, verdict) => {
    expect(verdictOf(aliyun(), right, { keepalive })).toBe(verdict);
  });

  test('is told with its range, and refused by code 2', () => {
    expect(refusalBy(aliyun(), right, { keepalive: 29 })).toEqual({
      code: 2,
      fault: 'keepalive',
      explanation: 'the keep-alive is 29 s, it may be 30 to 1200',
    });
  });
});

describe('the transport', () => {
  const remarkBy = (transport: Transport) => {
    const answer = aliyun().signIn({ ...right, keepalive: 100, transport }, 0);
    return 'device' in answer ? answer.remark : answer.refusal;
  };

  test.each<[Transport, string | undefined]>([
    ['tcp', undefined],
    ['ws', undefined],
    ['tls', 'securemode=3 means TCP, and the client came by tls'],
    ['wss', 'securemode=3 means TCP, and the client came by wss'],
  ])('securemode=3 by %s is let in, with a remark where it is not so', (transport, remark) => {
    expect(remarkBy(transport)).toBe(remark);
  });

  test.each<[Transport, string]>([
    ['tcp', 'transport'],
    ['ws', 'transport'],
    ['tls', 'accepted'],
    ['wss', 'accepted'],
  ])('where the account has no plain TCP, %s: %s', (transport, verdict) => {
    const platform = new AliyunPlatform([aliyunDevice], { plainTcp: false });
    expect(verdictOf(platform, right, { transport })).toBe(verdict);
  });
});

test('what a client sends is shown short, and never with a secret in it', () => {
  const said = JSON.stringify(
    refusalBy(aliyun(lamp), {
      ...right,
      username: `${'x'.repeat(60_000)}&${lamp.deviceSecret.toUpperCase()}`,
      password: lamp.deviceSecret,
    }),
  );
  expect(said).toContain('(a device secret)');
  expect(said.toLowerCase()).not.toContain(lamp.deviceSecret);
  expect(said.length).toBeLessThan(1000);
});
