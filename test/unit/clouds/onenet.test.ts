import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../../src/clouds/credentials.js';
import { checkAtOnenet, type OnenetMethod, onenetToken, signInAtOnenet } from '../../../src/clouds/onenet.js';

const accessKey = 'MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';
const device = { productId: '123123', deviceName: 'dev1', accessKey };
const expires = 1735689600;

describe('the token', () => {
  test.each<[OnenetMethod, string]>([
    ['md5', 'XVKFLgWiYrdErbtiqfOieA%3D%3D'],
    ['sha1', 'r%2FNPzdk7AFlQo%2FRaSyNXiLhpgsw%3D'],
    ['sha256', '%2FMLyFkvGQMLT%2FDhELcmbzt0Ur7UJwYyq9PieKjHoGzA%3D'],
  ])('by %s', (method, sign) => {
    expect(onenetToken(device, expires, method)).toBe(
      `version=2018-10-31&res=products%2F123123%2Fdevices%2Fdev1&et=1735689600&method=${method}&sign=${sign}`,
    );
  });

  test('is made by md5 unless told otherwise', () => {
    expect(onenetToken(device, expires)).toBe(onenetToken(device, expires, 'md5'));
  });
});

describe('signing in', () => {
  const shown = signInAtOnenet(device, expires, 'sha1');
  const check = (change: Partial<Credentials>, now = expires - 1, key = accessKey) =>
    checkAtOnenet({ ...shown, ...change }, key, now);

  test('the device is the client, the product the user', () => {
    expect(shown).toMatchObject({ clientId: 'dev1', username: '123123' });
  });

  test.each<OnenetMethod>(['md5', 'sha1', 'sha256'])('what is signed by %s is accepted', method => {
    expect(checkAtOnenet(signInAtOnenet(device, expires, method), accessKey, 0)).toBe('accepted');
  });

  test('until it expires', () => {
    expect(check({}, expires)).toBe('expired');
  });

  test('not for another device or product', () => {
    expect(check({ clientId: 'dev2' })).toBe('foreign');
    expect(check({ username: '123124' })).toBe('foreign');
  });

  test('not with another key, nor with anything changed', () => {
    expect(check({}, 0, Buffer.from('another').toString('base64'))).toBe('wrong-signature');
    expect(check({ password: shown.password.replace('et=1735689600', 'et=1835689600') })).toBe('wrong-signature');
    expect(check({ password: shown.password.replace('method=sha1', 'method=md5') })).toBe('wrong-signature');
  });

  test.each(['', 'password', 'version=2018-10-31', shownWithout('sign'), shownWithout('et'), 'et=x&method=rot13'])(
    'not with %j',
    password => {
      expect(check({ password })).toBe('malformed');
    },
  );

  function shownWithout(field: string): string {
    return signInAtOnenet(device, expires)
      .password.split('&')
      .filter(pair => !pair.startsWith(`${field}=`))
      .join('&');
  }
});
