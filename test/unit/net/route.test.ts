import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { findRoute, parseRoute } from '../../../src/net/route.js';

describe('parseRoute', () => {
  test.each([
    [
      'cloud.example=127.0.0.1:1883',
      { host: 'cloud.example', port: undefined, target: { host: '127.0.0.1', port: 1883 } },
    ],
    ['cloud.example:8883=broker:1', { host: 'cloud.example', port: 8883, target: { host: 'broker', port: 1 } }],
    [
      'Cloud.EXAMPLE.=Broker:65535',
      { host: 'cloud.example', port: undefined, target: { host: 'broker', port: 65535 } },
    ],
    ['*=embedded', { host: '*', port: undefined, target: 'embedded' }],
    ['*:1883=embedded', { host: '*', port: 1883, target: 'embedded' }],
    ['[2001:db8::1]:1883=[::1]:1884', { host: '2001:db8::1', port: 1883, target: { host: '::1', port: 1884 } }],
    ['2001:db8::1=localhost:1883', { host: '2001:db8::1', port: undefined, target: { host: 'localhost', port: 1883 } }],
  ])('%s', (text, route) => {
    expect(parseRoute(text)).toEqual(route);
  });

  test.each([
    ['cloud.example', 'no `=`'],
    ['=127.0.0.1:1883', 'not HOST[:PORT]'],
    ['a:b=127.0.0.1:1883', 'not HOST[:PORT]'],
    ['a:0=127.0.0.1:1883', 'not HOST[:PORT]'],
    ['a b=127.0.0.1:1883', 'not HOST[:PORT]'],
    ['[nonsense]:1=127.0.0.1:1883', 'not HOST[:PORT]'],
    ['a=', 'neither HOST:PORT nor `embedded`'],
    ['a=127.0.0.1', 'has no port'],
    ['a=127.0.0.1:65536', 'neither HOST:PORT nor `embedded`'],
    ['a=*:1883', 'neither HOST:PORT nor `embedded`'],
  ])('%s is refused with what to do', (text, why) => {
    const attempt = () => parseRoute(text);
    expect(attempt).toThrow(OperatorError);
    expect(attempt).toThrow(why);
    expect(attempt).toThrow(`found:    ${text}`);
    expect(attempt).toThrow('--route');
  });
});

describe('findRoute', () => {
  const routes = [
    '*=all:1',
    '*:8883=all-tls:2',
    'cloud.example=cloud:3',
    'cloud.example:8883=cloud-tls:4',
    'cloud.example=never:5',
  ];
  const table = routes.map(parseRoute);

  test.each([
    ['cloud.example', 8883, 'cloud-tls'],
    ['cloud.example', 1883, 'cloud'],
    ['CLOUD.example.', 1883, 'cloud'],
    ['other.example', 8883, 'all-tls'],
    ['other.example', 1883, 'all'],
  ])('%s:%i goes to %s', (host, port, target) => {
    expect(findRoute(table, host, port)?.target).toMatchObject({ host: target });
  });

  test('a peer that no route names has none', () => {
    expect(findRoute([parseRoute('cloud.example:8883=a:1')], 'cloud.example', 1883)).toBeUndefined();
    expect(findRoute([], 'cloud.example', 1883)).toBeUndefined();
  });
});
