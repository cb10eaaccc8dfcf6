import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { listenPlace, openAddress, parseListen } from '../../../src/net/listen.js';

const placeOf = (port: number, ...rules: string[]) => listenPlace(rules.map(parseListen), port);

describe('where a server at a port of the AT command listens', () => {
  test.each<[string, string[], { host: string; port: number }]>([
    ['on loopback, unless told', [], { host: '127.0.0.1', port: 333 }],
    ['on another address', ['0.0.0.0'], { host: '0.0.0.0', port: 333 }],
    ['on another port', ['333=8333'], { host: '127.0.0.1', port: 8333 }],
    ['on both', ['333=10.0.0.1:8333'], { host: '10.0.0.1', port: 8333 }],
    ['by IPv6', ['333=[::1]:8333'], { host: '::1', port: 8333 }],
    ['by the rule for all', ['*=127.0.0.1:0'], { host: '127.0.0.1', port: 0 }],
    ['by its own rule first', ['*=0', '333=8333'], { host: '127.0.0.1', port: 8333 }],
    ['not by a rule for another', ['80=8080'], { host: '127.0.0.1', port: 333 }],
    ['on localhost by name', ['localhost'], { host: '127.0.0.1', port: 333 }],
  ])('%s', (_, rules, place) => {
    expect(placeOf(333, ...rules)).toEqual(place);
  });
});

test.each(['', 'nowhere', '80', '80=', '80=x', '80=70000', '0=80', 'x=80', '80=host.example:8080', '999999=80'])(
  '%o is told with what is expected',
  text => {
    expect(() => parseListen(text)).toThrow(OperatorError);
    expect(() => parseListen(text)).toThrow(/listen rule/);
  },
);

test('only a rule of an address alone opens the module to strangers', () => {
  expect(openAddress([])).toBe('127.0.0.1');
  expect(openAddress(['80=0.0.0.0:80', '*=0.0.0.0:0'].map(parseListen))).toBe('127.0.0.1');
  expect(openAddress([parseListen('0.0.0.0')])).toBe('0.0.0.0');
});
