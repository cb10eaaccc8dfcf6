/** What can be read of the modems, and done to them, over the API: each act with what the host sees of it. */
import { describe, expect, test } from 'vitest';
import type { DialoguePage, ModemDetail, ModemList } from '../../../src/control/messages.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';
import { turns } from '../../support/patience.js';
import { goOnline } from '../modem/online.js';
import { tcpPeer } from '../sockets/socket-under-test.js';
import { startRig } from './rig-under-test.js';

const ok = '\r\nOK\r\n';
const at = '/api/modems/modem';

describe('states', () => {
  test('a list has a summary of each', async () => {
    const { ask } = await startRig('luat', { name: 'meter 1/2' });
    const { modems } = (await ask('GET', '/api/modems')).json as ModemList;
    expect(modems).toEqual([
      {
        name: 'meter 1/2',
        dialect: 'luat',
        power: 'on',
        port: 'memory',
        attached: true,
        bearer: 'cellular',
        online: true,
        network: 'home',
        dbm: -57,
        mqtt: 0,
        links: 0,
        faults: 0,
        lines: 0,
      },
    ]);
  });

  test('a name may have any character: it is decoded once', async () => {
    const { ask } = await startRig('luat', { name: 'meter 1/2 %2F ü' });
    const encoded = encodeURIComponent('meter 1/2 %2F ü');
    expect((await ask('GET', `/api/modems/${encoded}`)).json).toMatchObject({ name: 'meter 1/2 %2F ü' });
    expect((await ask('GET', `/api/modems/${encodeURIComponent(encoded)}`)).status).toBe(404);
  });

  test('of a cellular module', async () => {
    const { ask } = await startRig('luat');
    expect((await ask('GET', at)).json).toMatchObject({
      family: 'luat',
      timing: 'instant',
      address: expect.stringMatching(/^10\./),
      channels: [{ channel: 0, kind: 'port', attached: true, state: 'command', urcsDropped: 0 }],
      cellular: {
        sim: 'ready',
        functionality: 1,
        registration: { cs: 'home', ps: 'home', eps: 'home' },
        operator: 'CHN-UNICOM',
        signal: { rssi: 28, ber: 99 },
        attachedToPacketService: true,
        contexts: [{ cid: 1, type: 'IP', apn: 'internet', active: true }],
      },
      identity: { imei: expect.stringMatching(/^\d{15}$/) },
      activeFaults: [],
    });
  });

  test('of a Wi-Fi module, before and after it joins', async () => {
    const { ask, test } = await startRig('w800');
    expect((await ask('GET', at)).json).toMatchObject({ network: 'idle', online: false, offline: 'not-joined' });
    await test.host.asks('AT+CWMODE=1');
    await test.host.asks('AT+CWJAP="ssid","password"');
    const detail = (await ask('GET', at)).json as ModemDetail;
    expect(detail).toMatchObject({ network: 'addressed', dbm: -50, wifi: { ssid: 'ssid', rssi: -50 } });
    expect(detail.cellular).toBeUndefined();
    expect(JSON.stringify(detail)).not.toContain('password');
  });

  test('of its clients and sockets', async () => {
    const { ask, test } = await startRig('luat', { broker: 'embedded:0', routes: ['*=embedded'] });
    await goOnline(test, 'luat');
    expect((await ask('GET', at)).json).toMatchObject({
      mqtt: 1,
      clients: [{ client: 0, state: 'up', host: 'broker.example', port: 1883 }],
    });
  });

  test('of a link', async () => {
    const peer = await tcpPeer();
    const { ask, test } = await startRig('esp8266', { routes: [`*=127.0.0.1:${peer.port}`] });
    await test.host.asks('AT+CWMODE=1');
    await test.host.asks('AT+CWJAP="ssid","password"');
    await test.host.dialogue('AT+CIPSTART="TCP","peer.example",80', `CONNECT\r\n${ok}`);
    const { links, sockets } = (await ask('GET', at)).json as ModemDetail;
    expect(links).toBe(1);
    expect(sockets).toMatchObject([{ state: 'connected', kind: 'tcp', role: 'client', sent: 0, received: 0 }]);
  });

  test('of one that is off', async () => {
    const { ask, test } = await startRig('luat');
    test.modem.powerOff();
    expect((await ask('GET', at)).json).toMatchObject({ power: 'off', offline: 'powered-off', dbm: null });
  });
});

