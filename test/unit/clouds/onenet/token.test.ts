import { expect, test } from 'vitest';
import { type OnenetMethod, onenetToken, signInAtOnenet } from '../../../../src/clouds/onenet/token.js';
import { onenetDevice } from '../../../support/clouds.js';

const expires = 1735689600;

test.each<[OnenetMethod, string]>([
  ['md5', 'XVKFLgWiYrdErbtiqfOieA%3D%3D'],
  ['sha1', 'r%2FNPzdk7AFlQo%2FRaSyNXiLhpgsw%3D'],
  ['sha256', '%2FMLyFkvGQMLT%2FDhELcmbzt0Ur7UJwYyq9PieKjHoGzA%3D'],
])('a token by %s', (method, sign) => {
  expect(onenetToken(onenetDevice, expires, method)).toBe(
    `version=2018-10-31&res=products%2F123123%2Fdevices%2Fdev1&et=1735689600&method=${method}&sign=${sign}`,
  );
});

test('it is made by md5 unless told otherwise', () => {
  expect(onenetToken(onenetDevice, expires)).toBe(onenetToken(onenetDevice, expires, 'md5'));
});

test('the device is the client, the product the user', () => {
  expect(signInAtOnenet(onenetDevice, expires)).toMatchObject({ clientId: 'dev1', username: '123123' });
});
