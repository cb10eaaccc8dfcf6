import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeCloud } from '../../../src/clouds/cloud.js';
import { readCloudFile } from '../../../src/config/cloud-file.js';
import { ConfigError } from '../../../src/config/problems.js';
import { aliyunDevice, onenetDevice } from '../../support/clouds.js';
import { temporaryFolder } from '../store/temporary.js';

async function written(yaml: string): Promise<string> {
  const file = join(await temporaryFolder(), 'cloud.yaml');
  writeFileSync(file, yaml);
  return file;
}

/** The problems as `line:column: summary`, and the whole message. */
async function refusal(yaml: string): Promise<{ places: string[]; message: string }> {
  const error = await readCloudFile(await written(yaml)).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof ConfigError)) throw error ?? new Error('it was accepted');
  const places = error.problems.map(({ details: { place }, summary }) => `${place?.line}:${place?.column}: ${summary}`);
  return { places, message: error.message };
}

describe('a device list', () => {
  test('has devices of platforms, and who else may connect', async () => {
    const file = await written(`
aliyun:
  - { product-key: pk, device-name: device, device-secret: secret }
onenet:
  - product-id: '123123'
    device-name: dev1
    access-key: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
anonymous: true
plain-tcp: false
`);
    expect(await readCloudFile(file)).toEqual({
      aliyun: [aliyunDevice],
      onenet: [onenetDevice],
      anonymous: true,
      plainTcp: false,
    });
  });

  test('the example is one, with the devices of the documents in it', async () => {
    const cloud = makeCloud(await readCloudFile('examples/cloud.yaml'));
    expect(cloud.devices).toEqual([
      { platform: 'aliyun', product: 'a1Xy2Zt3Qw4', device: 'lamp007' },
      { platform: 'aliyun', product: 'pk', device: 'device' },
      { platform: 'onenet', product: '123123', device: 'dev1' },
    ]);
    const vector = {
      clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
      username: 'device&pk',
      password: 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14',
    };
    expect(cloud.signIn({ ...vector, keepalive: 100, transport: 'tcp' }, 0)).toMatchObject({
      device: { product: 'pk' },
    });
  });
});

describe('a mistake is told at its place, with what is right', () => {
  const aliyun = (fields: string) => `aliyun:\n  - { ${fields} }\n`;
  const device = 'product-key: pk, device-name: dn, device-secret: ds';

  test.each([
    ['an unknown key', `aliyn: []\n`, '1:1: unknown key `aliyn`', 'did you mean `aliyun`?'],
    ['one of a device', aliyun(`${device}, secret: x`), '2:60: unknown key `secret`', 'device-secret'],
    ['a key that is missing', aliyun('product-key: pk, device-name: dn'), '2:5: `device-secret` is missing', 'a text'],
    [
      'digits without quotes',
      aliyun('product-key: 1, device-name: dn, device-secret: ds'),
      '2:7: `product-key` cannot be that',
      'quotes',
    ],
    [
      'a name that is a filter',
      aliyun('product-key: pk, device-name: +, device-secret: ds'),
      '2:24: `device-name` cannot be that',
      '/ + # & |',
    ],
    [
      'an access key that is none',
      'onenet:\n  - { product-id: p, device-name: d, access-key: "*" }\n',
      '2:38: `access-key` cannot be that',
      'base64',
    ],
    [
      'a device twice',
      `aliyun:\n  - { ${device} }\n  - { ${device} }\n`,
      '3:5: the device pk/dn is in the list twice',
      '',
    ],
    ['a word for yes', `${aliyun(device)}anonymous: maybe\n`, '3:1: `anonymous` cannot be that', 'true or false'],
    ['a map in place of a list', 'aliyun: { device-secret: ds }\n', '1:1: `aliyun` cannot be that', 'a list of'],
    ['no devices', 'anonymous: true\n', '1:1: no devices', '`aliyun:` or `onenet:`'],
    ['no map', '- aliyun\n', '1:1: not a device list', '`aliyun:` or `onenet:`'],
  ])('%s', async (_, yaml, place, hint) => {
    const { places, message } = await refusal(yaml);
    expect(places).toEqual([place]);
    expect(message).toContain(hint);
  });

  test.each([
    ['aliyun: { device-secret: hush }'],
    [aliyun('product-key: pk, device-name: dn, device-secret: [hush]')],
    [aliyun('product-key: pk, device-name: dn, device-secret: "hush hush"')],
    ['onenet:\n  - { product-id: p, device-name: d, access-key: "hush!" }\n'],
    ['onenet: [[hush]]'],
  ])('no secret shows: %j', async yaml => {
    expect((await refusal(yaml)).message).not.toContain('hush');
  });

  test('a file that is not there', async () => {
    await expect(readCloudFile('/nowhere/cloud.yaml')).rejects.toThrow(/cannot read \/nowhere\/cloud\.yaml/);
  });
});
