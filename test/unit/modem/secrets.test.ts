/** What a host calls secret shows in no line of the log and in no line of the dialogue, whatever went wrong with it. */
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/at/command-line.js';
import { openDialect } from '../../../src/dialects/open.js';
import { hideSecrets, hideUnread } from '../../../src/modem/dialogue.js';
import { Secrets } from '../../../src/modem/secrets.js';
import { temporaryFolder } from '../store/temporary.js';
import { ModemUnderTest, type Plan } from './modem-under-test.js';
import { finished, startAtFakeBroker } from './online.js';

const secret = 'hunter22';

async function listenedTo(dialect: string, plan: Plan = {}) {
  const test = await ModemUnderTest.start(dialect, { broker: 'embedded:0', routes: ['*=embedded'], ...plan });
  const dialogue: string[] = [];
  test.modem.dialogue.on(({ from, text }) => dialogue.push(`${from}: ${text}`));
  return { test, dialogue };
}

function expectHidden(test: ModemUnderTest, dialogue: readonly string[]): void {
  expect(dialogue.filter(line => line.includes(secret))).toEqual([]);
  expect(test.said.filter(line => JSON.stringify(line).includes(secret))).toEqual([]);
}

describe.each([
  ['w800', `AT+CWJAP="ssid","${secret}"`, 'AT+CWJAP="ssid",***'],
  ['w800', `AT+MQTTUSERCFG=0,1,"id","user","${secret}",0,0,""`, 'AT+MQTTUSERCFG=0,1,"id","user",***,0,0,""'],
  ['esp-at', `AT+CWJAP="ssid","${secret}","aa:bb:cc:dd:ee:ff"`, 'AT+CWJAP="ssid",***,"aa:bb:cc:dd:ee:ff"'],
  ['luat', `AT+MCONFIG="id","user","${secret}"`, 'AT+MCONFIG="id","user",***'],
  ['luat', `AT+CSQ;+MCONFIG="id","user","${secret}";+CSQ`, 'AT+CSQ;+MCONFIG="id","user",***;+CSQ'],
  ['luat', `AT+CSTT="apn","user","${secret}"`, 'AT+CSTT="apn","user",***'],
  ['./examples/vendor.yaml', `AT+MQCFG="id","user","${secret}"`, 'AT+MQCFG="id","user",***'],
])('%s %s', (dialect, line, shown) => {
  it('is shown without its secret', async () => {
    const { test, dialogue } = await listenedTo(dialect);
    await test.host.asks(line);
    expect(dialogue).toContain(`host: ${shown}`);
    expectHidden(test, dialogue);
  });

  it.each([
    ['a quote short', line.replace(`${secret}"`, secret)],
    ['an argument over', line.replace(`"${secret}"`, `"${secret}","x","y","z","u","v","w","x","y","z"`)],
    ['a letter short', line.replace('AT', 'T')],
    ['a letter over', line.replace('=', 'X=')],
    ['junk before', line.replace('AT', 'ATE0?,')],
  ])('%s', async (_, wrong) => {
    const { test, dialogue } = await listenedTo(dialect);
    await test.host.asks(wrong);
    await test.host.asks(line);
    expectHidden(test, dialogue);
  });
});

describe('what the modem says', () => {
  it('hides a secret that a read form prints', async () => {
    const { test, dialogue } = await listenedTo('w800');
    await test.host.asks(`AT+MQTTUSERCFG=0,1,"id","user","${secret}",0,0,""`);
    await test.host.dialogue('AT+MQTTUSERCFG?', `+MQTTUSERCFG:0,1,"id","user","${secret}",0,0,""\r\n\r\nOK\r\n`);
    expect(dialogue).toContain('modem: +MQTTUSERCFG:0,1,"id","user","***",0,0,""');
    expectHidden(test, dialogue);
  });

  it('hides one that came from flash', async () => {
    const state = await temporaryFolder();
    const first = await ModemUnderTest.start('./examples/vendor.yaml', { state });
    await first.host.asks(`AT+MQCFG="id","user","${secret}"`);
    await first.stop();
    const { test } = await listenedTo('./examples/vendor.yaml', { state });
    expect([...test.modem.secrets]).toEqual([secret]);
    await test.stop();
  });
});

