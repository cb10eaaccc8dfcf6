/** A device list: YAML with the devices that the embedded broker knows as a cloud. Reads and checks it. */
import type { CloudSpec } from '../clouds/cloud.js';
import type { CloudDocument } from './cloud-schema.js';
import { type Problem, problemsOf, readYaml, refuse } from './yaml-file.js';

const kind = { title: 'a device list', expected: '`aliyun:` or `onenet:`, and devices' };

/** @throws ConfigError */
export async function readCloudFile(file: string): Promise<CloudSpec> {
  const document = await readYaml(file, kind);
  const { cloudSchema, knownCloudKeys } = await import('./cloud-schema.js');
  const parsed = cloudSchema.safeParse(document);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(issue => problemsOf(issue, document, knownCloudKeys));
    await refuse(file, document, problems.map(withoutSecrets));
    throw parsed.error;
  }
  await refuse(file, document, [...withoutDevices(parsed.data), ...listedTwice(parsed.data)]);
  return specOf(parsed.data);
}

const secretKeys: readonly unknown[] = ['device-secret', 'access-key'];

/** What was found may be a secret, or a map with one in it. */
function withoutSecrets(problem: Problem): Problem {
  const isSecret = secretKeys.includes(problem.path.at(-1)) || /^[[{]/.test(problem.found ?? '');
  return isSecret ? { ...problem, found: undefined } : problem;
}

function withoutDevices({ aliyun = [], onenet = [] }: CloudDocument): Problem[] {
  return aliyun.length + onenet.length > 0 ? [] : [{ path: [], summary: 'no devices', expected: kind.expected }];
}

function listedTwice({ aliyun = [], onenet = [] }: CloudDocument): Problem[] {
  return [
    ...repeated(
      'aliyun',
      aliyun.map(device => `${device['product-key']}/${device['device-name']}`),
    ),
    ...repeated(
      'onenet',
      onenet.map(device => `${device['product-id']}/${device['device-name']}`),
    ),
  ];
}

const repeated = (platform: string, devices: readonly string[]): Problem[] =>
  devices.flatMap((device, i) =>
    devices.indexOf(device) === i
      ? []
      : [{ path: [platform, i], summary: `the device ${device} is in the list twice` }],
  );

function specOf({ aliyun, onenet, anonymous, 'plain-tcp': plainTcp }: CloudDocument): CloudSpec {
  return {
    aliyun: aliyun?.map(device => ({
      productKey: device['product-key'],
      deviceName: device['device-name'],
      deviceSecret: device['device-secret'],
    })),
    onenet: onenet?.map(device => ({
      productId: device['product-id'],
      deviceName: device['device-name'],
      accessKey: device['access-key'],
    })),
    anonymous,
    plainTcp,
  };
}
