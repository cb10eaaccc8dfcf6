/** What firmware signs by mistake, and what it is told. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { aliyun, refusalBy } from '../../../support/clouds.js';

const other = { productKey: 'pk', deviceName: 'other', deviceSecret: 'another-secret' };
const stamped = '12345|securemode=3,signmethod=hmacsha1,timestamp=789|';
const unstamped = '12345|securemode=3,signmethod=hmacsha1|';
const right = 'clientId12345deviceNamedeviceproductKeypktimestamp789';

const sha1 = (content: string, key = 'secret') => createHmac('sha1', key).update(content).digest();
const hex = (content: string, key?: string) => sha1(content, key).toString('hex');

const explanation = (clientId: string, password: string, now = 0) =>
  refusalBy(aliyun(other), { clientId, username: 'device&pk', password }, { now })?.explanation;

describe('the content', () => {
  test.each<[string, string, string, string]>([
    [
      'the time stamp left out',
      stamped,
      'clientId12345deviceNamedeviceproductKeypk',
      'leaves out the timestamp, while the client id has `timestamp=789`',
    ],
    [
      'a time stamp of seconds, and milliseconds in the client id',
      stamped.replace('789', '1700000000000'),
      'clientId12345deviceNamedeviceproductKeypktimestamp1700000000',
      'has timestamp `1700000000`, while the client id has `timestamp=1700000000000`',
    ],
    [
      'the SDKs’ time stamp signed and not sent',
      unstamped,
      'clientId12345deviceNamedeviceproductKeypktimestamp2524608000000',
      'has timestamp 2524608000000, while the client id has none: send `timestamp=2524608000000` in it too',
    ],
    [
      'the whole client id',
      stamped,
      `clientId${stamped}deviceNamedeviceproductKeypktimestamp789`,
      'has the client id whole, while only what stands before its first bar is signed',
    ],
    [
      'the whole client id, and no time stamp',
      stamped,
      `clientId${stamped}deviceNamedeviceproductKeypk`,
      'is signed and leaves out the timestamp',
    ],
    ['no client id', stamped, 'deviceNamedeviceproductKeypktimestamp789', 'leaves out the client id'],
    [
      'the client id of the SDKs',
      stamped,
      'clientIdpk.devicedeviceNamedeviceproductKeypktimestamp789',
      'has `pk.device` for the client id, while `12345` stands before its first bar',
    ],
    [
      'another order',
      stamped,
      'productKeypkdeviceNamedeviceclientId12345timestamp789',
      'out of the alphabet’s order: clientId, deviceName, productKey, timestamp',
    ],
    [
      'another order, and no time stamp',
      stamped,
      'productKeypkdeviceNamedeviceclientId12345',
      'leaves out the timestamp, while the client id has `timestamp=789` and has its parameters out of the',
    ],
    [
      'product and device swapped',
      stamped,
      'clientId12345deviceNamepkproductKeydevicetimestamp789',
      'has product key and device name swapped',
    ],
    [
      'as in a URL',
      stamped,
      'clientId=12345&deviceName=device&productKey=pk&timestamp=789',
      'has `=` and `&` in it, while nothing stands between names and values',
    ],
    ['the values alone', stamped, '12345devicepk789', 'has the values alone, while their names are signed too'],
  ])('%s', (_, clientId, content, expected) => {
    const said = explanation(clientId, hex(content));
    expect(said).toContain(`this password is right for \`${content}\`, which `);
    expect(said).toContain(expected);
  });

  test('a time stamp of now signed and not sent', () => {
    const content = 'clientId12345deviceNamedeviceproductKeypktimestamp1700000000';
    expect(explanation(unstamped, hex(content), 1700000042_000)).toContain(
      'has timestamp 1700000000, while the client id has none',
    );
  });
});

describe('the key and the method', () => {
  test('another method than the client id says', () => {
    expect(explanation(stamped, '14B198324FE55E1D3C88F2E705E201EE')).toBe(
      'this password signs the right content, but is signed by hmacmd5, while the client id says signmethod=hmacsha1',
    );
  });

  test('another method, and another mistake', () => {
    const password = createHmac('sha256', 'secret').update('clientId12345deviceNamedeviceproductKeypk').digest('hex');
    expect(explanation(stamped, password)).toMatch(/leaves out the timestamp.* and is signed by hmacsha256, while/);
  });

  test('the secret of another device', () => {
    expect(explanation(stamped, hex(right, 'another-secret'))).toBe(
      'this password signs the right content, but is signed with the secret of device `other` of product key `pk`',
    );
  });

  test('key and content swapped', () => {
    expect(explanation(stamped, hex('secret', right))).toContain('is signed with key and content swapped');
  });

  test('base64 in place of hex', () => {
    expect(explanation(stamped, sha1(right).toString('base64'))).toBe(
      'this password signs the right content, but is written in base64, not in hex',
    );
  });

  test.each(['secret', 'another-secret'])('a device secret itself: %s', secret => {
    expect(explanation(stamped, secret)).toBe('the password is a device secret itself, which signs and is never sent');
  });

  test('a secret never shows', () => {
    const refusal = refusalBy(aliyun(other), { clientId: stamped, username: 'device&pk', password: 'another-secret' });
    expect(JSON.stringify(refusal)).not.toContain('another-secret');
  });
});
