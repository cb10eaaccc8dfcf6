import { expect, test } from 'vitest';
import { type AliyunMethod, signInAtAliyun } from '../../../../src/clouds/aliyun/signature.js';
import { aliyun, aliyunDevice, verdictOf } from '../../../support/clouds.js';

test('the vector of the platform’s documents', () => {
  expect(signInAtAliyun(aliyunDevice, { id: '12345', link: 'tcp', timestamp: 789 })).toEqual({
    clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
    username: 'device&pk',
    password: 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14',
  });
});

test.each<[AliyunMethod, string]>([
  ['hmacmd5', '14B198324FE55E1D3C88F2E705E201EE'],
  ['hmacsha256', '6074A46A91B1EBB2CC4EA42790AD0E80202C9843859FC292E57C4EB19FAD9E57'],
])('the same by %s', (method, password) => {
  const shown = signInAtAliyun(aliyunDevice, { id: '12345', link: 'tcp', method, timestamp: 789 });
  expect(shown.password).toBe(password);
  expect(verdictOf(aliyun(), shown)).toBe('accepted');
});

test('a second vector', () => {
  const device = {
    productKey: 'a1Xy2Zt3Qw4',
    deviceName: 'lamp007',
    deviceSecret: 'd0f6f7e0a1b2c3d4e5f60718293a4b5c',
  };
  const { password } = signInAtAliyun(device, { id: 'gw01', link: 'tcp', timestamp: 1700000000000 });
  expect(password).toBe('D70F6A926F100E9D07458610E32EE4302E420E92');
});

test('over TLS the mode is 2; without a time stamp none is signed', () => {
  const { clientId, password } = signInAtAliyun(aliyunDevice, { id: '12345', link: 'tls' });
  expect(clientId).toBe('12345|securemode=2,signmethod=hmacsha1|');
  expect(password).not.toBe('FAFD82A3D602B37FB0FA8B7892F24A477F851A14');
});