describe('URCs', () => {
  test('lines reach the host in its framing', async () => {
    const { ask, test } = await startRig('luat');
    expect((await ask('POST', `${at}/urc`, { body: { text: '+NITZ: 1' } })).json).toEqual({ done: true });
    await test.host.expects('\r\n+NITZ: 1\r\n');
    await ask('POST', `${at}/urc`, { body: { text: ['RING', '温'] } });
    await test.host.expects(`\r\nRING\r\n\r\n${Buffer.from('温').toString('latin1')}\r\n`);
  });

  test('bytes reach it as they are', async () => {
    const { ask, test } = await startRig('luat');
    await ask('POST', `${at}/urc`, { body: { bytes: '\\r\\nA\\\\B\\x00\\n' } });
    await test.host.expects('\r\nA\\B\0\n');
  });

  test('wait while a line is being typed, as all do', async () => {
    const { ask, test } = await startRig('luat');
    test.host.types('AT+CS');
    await ask('POST', `${at}/urc`, { body: { text: 'RING' } });
    await test.host.expects('');
    test.host.types('Q\r');
    await test.host.expects(`\r\n+CSQ: 28,99\r\n${ok}\r\nRING\r\n`);
  });

  test('go to the channel that is named', async () => {
    const { ask, test } = await startRig('luat', { channels: 2 });
    await ask('POST', `${at}/urc`, { body: { text: 'RING', channel: 1 } });
    await test.hosts[1]!.expects('\r\nRING\r\n');
    await test.host.expects('');
    const { status, error } = await ask('POST', `${at}/urc`, { body: { text: 'RING', channel: 2 } });
    expect([status, error.found, error.expected]).toEqual([404, '2', '0, 1']);
  });

  test('are refused where nobody would hear them', async () => {
    const { ask, test } = await startRig('luat');
    test.host.detaches();
    expect(await ask('POST', `${at}/urc`, { body: { text: 'RING' } })).toMatchObject({ status: 409 });
    test.modem.powerOff();
    const { status, error } = await ask('POST', `${at}/urc`, { body: { text: 'RING' } });
    expect([status, error.message]).toEqual([409, 'modem is off']);
  });

  test.each([
    [{}, /either `text` or `bytes`/],
    [{ text: 'a', bytes: 'b' }, /either `text` or `bytes`/],
    [{ text: 'a\rb' }, /without CR and LF/],
    [{ text: '' }, /a text/],
    [{ text: [] }, /a line/],
    [{ bytes: '\\q' }, /\\xHH|hex digits/],
    [{ bytes: '\\x1' }, /hex digits/],
    [{ text: 'x', chanel: 1 }, /did you mean `channel`/],
    [{ text: 'x', channel: -1 }, /number of a channel/],
    [{ text: 'x', channel: '1' }, /number of a channel/],
    [{ text: Array(101).fill('x') }, /at most 100 lines/],
  ])('no request: %#', async (body, words) => {
    const { ask, test } = await startRig('luat');
    const { status, text } = await ask('POST', `${at}/urc`, { body });
    expect(status).toBe(400);
    expect(JSON.parse(text).error).toMatchObject({ code: 'bad-request' });
    expect(text.replaceAll('\\\\', '\\')).toMatch(words);
    await test.host.expects('');
  });
});

