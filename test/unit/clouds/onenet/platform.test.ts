import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Credentials } from '../../../../src/clouds/credentials.js';
import { type OnenetMethod, onenetToken, signInAtOnenet } from '../../../../src/clouds/onenet/token.js';
import { onenet, onenetDevice, refusalBy, verdictOf } from '../../../support/clouds.js';

const expires = 1735689600;
const before = { now: (expires - 1) * 1000 };
const right = signInAtOnenet(onenetDevice, expires, 'sha1');
const other = { productId: '123123', deviceName: 'dev2', accessKey: Buffer.from('another key').toString('base64') };

describe('what is right is let in', () => {
  test.each<OnenetMethod>(['md5', 'sha1', 'sha256'])('a token by %s', method => {
    expect(verdictOf(onenet(), signInAtOnenet(onenetDevice, expires, method), before)).toBe('accepted');
  });

  test('a token of the whole product', () => {
    const sign = createHmac('sha1', Buffer.from(onenetDevice.accessKey, 'base64'))
      .update(`${expires}\nsha1\nproducts/123123\n2018-10-31`)
      .digest('base64');
    const password = `version=2018-10-31&res=products%2F123123&et=${expires}&method=sha1&sign=${encodeURIComponent(sign)}`;
    expect(verdictOf(onenet(), { ...right, password }, before)).toBe('accepted');
  });

  test('a token whose base64 is not percent-encoded, plus signs and all', () => {
    const token = signInAtOnenet(onenetDevice, expires + 9, 'sha1').password;
    expect(decodeURIComponent(token)).toContain('+');
    expect(verdictOf(onenet(), { ...right, password: decodeURIComponent(token) }, before)).toBe('accepted');
  });

  test('any keep-alive', () => {
    expect(verdictOf(onenet(), right, { ...before, keepalive: 0 })).toBe('accepted');
  });
});

describe('the expiry', () => {
  test.each([
    [expires * 1000 - 1, 'accepted'],
    [expires * 1000, 'expired'],
  ])('at %i: %s', (now, verdict) => expect(verdictOf(onenet(), right, { now })).toBe(verdict));

  test('is told with both times', () => {
    expect(refusalBy(onenet(), right, { now: (expires + 60) * 1000 })).toEqual({
      code: 4,
      fault: 'expired',
      explanation: 'the token expired at 1735689600 (2025-01-01T00:00:00Z), and it is 2025-01-01T00:01:00Z',
    });
  });

  test('in milliseconds never comes, and is remarked on', () => {
    const shown = signInAtOnenet(onenetDevice, expires * 1000);
    expect(onenet().signIn({ ...shown, keepalive: 60, transport: 'tcp' }, before.now)).toMatchObject({
      remark: expect.stringContaining('looks like milliseconds'),
    });
  });
});

describe('each field wrong, one by one', () => {
  const changed = (from: string, to: string) => ({ password: right.password.replace(from, to) });
  const without = (field: string) => ({
    password: right.password
      .split('&')
      .filter(pair => !pair.startsWith(`${field}=`))
      .join('&'),
  });

  test.each<[string, Partial<Credentials>, string, string]>([
    ['no user name', { username: '' }, 'product', 'product id `` is not in the list'],
    ['another product', { username: '123124' }, 'product', 'did you mean `123123`?'],
    ['product and device swapped', { username: 'dev1', clientId: '123123' }, 'product', 'are swapped'],
    ['no client id', { clientId: '' }, 'device', 'product id `123123` has no device name `` in the list'],
    ['another client id', { clientId: 'dev01' }, 'device', 'did you mean `dev1`?'],
    [
      'another device’s token',
      { clientId: 'dev2' },
      'resource',
      'is for `products/123123/devices/dev1`, and the client is',
    ],
    ['no password', { password: '' }, 'token', 'has no password'],
    ['a password that is no token', { password: 'password' }, 'token', 'is no token: its form is `version='],
    ['no version', without('version'), 'token', 'has no `version`'],
    ['no res', without('res'), 'token', 'has no `res`'],
    ['no et', without('et'), 'token', 'has no `et`'],
    ['no method', without('method'), 'token', 'has no `method`'],
    ['no sign', without('sign'), 'token', 'has no `sign`'],
    ['another version', changed('2018-10-31', '2020-05-29'), 'token', 'it must be `2018-10-31`'],
    ['an et that is no time', changed('et=1735689600', 'et=tomorrow'), 'token', 'Unix time in seconds'],
    ['an unknown method', changed('method=sha1', 'method=HmacSHA1'), 'token', 'did you mean `sha1`?'],
    ['a word that objects have', changed('method=sha1', 'method=toString'), 'token', 'is none of md5, sha1, sha256'],
    ['a res encoded twice', changed('%2F123123', '%252F123123'), 'token', 'percent-encoded more than once'],
    ['percent signs for printf', changed('products%2F', 'products%%2F'), 'token', 'with doubled percent signs'],
    ['another product in res', changed('123123', '123124'), 'resource', 'is for `products/123124/devices/dev1`'],
    ['another et', changed('1735689600', '1835689600'), 'signature', 'belongs to no likely content'],
    ['another method', changed('method=sha1', 'method=md5'), 'signature', 'has method sha1 in it'],
    ['another sign', changed('sign=r', 'sign=s'), 'signature', 'belongs to no likely content'],
    ['a sign that is no base64', changed('sign=', 'sign=*'), 'signature', 'is no sha1 digest in base64'],
  ])('%s', (_, change, fault, explanation) => {
    const refusal = refusalBy(onenet(other), { ...right, ...change }, before);
    expect(refusal).toMatchObject({ code: 4, fault });
    expect(refusal?.explanation).toContain(explanation);
  });

  test('a wrong sign says what was to be signed, what was expected and what came', () => {
    expect(refusalBy(onenet(), { ...right, ...changed('sign=r', 'sign=s') }, before)?.signature).toEqual({
      method: 'sha1',
      signed: '1735689600\nsha1\nproducts/123123/devices/dev1\n2018-10-31',
      expected: 'r/NPzdk7AFlQo/RaSyNXiLhpgsw=',
      given: 's/NPzdk7AFlQo/RaSyNXiLhpgsw=',
    });
  });
});