describe('an argument short', () => {
  it('shifts the secret to where none is expected, and hides them all', async () => {
    const { test, dialogue } = await listenedTo('w800');
    await test.host.asks(`AT+MQTTUSERCFG=0,1,"id","${secret}",0,0,""`);
    expect(dialogue[0]).toBe('host: AT+MQTTUSERCFG=***');
    expectHidden(test, dialogue);
  });
});

describe('data', () => {
  it('is hidden where the prompt asks for a secret', async () => {
    const { test, dialogue } = await listenedTo('w800');
    await test.host.asks('AT+MQTTUSERCFG=0,1,"id","user","",0,0,""');
    await test.host.asks(`AT+MQTTLONGPASSWORD=0,${secret.length}`);
    test.host.types(secret);
    await test.host.reads();
    expect(dialogue).toContain('host: (data) ***');
    await test.host.asks('AT+MQTTUSERCFG?');
    expectHidden(test, dialogue);
  });
});

describe('a link', () => {
  it('is made with a secret that no line shows', async () => {
    const { test, dialogue } = await listenedTo('luat');
    await test.host.asks(`AT+MCONFIG="id","user","${secret}"`);
    await test.host.asks('AT+MIPSTART="broker.example",1883');
    await finished(test);
    await test.host.asks('AT+MCONNECT=1,60');
    await finished(test);
    expect(dialogue).toContain('broker: CONNECT "id" user *** keepalive 60 clean');
    expectHidden(test, dialogue);
  });

  it('that is being made keeps a second line out of the log', async () => {
    const { test } = await startAtFakeBroker('w800');
    await test.host.asks('AT+MQTTSUB=0,"in",0');
    await test.host.dialogue(`AT+CWJAP="ssid","${secret}"`, '\r\nbusy ...\r\n');
    expectHidden(test, []);
    expect(test.said.map(({ fields }) => fields)).toContainEqual({ line: '+CWJAP=***' });
  });
});

describe('hideSecrets', () => {
  const shown = async (line: string) => {
    const dialect = await openDialect('luat');
    return hideSecrets(line, parseCommandLine(line, dialect.style), dialect);
  };

  it.each([
    ['+CSQ', '+CSQ'],
    ['+MPUB="a",0,0,"no secret"', '+MPUB="a",0,0,"no secret"'],
    ['+CPIN="1234"', '+CPIN=***'],
    ['+CPIN="1234","5678"', '+CPIN=***,***'],
    ['+CPIN="1234', '+CPIN=***'],
    ['+NOSUCH="1234"', '+NOSUCH=***'],
    ['+CSQ=1', '+CSQ=1'],
    ['E0+CSQ=1;+CPIN="1234"x', 'E0+CSQ=1;+CPIN=***'],
    ['\x01+CPIN="1234"', '\\x01+CPIN=***'],
  ])('%j → %s', async (line, expected) => {
    expect(await shown(line)).toBe(expected);
  });

  it('keeps a long line short', async () => {
    const line = await shown(`+MPUB="a",0,0,"${'x'.repeat(5000)}"`);
    expect(line).toHaveLength('… (5015 characters)'.length + 400);
  });
});

it('a line that could not be read is shown to its =', () => {
  expect(hideUnread('T+CPIN="1234"')).toBe('T+CPIN=***');
  expect(hideUnread('hello\r')).toBe('hello\\r');
});

it('only so many secrets are kept, the newest', () => {
  const secrets = new Secrets();
  for (let i = 0; i < 1000; i++) secrets.add(`secret ${i}`);
  secrets.add('secret 800');
  expect(secrets.size).toBe(256);
  expect(secrets.has('secret 999')).toBe(true);
  expect(secrets.has('secret 0')).toBe(false);
  for (let i = 0; i < 255; i++) secrets.add(`another ${i}`);
  expect(secrets.has('secret 800')).toBe(true);
});
