/** The API on a real port: what a client may cost, and that none of it reaches the modems. */
import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startControl } from '../../../src/control/server.js';
import { recordingLog } from '../../support/log.js';
import { within } from '../../support/patience.js';
import { ModemUnderTest } from '../modem/modem-under-test.js';
import { temporaryFolder } from '../store/temporary.js';
import { answerOf, type ServedPlan, serve, token } from './rig-under-test.js';

const ok = '\r\nOK\r\n';

async function served(plan: ServedPlan = {}) {
  const under = await ModemUnderTest.start('luat');
  const control = await serve([under.modem], { clock: under.clock, ...plan });
  const fetched = async (path: string, init: RequestInit = {}) => answerOf(await fetch(control.url + path, init));
  return { under, control, fetched };
}

/** A raw connection: what is sent, and all that comes until the server ends it. */
function raw(port: number, ...sent: (string | Buffer)[]): { socket: Socket; answer: Promise<string> } {
  const socket = connect({ host: '127.0.0.1', port });
  onTestFinished(() => void socket.destroy());
  const answer = new Promise<string>(resolve => {
    let text = '';
    socket.on('data', chunk => {
      text += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  for (const each of sent) socket.write(each);
  return { socket, answer };
}

const inTime = <T>(promise: Promise<T>): Promise<T> => within(8000, () => 'the server did not end it', promise);

describe('a server', () => {
  test('answers on its port, and is gone when it is stopped', async () => {
    const { control, fetched } = await served();
    expect(control.url).toBe(`http://127.0.0.1:${control.port}`);
    expect((await fetched('/api/modems')).json).toMatchObject({ modems: [{ name: 'modem' }] });
    expect((await fetched('/metrics')).text).toMatch(/atmodem_control_connections \d+\n/);
    await control.stop();
    await expect(fetch(`${control.url}/healthz`)).rejects.toThrow();
  });

  test('a port that is taken is the operator’s to change', async () => {
    const { control } = await served();
    const again = startControl({
      settings: { host: '127.0.0.1', port: control.port, isLoopback: true, token: undefined },
      target: {
        modems: [],
        broker: undefined,
        clock: (await ModemUnderTest.start('v250')).clock,
        log: recordingLog(),
        version: '0',
      },
      pagesFolder: '/nowhere',
    });
    await expect(again).rejects.toThrow(/cannot listen on 127\.0\.0\.1:\d+\n.*in use/);
  });

  test('wants the token where it has one', async () => {
    const { fetched, control } = await served({ token });
    expect(control.needsToken).toBe(true);
    expect(await fetched('/api/modems')).toMatchObject({ status: 401 });
    const headers = { authorization: `Bearer ${token}` };
    expect(await fetched('/api/modems', { headers })).toMatchObject({ status: 200 });
  });

  test('has the files of the page, read when it began', async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, 'index.html'), '<!doctype html>');
    writeFileSync(join(folder, 'app.js'), 'let a');
    writeFileSync(join(folder, 'secret.pem'), 'no kind of a page’s');
    const { fetched, control } = await served({ pagesFolder: folder });
    expect(control.hasPage).toBe(true);
    writeFileSync(join(folder, 'later.js'), '');
    writeFileSync(join(folder, 'app.js'), 'let b');
    const [root, script, pem, later] = await Promise.all(
      ['/', '/app.js', '/secret.pem', '/later.js'].map(path => fetched(path)),
    );
    expect([root!.text, root!.headers.get('content-type')]).toEqual(['<!doctype html>', 'text/html; charset=utf-8']);
    expect(script!.text).toBe('let a');
    expect([pem!.status, later!.status]).toEqual([404, 404]);
  });
});

describe('what is no request', () => {
  test.each([
    ['nonsense', 'AT+CSQ\r\n\r\n', /^HTTP\/1\.1 400 .*"code":"bad-request"/s],
    [
      'headers without an end',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`,
      /^HTTP\/1\.1 413 .*headers are too large/s,
    ],
    ['no Host', 'GET /api/modems HTTP/1.1\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['no Host, long ago', 'GET /api/modems HTTP/1.0\r\n\r\n', /^HTTP\/1\.1 403 .*names of this machine/s],
    [
      'another protocol',
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      /^HTTP\/1\.1 400 .*Upgrade: websocket/s,
    ],
    [
      'a proxy’s address',
      'GET http://evil.example/api/modems HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 403 /,
    ],
  ])('%s', async (_, sent, answer) => {
    const { control, under } = await served();
    expect(await inTime(raw(control.port, sent).answer)).toMatch(answer);
    await under.host.dialogue('AT', ok);
  });
});

describe('large bodies', () => {
  const megabyte = Buffer.alloc(1024 * 1024, 0x20);
  const power = '/api/modems/modem/power';
  const head = `POST ${power} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n`;

  test('1 MB is refused in words, whole or in chunks', async () => {
    const { under, control } = await served();
    const whole = raw(control.port, `${head}Content-Length: ${megabyte.length}\r\n\r\n`, megabyte);
    expect(await inTime(whole.answer)).toMatch(/^HTTP\/1\.1 413 .*"code":"too-large"/s);
    const size = megabyte.length.toString(16);
    const chunked = raw(
      control.port,
      `${head}Transfer-Encoding: chunked\r\n\r\n${size}\r\n`,
      megabyte,
      '\r\n0\r\n\r\n',
    );
    expect(await inTime(chunked.answer)).toMatch(/^HTTP\/1\.1 413 .*"code":"too-large"/s);
    expect(under.modem.isOn).toBe(true);
    await under.host.dialogue('AT', ok);
  });

  test('fetch gets the answer too', async () => {
    const { fetched } = await served();
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: megabyte };
    expect(await fetched(power, init)).toMatchObject({ status: 413, error: { code: 'too-large' } });
  });
});

describe('slow clients', () => {
  const limits = { headersTime: 300, requestTime: 600, silence: 1500, lookEvery: 50 };

  test('200 of them: each is ended, and the others are served meanwhile', async () => {
    const { under, control, fetched } = await served({ limits });
    const slow = Array.from({ length: 200 }, (_, i) => {
      if (i % 2 === 0) return raw(control.port, 'GET /api/modems HTTP/1.1\r\nHost: loc');
      const head = 'POST /api/modems/modem/power HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
      return raw(control.port, `${head}Content-Length: 12\r\n\r\n{"to":`);
    });
    expect(await fetched('/healthz')).toMatchObject({ status: 200 });
    await under.host.dialogue('AT', ok);
    const answers = await inTime(Promise.all(slow.map(({ answer }) => answer)));
    const told = answers.filter(answer => /^HTTP\/1\.1 408 .*"code":"timeout"/s.test(answer));
    expect(told.length).toBe(200);
    expect(under.modem.isOn).toBe(true);
    expect((await fetched('/metrics')).text).toMatch(/atmodem_control_connections [1-3]\n/);
  });

  test('one that says nothing at all is ended', async () => {
    const { control } = await served({ limits });
    expect(await inTime(raw(control.port).answer)).toMatch(/^(?:HTTP\/1\.1 408 .*)?$/s);
  });

  test('one that asks and never reads is ended', async () => {
    const { control, under, fetched } = await served({ limits: { ...limits, silence: 400 } });
    for (let i = 0; i < 2000; i++) under.modem.say({ channel: 0, from: 'host', text: 'x'.repeat(400) });
    const ask = 'GET /api/modems/modem/dialogue?limit=2000 HTTP/1.1\r\nHost: localhost\r\n\r\n';
    const { socket } = raw(control.port);
    socket.pause();
    socket.write(ask.repeat(50));
    const connections = async () => /atmodem_control_connections (\d+)\n/.exec((await fetched('/metrics')).text)?.[1];
    await expect.poll(connections).toBe('2');
    await expect.poll(connections, { timeout: 8000 }).toBe('1');
    expect(under.modem.isOn).toBe(true);
  });

  test('connections past the limit are refused, and counted', async () => {
    const { control, fetched } = await served({ limits: { connections: 20 } });
    const held = Array.from({ length: 20 }, () => raw(control.port, 'GET'));
    await Promise.all(held.map(({ socket }) => new Promise(resolve => socket.once('connect', resolve))));
    expect(await inTime(raw(control.port, 'GET').answer)).toBe('');
    for (const { socket, answer } of held) {
      socket.destroy();
      await answer;
    }
    await expect
      .poll(async () => (await fetched('/metrics').catch(() => undefined))?.text)
      .toMatch(/atmodem_control_connections_refused_total [1-9]/);
  });
});
