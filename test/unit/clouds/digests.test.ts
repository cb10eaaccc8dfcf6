import { expect, test } from 'vitest';
import { explains, hmac, otherOrders, readDigest } from '../../../src/clouds/digests.js';

test('the other orders of three are five, each once', () => {
  const orders = [...otherOrders(['a', 'b', 'c'])].map(order => order.join(''));
  expect(orders.sort()).toEqual(['acb', 'bac', 'bca', 'cab', 'cba']);
});

test.each([
  ['5ebe2294ecd0e0f08eab7690d2a6ee69', 'hex', 16],
  ['FAFD82A3D602B37FB0FA8B7892F24A477F851A14', 'hex', 20],
  ['XVKFLgWiYrdErbtiqfOieA==', 'base64', 16],
  ['r/NPzdk7AFlQo/RaSyNXiLhpgsw=', 'base64', 20],
])('%s is a digest in %s', (text, form, length) => {
  const read = readDigest(text);
  expect(read?.form).toBe(form);
  expect(read?.digest).toHaveLength(length);
});

test.each(['', 'secret', 'x'.repeat(40).concat('!'), 'a'.repeat(65)])('%j is none', text => {
  expect(readDigest(text)).toBeUndefined();
});

test('an attempt explains the digest that it makes, by the hash of its length', () => {
  const attempts = ['one', 'two'].map(content => ({ key: 'k', content, mistakes: [`is ${content}`] }));
  expect(explains(hmac('sha256', 'k', 'two'), attempts)).toMatchObject({ hash: 'sha256', mistakes: ['is two'] });
  expect(explains(hmac('md5', 'k', 'three'), attempts)).toBeUndefined();
});

test('contents of any length cannot make the search long', () => {
  const content = 'x'.repeat(1025);
  expect(explains(hmac('md5', 'k', content), [{ key: 'k', content, mistakes: [] }])).toBeUndefined();
});