describe('what is signed by mistake', () => {
  const res = 'products/123123/devices/dev1';
  const key = Buffer.from(onenetDevice.accessKey, 'base64');
  const explanation = (content: string, by: { key?: string | Buffer; hash?: string; form?: 'hex' | 'base64' } = {}) => {
    const sign = createHmac(by.hash ?? 'sha1', by.key ?? key)
      .update(content)
      .digest(by.form ?? 'base64');
    const password = right.password.replace(/sign=.*/, `sign=${encodeURIComponent(sign)}`);
    return refusalBy(onenet(other), { ...right, password }, before)?.explanation;
  };
  const content = `${expires}\nsha1\n${res}\n2018-10-31`;

  test.each<[string, string, string]>([
    ['another order', `2018-10-31\n${res}\n${expires}\nsha1`, 'has its lines out of order: et, method, res, version'],
    ['res encoded', `${expires}\nsha1\n${encodeURIComponent(res)}\n2018-10-31`, 'has res percent-encoded'],
    ['CR LF', content.replaceAll('\n', '\r\n'), 'has CR LF between its lines'],
    ['a backslash and an n', content.replaceAll('\n', '\\n'), 'has a backslash and an n between its lines'],
    ['nothing between', content.replaceAll('\n', ''), 'has nothing between its lines'],
    ['a last LF', `${content}\n`, 'has an LF behind its last line'],
    ['names too', `et=${expires}\nmethod=sha1\nres=${res}\nversion=2018-10-31`, 'has the names of the fields'],
  ])('%s', (_, signed, expected) => {
    const said = explanation(signed);
    expect(said).toContain('this sign is right for `');
    expect(said).toContain(expected);
    expect(said).not.toContain('\n');
  });

  test('another method', () => {
    expect(explanation(content, { hash: 'md5' })).toBe(
      'this sign is over the right content, but is signed by md5, while the token says method=sha1',
    );
  });

  test('hex', () => expect(explanation(content, { form: 'hex' })).toContain('is written in hex, not in base64'));

  test('the access key as text', () => {
    expect(explanation(content, { key: onenetDevice.accessKey })).toContain('is signed with the access key as text');
  });

  test('the access key of another device', () => {
    expect(explanation(content, { key: 'another key' })).toContain('the access key of device `dev2` of product id');
  });

  test('the access key itself', () => {
    const password = right.password.replace(/sign=.*/, `sign=${encodeURIComponent(other.accessKey)}`);
    const refusal = refusalBy(onenet(other), { ...right, password }, before);
    expect(refusal?.explanation).toContain('the sign is an access key itself');
    expect(JSON.stringify(refusal)).not.toContain(other.accessKey);
  });
});

test('a token means this platform, and so does a user name that is a product of the list', () => {
  const plain = { clientId: 'x', username: 'y', password: 'z' };
  expect(onenet().isMeantBy(plain)).toBe(false);
  expect(onenet().isMeantBy({ ...plain, password: onenetToken(onenetDevice, expires) })).toBe(true);
  expect(onenet().isMeantBy({ clientId: 'dev1', username: '123123', password: '' })).toBe(true);
});
