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
    certs: { ca: ca.pem, key: /etc/hostname }
    power: start
    timing: real
    baud: strict
    identity: { imei: '867395053456782', ap-mac: '02:00:00:00:00:01' }
    sim: { pin: '1234' }
    access-points: [{ ssid: lab, password: secret, rssi: -60, encryption: wpa2 }]
    address: 10.0.0.2
    clock: never
    profile: fast
    files: { boot.cfg: ca.pem }
    network: { registration: roaming, signal: 9, operator: { long: Example, numeric: '26299' }, packet-data: false }
    scenario: ca.pem
    pty-mode: '660'
`);
    writeFileSync(join(folder, 'ca.pem'), '');
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
          certs: { ca: join(folder, 'ca.pem'), key: '/etc/hostname' },
          power: 'start',
          timing: 'real',
          baud: 'strict',
          identity: { imei: '867395053456782', apMac: '02:00:00:00:00:01' },
          sim: { pin: '1234' },
          accessPoints: [{ ssid: 'lab', password: 'secret', rssi: -60, encryption: 'wpa2' }],
          address: '10.0.0.2',
          clock: 'never',
          profile: 'fast',
          files: { 'boot.cfg': join(folder, 'ca.pem') },
          network: {
            registration: 'roaming',
            signal: 9,
            operator: { long: 'Example', numeric: '26299' },
            packetData: false,
          },
          scenario: join(folder, 'ca.pem'),
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

  test('many alike come of one entry: each text has its number', async () => {
    const { file } = await written(`
defaults: { routes: ['dev-{n}.example=embedded'] }
modems:
  - { name: first }
  - { name: 'dev-{n}', count: 3, port: ['pty:dev-{n}', 'tcp:{2300+n}'], settings: { CMEE: 1 }, identity: { serial: 'S{n}' } }
`);
    const { config, origins } = await readConfigFile(file);
    expect(origins).toEqual([0, 1, 1, 1]);
    expect(config.modems[3]).toMatchObject({
      name: 'dev-3',
      port: ['pty:dev-3', 'tcp:2303'],
      settings: { CMEE: 1 },
      identity: { serial: 'S3' },
      routes: ['dev-3.example=embedded'],
    });
    expect(config.modems[3]).not.toHaveProperty('count');
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
    ['a wrong policy of baud rates', 'modems: [{ baud: strickt }]', '1:12: `baud` cannot be that', '`strict`?'],
    [
      'two modems on one port',
      'modems:\n  - { name: gate, port: tcp:2323 }\n  - { port: "tcp:127.0.0.1:2323" }\n',
      '3:7: `gate` and `modem-2` are on one port',
      'its own port',
    ],
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
    ['one of network', 'modems: [{ network: { sginal: 3 } }]', '1:23: unknown key `sginal`', 'did you mean `signal`?'],
    [
      'one of its operator',
      'modems: [{ network: { operator: { numeric: "26299", longg: x, long: y } } }]',
      '1:53: unknown key `longg`',
      'did you mean `long`?',
    ],
    [
      'a state of registration',
      'modems: [{ network: { registration: roming } }]',
      '1:23: `registration` cannot be that',
      'did you mean `roaming`?',
    ],
    ['a signal', 'modems: [{ network: { signal: 40 } }]', '1:23: `signal` cannot be that', '0 to 31'],
    ['a number as a text', 'modems: [{ count: "3" }]', '1:12: `count` cannot be that', 'a number'],
    ['more than there can be', 'modems: [{ count: 20000 }]', '1:12: `count` cannot be that', '1 to 10000'],
    ['an address', 'modems: [{ address: 10.0.0 }]', '1:12: `address` cannot be that', 'IPv4'],
    ['an IMEI', 'modems: [{ identity: { imei: "123456789012345" } }]', '1:24: imei is not valid', 'Luhn'],
    ['a file of `files`', 'modems:\n  - files: { a: none.bin }\n', '2:14: cannot read', 'ENOENT'],
    ['a scenario', 'defaults: { scenario: none.yaml }\nmodems: [{}]\n', '1:13: cannot read', 'ENOENT'],
    ['a number without a count', 'modems: [{ name: "dev-{n}" }]', '1:12: {n} stands for a number only', '`count: 10`'],
    [
      'two modems on one port',
      'modems:\n  - { name: a, port: tcp:2323 }\n  - { name: b, port: tcp:127.0.0.1:2323 }\n',
      '3:16: `a` and `b` are on one port',
      'its own port',
    ],
    [
      'many on one port',
      'modems: [{ name: "dev-{n}", count: 3, port: pty:dev }]',
      '1:39: `dev-1` and `dev-2` are on one port',
      'its own port',
    ],
    ['two with one name', 'modems:\n  - { name: a }\n  - { name: a }\n', '3:7: two modems are called `a`', '{n}'],
    ['no map', '- modems', '1:1: not a config', '`modems:`'],
  ])('%s', async (_, yaml, place, hint) => {
    const { places, message } = await refusal(yaml);
    expect(places).toEqual([expect.stringContaining(place)]);
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
