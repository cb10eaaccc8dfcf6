import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfigFile } from '../../../src/config/file.js';
import { ConfigError } from '../../../src/config/problems.js';
import { temporaryFolder } from '../store/temporary.js';

async function written(yaml: string): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'atmodem.yaml');
  writeFileSync(file, yaml);
  return { folder, file };
}

/** The problems as `line:column: summary`, and the whole message. */
async function refusal(yaml: string): Promise<{ places: string[]; message: string }> {
  const { file } = await written(yaml);
  const error = await readConfigFile(file).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ConfigError)) throw error ?? new Error('it was accepted');
  expect(error.exitCode).toBe(2);
  const places = error.problems.map(({ details: { place }, summary }) => `${place?.line}:${place?.column}: ${summary}`);
  return { places, message: error.message };
}

describe('a config', () => {
  test('has the options of the command line by the same names', async () => {
    const { folder, file } = await written(`
broker: embedded:0
broker-host: 0.0.0.0
cloud: cloud.yaml
ca: test-ca
state: flash
control: { listen: 8080, token-file: token }
modems:
  - name: one
    dialect: ./vendor.yaml
    port: [pty:one, 'tcp:0']
    routes: ['*=embedded']
    dial: routes
    settings: { CMEE: 1, shut-reply: OK, style.echo: all }
    certs: { ca: ca.pem, key: /etc/key.pem }
    power: start
    timing: real
    identity: { imei: '867395053456786', ap-mac: '02:00:00:00:00:01' }
    sim: { pin: '1234' }
    access-points: [{ ssid: lab, password: secret, rssi: -60, encryption: wpa2 }]
    address: 10.0.0.2
    clock: never
    pty-mode: '660'
`);
    expect((await readConfigFile(file)).config).toEqual({
      broker: 'embedded:0',
      brokerHost: '0.0.0.0',
      cloud: join(folder, 'cloud.yaml'),
      ca: join(folder, 'test-ca'),
      state: join(folder, 'flash'),
      control: { listen: '8080', tokenFile: join(folder, 'token') },
      modems: [
        {
          name: 'one',
          dialect: join(folder, 'vendor.yaml'),
          port: ['pty:one', 'tcp:0'],
          routes: ['*=embedded'],
          dial: 'routes',
          settings: { CMEE: 1, 'shut-reply': 'OK', 'style.echo': 'all' },
          certs: { ca: join(folder, 'ca.pem'), key: '/etc/key.pem' },
          power: 'start',
          timing: 'real',
          identity: { imei: '867395053456786', apMac: '02:00:00:00:00:01' },
          sim: { pin: '1234' },
          accessPoints: [{ ssid: 'lab', password: 'secret', rssi: -60, encryption: 'wpa2' }],
          address: '10.0.0.2',
          clock: 'never',
          ptyMode: 0o660,
        },
      ],
    });
  });

  test('defaults are under every modem: maps merge, all else is replaced', async () => {
    const { file } = await written(`
defaults: { dialect: luat, settings: { CMEE: 1, E: 1 }, routes: [a=embedded], sim: none }
modems:
  - { name: one, settings: { E: 0 }, routes: [b=embedded] }
  - { name: two, dialect: w800 }
`);
    expect((await readConfigFile(file)).config.modems).toMatchObject([
      { dialect: 'luat', settings: { CMEE: 1, E: 0 }, routes: ['b=embedded'], sim: 'none' },
      { dialect: 'w800', settings: { CMEE: 1, E: 1 }, routes: ['a=embedded'], sim: 'none' },
    ]);
  });

  test('a modem may leave everything out', async () => {
    const { file } = await written('modems: [{}]');
    expect((await readConfigFile(file)).config.modems).toHaveLength(1);
  });
});

describe('a mistake is told at its place, with what is right', () => {
  test.each([
    ['an unknown key', 'modems: [{}]\nstat: x\n', '2:1: unknown key `stat`', 'did you mean `state`?'],
    [
      'an unknown key of a modem',
      'modems:\n  - dialekt: luat\n',
      '2:5: unknown key `dialekt`',
      'did you mean `dialect`?',
    ],
    ['one of defaults', 'modems: [{}]\ndefaults: { nmae: x }\n', '2:13: unknown key `nmae`', 'dialect'],
    ['one of identity', 'modems: [{ identity: { imie: x } }]', '1:24: unknown key `imie`', 'imei, imsi'],
    ['a wrong word', 'modems: [{ power: atach }]', '1:12: `power` cannot be that', 'did you mean `attach`?'],
    [
      'digits without quotes',
      'modems: [{ identity: { iccid: 89860100000000000000 } }]',
      '1:24: `iccid` cannot be that',
      'quotes',
    ],
    ['a PIN without quotes', 'modems: [{ sim: { pin: 0123 } }]', '1:12: `sim` cannot be that', 'texts in quotes'],
    ['rights as a number', 'modems: [{ pty-mode: 0o660 }]', '1:12: `pty-mode` cannot be that', "'660'"],
    ['a port', 'modems: [{ port: /dev/ttyUSB0 }]', '1:12: unknown kind of port', 'uart:/dev/ttyUSB0'],
    ['a port among several', 'modems: [{ port: [pty, "pty:"] }]', '1:12: port not understood', 'pty[:LINK]'],
    [
      'a route',
      'modems:\n  - routes:\n      - a=embedded\n      - b\n',
      '4:9: a route that cannot be read: there is no `=`',
      'HOST',
    ],
    ['a broker', 'modems: [{}]\nbroker: embeded', '2:1: no such broker', 'did you mean `embedded`?'],
    ['no modem', 'modems: []', '1:1: `modems` cannot be that', 'at least one modem'],
    ['no modems', 'broker: none', '1:1: `modems` is missing', 'a list of modems'],
    ['no map', '- modems', '1:1: not a config', '`modems:`'],
  ])('%s', async (_, yaml, place, hint) => {
    const { places, message } = await refusal(yaml);
    expect(places).toEqual([place]);
    expect(message).toContain(hint);
  });

  test('all of them at once', async () => {
    const { places } = await refusal('modems:\n  - { prot: pty }\n  - { dial: some }\nbrokr: none\n');
    expect(places).toHaveLength(3);
  });

  test('YAML that cannot be read', async () => {
    expect((await refusal('modems: [\n  }\n')).places[0]).toMatch(/^2:/);
  });

  test('a file that is not there', async () => {
    await expect(readConfigFile('/nowhere/atmodem.yaml')).rejects.toThrow(/cannot read \/nowhere\/atmodem\.yaml/);
  });
});
