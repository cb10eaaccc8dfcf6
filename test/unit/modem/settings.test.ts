/** What outlives what: a command, a power cut, a restart of the daemon, factory values. */
import { beforeEach, describe, expect, it } from 'vitest';
import { openDialect } from '../../../src/dialects/open.js';
import { type SettingChange, Settings } from '../../../src/modem/settings.js';
import { Flash } from '../../../src/store/flash.js';
import { temporaryFolder } from '../store/temporary.js';
import { ModemUnderTest } from './modem-under-test.js';

const ok = '\r\nOK\r\n';

describe('kept in RAM, in a profile, in flash', () => {
  let flash: Flash;
  let settings: Settings;

  beforeEach(async () => {
    flash = Flash.inMemory();
    settings = new Settings(await openDialect('w800'), flash);
    settings.powerOn();
  });

  const run = { name: 'CIPMUX', of: undefined } as const;
  const profile = { name: 'CWMODE.mode', of: undefined } as const;
  const kept = { name: 'CWAUTOCONN', of: undefined } as const;
  const get = ({ name }: { name: string }) => settings.get(name, undefined, {});

  it('factory values hold until something is set', () => {
    expect([get(run), get(profile), get(kept)]).toEqual([0, 0, 1]);
  });

  it('a power cut leaves flash and what was saved', () => {
    settings.set(run, 1, {});
    settings.set(profile, 1, {});
    settings.set(kept, 0, {});
    settings.powerOn();
    expect([get(run), get(profile), get(kept)]).toEqual([0, 0, 0]);
    settings.set(profile, 3, {});
    settings.save(0);
    settings.set(profile, 2, {});
    settings.powerOn();
    expect(get(profile)).toBe(3);
  });

  it('a saved profile is recalled whole: what was not set then is factory again', () => {
    settings.set(profile, 1, {});
    settings.save(0);
    settings.set({ name: 'CWJAP.ssid', of: undefined }, 'net', {});
    expect(settings.recall(0)).toBe(true);
    expect([get(profile), settings.get('CWJAP.ssid', undefined, {})]).toEqual([1, undefined]);
  });

  it('without a stored profile there is nothing to recall', () => {
    expect(settings.recall(0)).toBe(false);
  });

  it('factory values of the profile leave RAM and flash; of all, nothing', () => {
    settings.set(run, 1, {});
    settings.set(profile, 1, {});
    settings.set(kept, 0, {});
    settings.factory(false);
    expect([get(run), get(profile), get(kept)]).toEqual([1, 0, 0]);
    settings.factory(true);
    expect([get(run), get(profile), get(kept)]).toEqual([0, 0, 1]);
    expect(flash.keys()).toEqual([]);
  });

  it('a client has values of its own', () => {
    const scheme = { name: 'MQTTUSERCFG.scheme', of: 'client' } as const;
    settings.set(scheme, 3, { client: 0 });
    settings.set(scheme, 5, { client: 1 });
    expect([0, 1, 2].map(client => settings.get(scheme.name, 'client', { client }))).toEqual([3, 5, undefined]);
    settings.clear(scheme, { client: 0 });
    expect([0, 1].map(client => settings.get(scheme.name, 'client', { client }))).toEqual([undefined, 5]);
  });

  it('a channel is told of its own changes, all of a profile that changes', () => {
    const changes: SettingChange[] = [];
    settings.changed.on(change => changes.push(change));
    settings.set({ name: 'E', of: 'channel' }, 0, { channel: 1 });
    settings.set(run, 1, {});
    expect(changes).toEqual([
      { name: 'E', channel: 1, value: 0 },
      { name: 'CIPMUX', channel: undefined, value: 1 },
    ]);
    settings.recall(0);
    expect(changes.length).toBeGreaterThan(20);
  });

  it('a name that the dialect lacks is a bug', () => {
    expect(() => settings.set({ name: 'nope', of: undefined }, 1, {})).toThrow('no setting nope');
  });
});

describe('the stored profile of V.250', () => {
  it('&W, Z and &F', async () => {
    const { host } = await ModemUnderTest.start('v250');
    await host.dialogue('ATS7=9&W', ok);
    await host.dialogue('ATS7=1S7?', `\r\n1\r\n${ok}`);
    await host.dialogue('ATZ', ok);
    await host.dialogue('ATS7?', `\r\n9\r\n${ok}`);
    await host.asks('AT&F');
    await host.dialogue('ATE0S7?', `ATE0S7?\r\r\n0\r\n${ok}`);
    await host.dialogue('ATZ', ok);
    await host.dialogue('ATS7?', `\r\n9\r\n${ok}`);
  });

  it('Z answers in the form that the profile wants', async () => {
    const { host } = await ModemUnderTest.start('v250');
    await host.dialogue('AT&W', ok);
    await host.dialogue('ATV0', '0\r');
    await host.dialogue('ATZ', ok);
  });
});

