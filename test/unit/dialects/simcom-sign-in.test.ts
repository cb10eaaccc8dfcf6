/** What the broker sees in CONNECT: the host's own words, or those that aliauth derives; and the MQTT version. */
import { describe, expect, test } from 'vitest';
import { AliyunPlatform } from '../../../src/clouds/aliyun/platform.js';
import { aliyun, aliyunDevice, verdictOf } from '../../support/clouds.js';
import { FakeBroker } from '../../support/fake-broker.js';
import type { Plan } from '../modem/modem-under-test.js';
import { SimcomHost } from './simcom-host.js';

async function connectPacket(before: readonly string[], credentials = '', plan: Plan & { dialect?: string } = {}) {
  const broker = await FakeBroker.start();
  const host = await SimcomHost.start({ 'broker.test': broker.port }, plan);
  await host.starts();
  for (const line of before) await host.says(line, 'OK');
  host.under.host.types(`AT+CMQTTCONNECT=0,"tcp://broker.test:1883",60,1${credentials}\r`);
  const packet = await (await broker.link()).accept();
  await host.expects('OK', '+CMQTTCONNECT: 0,0');
  return packet;
}

describe('aliauth', () => {
  test('client id, user and password follow from the triple, and the platform accepts them', async () => {
    const { clientId, username, password } = await connectPacket([
      'AT+CMQTTACCQ=0,"12345"',
      'AT+CMQTTCFG="aliauth",0,"pk","device","secret"',
    ]);
    expect({ clientId, username }).toEqual({
      clientId: '12345|securemode=3,signmethod=hmacsha1|',
      username: 'device&pk',
    });
    const shown = { clientId, username: String(username), password: String(password) };
    expect(verdictOf(aliyun(), shown)).toBe('accepted');
    expect(verdictOf(new AliyunPlatform([{ ...aliyunDevice, deviceSecret: 'other' }]), shown)).toBe('signature');
  });

  test('without it the host’s own words stand', async () => {
    const packet = await connectPacket(['AT+CMQTTACCQ=0,"dev01"'], ',"u","p"');
    expect(packet).toMatchObject({ clientId: 'dev01', username: 'u', keepalive: 60, clean: true });
    expect(String(packet.password)).toBe('p');
  });
});

describe('MQTT version', () => {
  const acquire = 'AT+CMQTTACCQ=0,"dev01"';

  test.each<[what: string, version: number, before: string[], plan: Plan & { dialect?: string }]>([
    ['3.1 by default', 3, [acquire], {}],
    ['3.1.1 by the knob', 4, [acquire], { settings: { 'default-version': 4 } }],
    ['3.1.1 by +CMQTTCFG', 4, [acquire, 'AT+CMQTTCFG="version",0,4'], {}],
    ['3.1 by +CMQTTCFG', 3, [acquire, 'AT+CMQTTCFG="version",0,3'], { settings: { 'default-version': 4 } }],
    ['3.1.1 by +CMQTTACCQ of SIM7600', 4, ['AT+CMQTTACCQ=0,"dev01",0,4'], { dialect: 'simcom-sim7600' }],
    ['3.1 without it', 3, [acquire], { dialect: 'simcom-sim7600' }],
  ])('%s', async (_, version, before, plan) => {
    expect((await connectPacket(before, '', plan)).protocolVersion).toBe(version);
  });
});
