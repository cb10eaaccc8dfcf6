import { describe, expect, test } from 'vitest';
import { type AliyunMethod, checkAtAliyun, signInAtAliyun } from '../../../src/clouds/aliyun.js';
import type { Credentials } from '../../../src/clouds/credentials.js';

const device = { productKey: 'pk', deviceName: 'device', deviceSecret: 'secret' };
const secretOf = (productKey: string, deviceName: string) =>
  productKey === 'pk' && deviceName === 'device' ? 'secret' : undefined;

test('the vector with a time stamp', () => {
  expect(signInAtAliyun(device, { id: '12345', link: 'tcp', timestamp: 789 })).toEqual({
    clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
    username: 'device&pk',
    password: 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14',
  });
});

test('over TLS the mode is 2; without a time stamp none is signed', () => {
  const { clientId, password } = signInAtAliyun(device, { id: '12345', link: 'tls' });
  expect(clientId).toBe('12345|securemode=2,signmethod=hmacsha1|');
  expect(password).not.toBe('FAFD82A3D602B37FB0FA8B7892F24A477F851A14');
});

describe('the platform', () => {
  const shown = signInAtAliyun(device, { id: '12345', link: 'tcp', timestamp: 789 });
  const check = (change: Partial<Credentials>) => checkAtAliyun({ ...shown, ...change }, secretOf);

  test.each<AliyunMethod>(['hmacmd5', 'hmacsha1', 'hmacsha256'])('accepts what is signed by %s', method => {
    expect(checkAtAliyun(signInAtAliyun(device, { id: 'a', link: 'tls', method }), secretOf)).toBe('accepted');
  });

  test('takes hex in either case', () => {
    expect(check({ password: shown.password.toLowerCase() })).toBe('accepted');
  });

  test('refuses another secret, another id, another time', () => {
    expect(checkAtAliyun(shown, () => 'other')).toBe('wrong-signature');
    expect(check({ clientId: shown.clientId.replace('12345', '12346') })).toBe('wrong-signature');
    expect(check({ clientId: shown.clientId.replace('789', '790') })).toBe('wrong-signature');
  });

  test('knows its devices', () => {
    expect(check({ username: 'device&other' })).toBe('foreign');
    expect(check({ username: 'other&pk' })).toBe('foreign');
  });

  test.each([
    { clientId: '12345' },
    { clientId: '12345|securemode=3,signmethod=toString|' },
    { clientId: '12345|signmethod=hmacsha1|' },
    { username: 'device' },
  ])('finds %j malformed', change => {
    expect(check(change)).toBe('malformed');
  });
});
