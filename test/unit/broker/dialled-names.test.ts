import { expect, test } from 'vitest';
import { DialledNames } from '../../../src/broker/dialled-names.js';

test('a name is taken once, by the port that it was dialled from', () => {
  const names = new DialledNames();
  names.add(40001, 'a.example');
  names.add(40002, 'b.example');
  expect(names.take(40002)).toBe('b.example');
  expect(names.take(40002)).toBeUndefined();
  expect(names.take(40001)).toBe('a.example');
  expect(names.take(undefined)).toBeUndefined();
  expect(names.size).toBe(0);
});

test('a link that ends before it is taken leaves nothing, nor harms the next from its port', () => {
  const names = new DialledNames();
  const forget = names.add(40001, 'a.example');
  forget();
  expect(names.size).toBe(0);
  names.add(40001, 'b.example');
  forget();
  expect(names.take(40001)).toBe('b.example');
});
