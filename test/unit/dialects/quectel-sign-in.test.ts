/** What the broker is shown by a module that makes its own credentials, and what the platform would say to it. */
import { expect, test } from 'vitest';
import { certificate, identity } from '../../support/certificates.js';
import { aliyun, onenet, onenetDevice, verdictOf } from '../../support/clouds.js';
import { FakeBroker, FakeLink } from '../../support/fake-broker.js';
import { listenTls } from '../../support/listeners.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';

const { accessKey } = onenetDevice;
/** Where the manual clock stands. */
const now = Date.UTC(2026, 0, 1) / 1000;
const year = 365 * 24 * 3600;
const ok = '\r\nOK\r\n';

async function configured(
  broker: FakeBroker,
  lines: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<ModemUnderTest> {
  const under = await ModemUnderTest.start('quectel', { routes: [`*=127.0.0.1:${broker.port}`], settings });
  for (const line of lines) await under.host.dialogue(`AT+QMTCFG=${line}`, ok);
  await under.host.dialogue('AT+QMTOPEN=0,"cloud.test",1883', `${ok}\r\n+QMTOPEN: 0,0\r\n`);
  return under;
}

/** The credentials in the CONNECT that this line brings about. */
async function shownBy({ host }: ModemUnderTest, broker: FakeBroker, line: string) {
  host.types(`${line}\r`);
  const link = await broker.link();
  const { clientId, username = '', password = '', protocolVersion } = await link.accept();
  await host.expects(`${ok}\r\n+QMTCONN: 0,0,0\r\n`);
  return { clientId, username, password: password.toString(), protocolVersion };
}

test('OneNET: the device is the client, the product the user, the token the password', async () => {
  const broker = await FakeBroker.start();
  const under = await configured(broker, ['"version",0,4', `"onenet",0,"123123","${accessKey}"`]);
  const shown = await shownBy(under, broker, 'AT+QMTCONN=0,"dev1"');
  expect(shown).toMatchObject({ clientId: 'dev1', username: '123123', protocolVersion: 4 });
  expect(shown.password).toContain(`&et=${now + year}&method=md5&`);
  expect(verdictOf(onenet(), shown, { now: now * 1000 })).toBe('accepted');
  expect(verdictOf(onenet(), shown, { now: (now + year) * 1000 })).toBe('expired');
});

test('Alibaba Cloud: QMTCONN names the id, and nothing else of it reaches the broker', async () => {
  const broker = await FakeBroker.start();
  const under = await configured(broker, ['"version",0,4', '"aliauth",0,"pk","device","secret"']);
  const shown = await shownBy(under, broker, 'AT+QMTCONN=0,"12345","somebody","something"');
  expect(shown).toMatchObject({
    clientId: '12345|securemode=3,signmethod=hmacsha1|',
    username: 'device&pk',
  });
  expect(verdictOf(aliyun(), shown)).toBe('accepted');
});

test('Alibaba Cloud over TLS shows the other secure mode', async () => {
  const links: FakeLink[] = [];
  const port = await listenTls(identity('server'), socket => void links.push(new FakeLink(socket)));
  const under = await ModemUnderTest.start('quectel', {
    routes: [`*=127.0.0.1:${port}`],
    certs: { 'ca.pem': certificate('ca.pem') },
  });
  const { host } = under;
  await host.dialogue('AT+QMTCFG="ssl",0,1,0', ok);
  await host.dialogue('AT+QMTCFG="aliauth",0,"pk","device","secret"', ok);
  await host.dialogue('AT+QMTOPEN=0,"cloud.test",8883', `${ok}\r\n+QMTOPEN: 0,0\r\n`);
  host.types('AT+QMTCONN=0,"12345"\r');
  expect(await links[0]!.accept()).toMatchObject({ clientId: '12345|securemode=2,signmethod=hmacsha1|' });
});

test.each(['md5', 'sha1', 'sha256'])('OneNET by %s, where the knob says so', async method => {
  const broker = await FakeBroker.start();
  const under = await configured(broker, [`"onenet",0,"123123","${accessKey}"`], { 'onenet-method': method });
  const shown = await shownBy(under, broker, 'AT+QMTCONN=0,"dev1"');
  expect(shown.password).toContain(`&method=${method}&`);
  expect(verdictOf(onenet(), shown, { now: now * 1000 })).toBe('accepted');
});

test.each(['hmacmd5', 'hmacsha1', 'hmacsha256'])('Alibaba Cloud by %s, where the knob says so', async method => {
  const broker = await FakeBroker.start();
  const under = await configured(broker, ['"aliauth",0,"pk","device","secret"'], { 'aliyun-method': method });
  const shown = await shownBy(under, broker, 'AT+QMTCONN=0,"12345"');
  expect(shown.clientId).toContain(`signmethod=${method}|`);
  expect(verdictOf(aliyun(), shown)).toBe('accepted');
});

test('a client without either shows what the host gave, another client of the module too', async () => {
  const broker = await FakeBroker.start();
  const under = await configured(broker, ['"onenet",1,"123123","MDEy"', '"aliauth",2,"pk","device","secret"']);
  expect(await shownBy(under, broker, 'AT+QMTCONN=0,"dev1","user","pass"')).toEqual({
    clientId: 'dev1',
    username: 'user',
    password: 'pass',
    protocolVersion: 3,
  });
});

test('keys and secrets do not show in the log', async () => {
  const broker = await FakeBroker.start();
  const under = await configured(broker, [`"onenet",0,"123123","${accessKey}"`, '"aliauth",1,"pk","dn","ds-secret"']);
  const { password } = await shownBy(under, broker, 'AT+QMTCONN=0,"dev1"');
  const log = JSON.stringify(under.said);
  for (const secret of [accessKey, 'ds-secret', password]) expect(log).not.toContain(secret);
});

test('a module that was never told the time has none to show', async () => {
  const { host } = await ModemUnderTest.start('quectel', { clock: 'never' });
  await host.dialogue('AT+QLTS', '\r\n+QLTS: ""\r\n\r\nOK\r\n');
});