describe('a state folder', () => {
  it.each([
    ['v250', ['ATS7=9&W'], 'ATS7?', `\r\n9\r\n${ok}`],
    ['w800', ['AT+CWMODE=3'], 'AT+CWMODE?', `+CWMODE:3\r\n${ok}`],
    ['w800', ['AT+UART_DEF=9600,8,1,0,0'], 'AT+UART_CUR?', `+UART_CUR:9600,8,1,0,0\r\n${ok}`],
    ['w800', ['AT+SYSSTORE=0', 'AT+CWMODE=3'], 'AT+CWMODE?', `+CWMODE:0\r\n${ok}`],
    ['w800', ['AT+MQTTUSERCFG=0,1,"id","","",0,0,""'], 'AT+MQTTUSERCFG?', `+MQTTUSERCFG:0,0,"","","",0,0,""\r\n${ok}`],
    ['./examples/vendor.yaml', ['AT+MQCFG="id","user"'], 'AT+MQCFG?', `\r\n+MQCFG: "id","user"\r\n${ok}`],
    ['./examples/vendor.yaml', ['AT+MQFMT=1'], 'AT+MQFMT?', `\r\n+MQFMT: 0\r\n${ok}`],
    ['./examples/vendor.yaml', ['AT+MQFMT=1;&W'], 'AT+MQFMT?', `\r\n+MQFMT: 1\r\n${ok}`],
    ['luat', ['AT+FSCREATE="a"'], 'AT+FSFLSIZE="a"', `\r\n+FSFLSIZE: 0\r\n${ok}`],
    ['luat', ['AT+MCONFIG="id"', 'AT+MQTTMODE=1'], 'AT+MQTTMODE?', `\r\n+MQTTMODE: 0\r\n${ok}`],
  ] as const)('%s %j: the next daemon answers %s', async (dialect, lines, question, answer) => {
    const state = await temporaryFolder();
    const before = await ModemUnderTest.start(dialect, { state });
    for (const line of lines) await before.host.dialogue(line, ok);
    await before.stop();
    const after = await ModemUnderTest.start(dialect, { state });
    await after.host.dialogue(question, answer);
    await after.stop();
  });

  it('holds what a profile of each channel says', async () => {
    const state = await temporaryFolder();
    const before = await ModemUnderTest.start('v250', { state, channels: 2 });
    await before.hosts[1]!.dialogue('ATV0&W', '0\r');
    await before.stop();
    const after = await ModemUnderTest.start('v250', { state, channels: 2 });
    await after.hosts[1]!.dialogue('AT', '0\r');
    await after.hosts[0]!.dialogue('AT', ok);
    await after.stop();
  });

  it('is as empty as a new one after +RESTORE', async () => {
    const state = await temporaryFolder();
    const before = await ModemUnderTest.start('w800', { state });
    await before.host.dialogue('AT+CWMODE=1', ok);
    await before.host.dialogue('AT+CWJAP="ssid","password"', `WIFI CONNECTED\r\n${ok}WIFI GOT IP\r\n`);
    await before.host.dialogue('AT+RESTORE', `${ok}ready\r\n`);
    await before.stop();
    const after = await ModemUnderTest.start('w800', { state });
    await after.host.dialogue('AT+CWSTATE?', `+CWSTATE:0,""\r\n${ok}`);
    await after.stop();
  });

  it('keeps a file byte for byte, whatever it holds', async () => {
    const state = await temporaryFolder();
    const bytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
    const before = await ModemUnderTest.start('luat', { state });
    await before.host.dialogue('AT+FSCREATE="\xe8\xaf\x81"', ok);
    await before.host.dialogue('AT+FSWRITE="\xe8\xaf\x81",0,256,15', '\r\n>');
    before.host.types(bytes);
    await before.host.expects(ok);
    await before.stop();
    const after = await ModemUnderTest.start('luat', { state });
    await after.host.dialogue('AT+FSREAD="\xe8\xaf\x81",0,300,0', `\r\n${bytes}\r\n${ok}`);
    await after.stop();
  });
});
