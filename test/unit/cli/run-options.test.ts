import { expect, test } from 'vitest';
import { daemonConfig } from '../../../src/cli/run-options.js';

test('without options and file: one modem, and every default is the daemon’s', () => {
  expect(daemonConfig({ logLevel: 'info' })).toEqual({
    broker: undefined,
    cloud: undefined,
    ca: undefined,
    state: undefined,
    control: undefined,
    modems: [{ routes: [], listen: [], settings: {}, certs: {} }],
  });
});

test('options go on top of every modem of the file', () => {
  const file = {
    broker: 'none',
    ca: 'its-ca',
    brokerHost: '0.0.0.0',
    modems: [
      { name: 'a', dialect: 'luat', settings: { CMEE: 1, E: 1 }, routes: ['x=embedded'] },
      { name: 'b', certs: { ca: 'ca.pem' } },
    ],
  };
  expect(
    daemonConfig(
      {
        logLevel: 'info',
        broker: 'embedded:0',
        cloud: 'cloud.yaml',
        ca: 'my-ca',
        dialect: 'w800',
        set: { E: '0' },
        cert: { key: 'k' },
        route: ['*=h:1'],
        listen: ['*=0.0.0.0:0'],
      },
      file,
    ),
  ).toEqual({
    broker: 'embedded:0',
    ca: 'my-ca',
    brokerHost: '0.0.0.0',
    cloud: 'cloud.yaml',
    state: undefined,
    control: undefined,
    modems: [
      {
        name: 'a',
        dialect: 'w800',
        settings: { CMEE: 1, E: '0' },
        routes: ['*=h:1', 'x=embedded'],
        listen: ['*=0.0.0.0:0'],
        certs: { key: 'k' },
      },
      {
        name: 'b',
        dialect: 'w800',
        settings: { E: '0' },
        routes: ['*=h:1'],
        listen: ['*=0.0.0.0:0'],
        certs: { ca: 'ca.pem', key: 'k' },
      },
    ],
  });
});

test('faults are every modem’s, behind those it has; the seed is the run’s', () => {
  const file = { seed: 1, modems: [{ faults: [{ fault: 'at.silent' }] }, {}] };
  expect(daemonConfig({ logLevel: 'info', fault: ['at.late,by=1s'], seed: 2 }, file)).toMatchObject({
    seed: 2,
    modems: [{ faults: [{ fault: 'at.silent' }, 'at.late,by=1s'] }, { faults: ['at.late,by=1s'] }],
  });
  expect(daemonConfig({ logLevel: 'info' }, file).seed).toBe(1);
});

test('an option that was not typed leaves the file’s value', () => {
  const file = { modems: [{ dialect: 'luat', power: 'start' as const, port: 'pty:x' }] };
  expect(daemonConfig({ logLevel: 'info' }, file).modems[0]).toMatchObject(file.modems[0]!);
});

test.each([{ port: ['pty:x'] }, { name: 'x' }])('%o is for one modem', option => {
  expect(() => daemonConfig({ logLevel: 'info', ...option }, { modems: [{}, {}] })).toThrow(/is for one modem/);
  expect(daemonConfig({ logLevel: 'info', ...option }, { modems: [{}] }).modems[0]).toMatchObject(option);
});

test.each([
  [{ control: '8080' }, undefined, { listen: '8080', token: undefined, tokenFile: undefined }],
  [{ control: '8080', token: 'env' }, undefined, { listen: '8080', token: 'env', tokenFile: undefined }],
  [{ control: '8080', controlToken: 'file' }, undefined, { listen: '8080', token: undefined, tokenFile: 'file' }],
  [{ token: 'env' }, { listen: '9090' }, { listen: '9090', token: 'env', tokenFile: undefined }],
  [{ control: '8080' }, { listen: '9090', tokenFile: 'its' }, { listen: '8080', token: undefined, tokenFile: 'its' }],
  [{ controlToken: 'f' }, { listen: '9090', tokenFile: 'its' }, { listen: '9090', token: undefined, tokenFile: 'f' }],
  [{ token: 'env' }, undefined, undefined],
])('the control API: %j on top of %j', (options, control, expected) => {
  expect(daemonConfig({ logLevel: 'info', ...options }, { modems: [{}], control }).control).toEqual(expected);
});

test('a token guards nothing where there is no control API', () => {
  expect(() => daemonConfig({ logLevel: 'info', controlToken: 'file' })).toThrow(/--control 8080/);
});