describe('the network', () => {
  test('signal', async () => {
    const { ask, test } = await startRig('luat');
    expect((await ask('POST', `${at}/signal`, { body: { rssi: 12 } })).json).toMatchObject({
      dbm: -89,
      cellular: { signal: { rssi: 12, ber: 99 } },
    });
    await test.host.dialogue('AT+CSQ', `\r\n+CSQ: 12,99\r\n${ok}`);
  });

  test.each([{ rssi: 32 }, { rssi: -1 }, { rssi: '12' }, { rssi: 1.5 }, {}, { rssi: 12, ber: 8 }, { rssi: 100 }])(
    'no signal is %j',
    async body => {
      const { ask, test } = await startRig('luat');
      expect(await ask('POST', `${at}/signal`, { body })).toMatchObject({ status: 400 });
      await test.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${ok}`);
    },
  );

  test('registration, in all domains or in one', async () => {
    const { ask, test } = await startRig('luat');
    await test.host.asks('AT+CREG=1');
    await ask('POST', `${at}/registration`, { body: { state: 'roaming' } });
    await test.host.expects('\r\n+CREG: 5\r\n');
    const { json } = await ask('POST', `${at}/registration`, { body: { state: 'denied', domain: 'cs' } });
    expect(json).toMatchObject({ cellular: { registration: { cs: 'denied', ps: 'roaming', eps: 'roaming' } } });
    await test.host.expects('\r\n+CREG: 3\r\n');
  });

  test('a word that is none is named, with the nearest', async () => {
    const { ask } = await startRig('luat');
    const { error } = await ask('POST', `${at}/registration`, { body: { state: 'romaing' } });
    expect(error).toEqual({
      code: 'bad-request',
      message: '`state` cannot be that',
      found: '"romaing"',
      expected: 'none, home, searching, denied, unknown, roaming',
      hint: 'did you mean `roaming`?',
    });
  });

  test.each([
    ['signal', { rssi: 1 }],
    ['registration', { state: 'home' }],
  ])('a Wi-Fi module has no %s', async (what, body) => {
    const { ask } = await startRig('w800');
    expect(await ask('POST', `${at}/${what}`, { body })).toMatchObject({ status: 409, error: { code: 'conflict' } });
  });
});

describe('power', () => {
  test('off, on, off and on again', async () => {
    const { ask, test } = await startRig('luat');
    expect((await ask('POST', `${at}/power`, { body: { to: 'off' } })).json).toMatchObject({ power: 'off' });
    await test.host.dialogue('AT', '');
    expect((await ask('POST', `${at}/power`, { body: { to: 'on' } })).json).toMatchObject({ power: 'on' });
    const life = test.modem.life;
    await ask('POST', `${at}/power`, { body: { to: 'on' } });
    expect(test.modem.life).toBe(life);
    await ask('POST', `${at}/power`, { body: { to: 'restart' } });
    expect(test.modem.life).toBe(life + 2);
    expect(test.modem.isOn).toBe(true);
  });
});

describe('messages', () => {
  test('reach the modem’s client by the embedded broker', async () => {
    const { ask, test } = await startRig('luat', { broker: 'embedded:0', routes: ['*=embedded'] });
    await goOnline(test, 'luat');
    await test.host.dialogue('AT+MSUB="in",0', `${ok}\r\nSUBACK\r\n`);
    const body = { topic: 'in', payload: '温', qos: 0 };
    expect((await ask('POST', `${at}/publish`, { body })).json).toEqual({ topic: 'in', bytes: 3, connected: 1 });
    await test.host.expects(`\r\n+MSUB: "in",3 byte,${Buffer.from('温').toString('latin1')}\r\n`);
    await ask('POST', `${at}/publish`, { body: { topic: 'in', payload: 'AAH/', encoding: 'base64' } });
    await test.host.expects('\r\n+MSUB: "in",3 byte,\0\x01\xff\r\n');
  });

  test('to a modem that is not connected are sent, and it is said that nobody there hears them', async () => {
    const { ask } = await startRig('luat', { broker: 'embedded:0' });
    const { json } = await ask('POST', `${at}/publish`, { body: { topic: 'in', payload: '' } });
    expect(json).toMatchObject({ bytes: 0, connected: 0 });
  });

  test('need the embedded broker', async () => {
    const { ask } = await startRig('luat');
    const { status, error } = await ask('POST', `${at}/publish`, { body: { topic: 'in', payload: 'x' } });
    expect([status, error.code]).toEqual([409, 'conflict']);
    expect(error.hint).toMatch(/--broker none/);
  });

  test.each([
    { topic: 'a/+', payload: '' },
    { topic: '', payload: '' },
    { topic: 'a' },
    { topic: 'a', payload: 'x', qos: 3 },
    { topic: 'a', payload: 'x', retain: 'yes' },
    { topic: 'a', payload: 'x!', encoding: 'base64' },
    { topic: 'a', payload: 'xx=x', encoding: 'base64' },
    { topic: 'a', payload: 1 },
  ])('%j is no message', async body => {
    const { ask, test } = await startRig('luat', { broker: 'embedded:0' });
    const published: string[] = [];
    test.daemon.broker!.published.on(({ topic }) => published.push(topic));
    expect(await ask('POST', `${at}/publish`, { body })).toMatchObject({ status: 400 });
    expect(published).toEqual([]);
  });
});

describe('the dialogue', () => {
  const spoken = async (plan = {}) => {
    const rig = await startRig('luat', plan);
    await rig.test.host.asks('AT+CSQ');
    await rig.test.host.asks('AT');
    return rig;
  };

  test('is kept from when the API began', async () => {
    const { ask } = await spoken();
    const page = (await ask('GET', `${at}/dialogue`)).json as DialoguePage;
    expect(page).toMatchObject({ modem: 'modem', first: 1, last: 5, missed: 0 });
    expect(page.lines.map(({ n, from, text }) => `${n} ${from} ${text}`)).toEqual([
      '1 host AT+CSQ',
      '2 modem +CSQ: 28,99',
      '3 modem OK',
      '4 host AT',
      '5 modem OK',
    ]);
  });

  test('after a line, and so many', async () => {
    const { ask } = await spoken();
    const texts = async (query: string) =>
      ((await ask('GET', `${at}/dialogue?${query}`)).json as DialoguePage).lines.map(({ n }) => n);
    expect(await texts('after=3')).toEqual([4, 5]);
    expect(await texts('after=1&limit=2')).toEqual([2, 3]);
    expect(await texts('limit=1')).toEqual([5]);
    expect(await texts('after=99')).toEqual([]);
  });

  test.each(['after=-1', 'after=x', 'limit=2001', 'limit=1e9', 'after=', 'aftr=1', 'after=1.5'])(
    '?%s is refused',
    async query => {
      const { ask } = await spoken();
      expect(await ask('GET', `${at}/dialogue?${query}`)).toMatchObject({ status: 400 });
    },
  );

  test('hides what is secret', async () => {
    const { ask, test } = await startRig('luat');
    await test.host.asks('AT+MCONFIG="me","user","hunter2"');
    const { text } = await ask('GET', `${at}/dialogue`);
    expect(text).toContain('AT+MCONFIG=');
    expect(text).not.toContain('hunter2');
  });
});

describe('the dialogue as a transcript', () => {
  test('can be read again', async () => {
    const { ask, test } = await startRig('luat', { broker: 'embedded:0', routes: ['*=embedded'] });
    await goOnline(test, 'luat');
    await test.host.asks('AT+CSQ');
    test.clock.advance(90_000);
    await test.host.asks('AT\\x');
    const { text, headers } = await ask('GET', `${at}/transcript`);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text).toMatch(/^dialect: luat\n\n# The dialogue of "modem", lines 1 to \d+/);
    expect(text).toContain('\n> AT+CSQ\n< +CSQ: 28,99\n< OK\n');
    expect(text).toContain('# 20.0 s later\n> AT\\x\n');
    expect(text).toContain('# ⇢ CONNECT');
    expect(parseTranscript(text, 'dialogue.at').items.length).toBeGreaterThan(10);
  });

  test('has the layout of its dialect, and each channel', async () => {
    const { ask, test } = await startRig('esp-at', { channels: 2 });
    await test.host.asks('AT+CWMODE?');
    await test.hosts[1]!.asks('AT');
    const { text } = await ask('GET', `${at}/transcript`);
    expect(text).toContain('\n> AT+CWMODE?\n<- +CWMODE:0\n< OK\n2> AT\n2< OK\n');
  });

  test('faults are comments', async () => {
    const { ask, test } = await startRig('luat', { seed: 7 });
    await ask('POST', `${at}/faults`, { body: { fault: 'at.error' } });
    await test.host.asks('AT');
    const { text } = await ask('GET', `${at}/transcript`);
    expect(text).toMatch(/\n# ! at\.error injected\n> AT\n# ! at\.error struck .*\n# ! at\.error over\n< ERROR\n/);
  });

  test('of nothing says so', async () => {
    const { ask } = await startRig('luat');
    expect((await ask('GET', `${at}/transcript`)).text).toMatch(/lines 0 to 0/);
  });

  test('keeps data and cut lines as comments', async () => {
    const { ask, test } = await startRig('luat');
    await test.host.asks('AT+FSCREATE="a"');
    await test.host.asks('AT+FSWRITE="a",0,3,15');
    test.host.types('abc');
    await test.host.reads();
    await test.host.asks(`ATX${'y'.repeat(500)}`);
    await turns(2);
    const { text } = await ask('GET', `${at}/transcript`);
    expect(text).toContain('\n# 1 → (data) abc\n');
    expect(text).toMatch(/\n# 1 → ATX?y*… \(\d+ characters\)\n/i);
    expect(() => parseTranscript(text, 'dialogue.at')).not.toThrow();
  });
});
