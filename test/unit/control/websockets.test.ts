/** WebSockets of the API on a real port: who may open one, live events, terminals, and those that do not read. */
import { once } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/base/clock.js';
import type { EventBatch, LiveEvent, ModemDetail } from '../../../src/control/messages.js';
import { within } from '../../support/patience.js';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';
import { answerOf, type ServedPlan, serve, token } from './rig-under-test.js';

const ok = '\r\nOK\r\n';

async function served(plan: ServedPlan & { modem?: Plan } = {}) {
  const { modem, ...rest } = plan;
  const under = await ModemUnderTest.start('luat', modem);
  const control = await serve([under.modem], { clock: systemClock, ...rest });
  const detail = async () => (await answerOf(await fetch(`${control.url}/api/modems/modem`))).json as ModemDetail;
  return { under, control, detail };
}

type Headers = Record<string, string>;

function open(port: number, path: string, headers: Headers = {}): WebSocket {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  socket.on('error', () => {});
  onTestFinished(() => socket.terminate());
  return socket;
}

const inTime = <T>(what: string, promise: Promise<T>): Promise<T> => within(8000, () => what, promise);

/** What an upgrade was refused with. */
async function refusal(port: number, path: string, headers?: Headers) {
  const socket = open(port, path, headers);
  const [, response] = await inTime('it was not refused', once(socket, 'unexpected-response'));
  let text = '';
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode as number, error: JSON.parse(text).error };
}

/** Events as they come, until one is what is waited for. */
function listening(socket: WebSocket) {
  const events: LiveEvent[] = [];
  socket.on('message', data => events.push(...(JSON.parse(String(data)) as EventBatch)));
  return async (holds: (events: readonly LiveEvent[]) => boolean): Promise<readonly LiveEvent[]> => {
    while (!holds(events)) await inTime('the event did not come', once(socket, 'message'));
    return events;
  };
}

const linesIn = (events: readonly LiveEvent[]): string[] =>
  events.flatMap(event => (event.event === 'dialogue' ? event.lines.map(({ text }) => text) : []));

describe('who may open one', () => {
  test.each(['/api/events', '/api/modems/modem/terminal'])('%s: no foreign page', async path => {
    const { control, under } = await served();
    const foreign = { origin: 'http://evil.example' };
    expect(await refusal(control.port, path, foreign)).toMatchObject({ status: 403, error: { code: 'forbidden' } });
    const rebound = { host: `evil.example:${control.port}`, origin: `http://evil.example:${control.port}` };
    expect(await refusal(control.port, path, rebound)).toMatchObject({ status: 403 });
    expect(under.modem.channels).toHaveLength(1);
  });

  test('its own page may', async () => {
    const { control } = await served();
    await inTime('it did not open', once(open(control.port, '/api/events', { origin: control.url }), 'open'));
  });

  test('with a token: by the header, or the cookie', async () => {
    const { control } = await served({ token });
    expect(await refusal(control.port, '/api/events')).toMatchObject({ status: 401 });
    expect(await refusal(control.port, '/api/events?token=x')).toMatchObject({ status: 401 });
    const wrong = { authorization: 'Bearer wrong' };
    expect(await refusal(control.port, '/api/modems/modem/terminal', wrong)).toMatchObject({ status: 401 });
    const right = open(control.port, '/api/events', { authorization: `Bearer ${token}` });
    await inTime('it did not open', once(right, 'open'));
    const signIn = await fetch(`${control.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
    });
    const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!;
    await inTime('it did not open', once(open(control.port, '/api/events', { cookie, origin: control.url }), 'open'));
  });

  test.each([
    ['/api/modems/nobody/terminal', 404],
    ['/api/events?modem=nobody', 404],
    ['/api/events?modem=modem&after=x', 400],
    ['/api/modems', 404],
    ['/', 404],
    ['/api/modems/..%2fmodem/terminal', 404],
    ['/api/modems/%zz/terminal', 404],
    ['/api/modems/modem/terminal/', 404],
  ])('%s: %i', async (path, status) => {
    const { control } = await served();
    expect(await refusal(control.port, path)).toMatchObject({ status });
  });

  test('a name in the path is decoded once', async () => {
    const { control } = await served({ modem: { name: 'a/b %2F' } });
    const socket = open(control.port, `/api/modems/${encodeURIComponent('a/b %2F')}/terminal`);
    const [hello] = await inTime('no hello', once(socket, 'message'));
    expect(JSON.parse(String(hello))).toEqual({ modem: 'a/b %2F', channel: 1 });
  });
});

describe('live events', () => {
  test('of one modem: its dialogue as it passes', async () => {
    const { control, under } = await served();
    await under.host.asks('AT');
    const until = listening(open(control.port, '/api/events?modem=modem&after=0'));
    await until(events => linesIn(events).length === 2);
    await under.host.asks('AT+CSQ');
    const events = await until(all => linesIn(all).length === 5);
    expect(linesIn(events)).toEqual(['AT', 'OK', 'AT+CSQ', '+CSQ: 28,99', 'OK']);
    expect(events[0]).toMatchObject({ event: 'modems', modems: [{ name: 'modem' }] });
  });

  test('of all: what changes', async () => {
    const { control, under } = await served();
    const until = listening(open(control.port, '/api/events'));
    await until(events => events.length === 1);
    under.modem.powerOff();
    const events = await until(all => all.some(each => each.event === 'modem'));
    expect(events.map(({ event }) => event)).toEqual(['modems', 'power', 'modem']);
  });

  test('are not more than the limit, and one that closes makes room', async () => {
    const { control } = await served();
    const all = Array.from({ length: 64 }, () => open(control.port, '/api/events'));
    await Promise.all(all.map(socket => inTime('it did not open', once(socket, 'open'))));
    expect(await refusal(control.port, '/api/events')).toMatchObject({ status: 503, error: { code: 'busy' } });
    all[0]!.close();
    await inTime('it did not close', once(all[0]!, 'close'));
    await expect
      .poll(async () => (await (await fetch(`${control.url}/metrics`)).text()).includes('{kind="events"} 63\n'))
      .toBe(true);
    await inTime('it did not open', once(open(control.port, '/api/events'), 'open'));
  });

  test('a message of a client is none of the modem’s, and one too long ends the stream', async () => {
    const { control, under } = await served();
    const socket = open(control.port, '/api/events?modem=modem');
    await once(socket, 'message');
    socket.send('AT\r');
    await under.host.dialogue('AT', ok);
    socket.send('x'.repeat(65 * 1024));
    const [code] = await inTime('it was not ended', once(socket, 'close'));
    expect(code).toBe(1009);
  });
});

describe('a terminal', () => {
  async function typing(plan?: Parameters<typeof served>[0]) {
    const rig = await served(plan);
    const socket = open(rig.control.port, '/api/modems/modem/terminal');
    let received = '';
    const [hello] = await inTime('no hello', once(socket, 'message'));
    socket.on('message', data => {
      received += (data as Buffer).toString('latin1');
    });
    const expects = async (bytes: string) => {
      while (received.length < bytes.length) await inTime(`only ${received}`, once(socket, 'message'));
      expect(received).toBe(bytes);
      received = '';
    };
    return { ...rig, socket, hello: JSON.parse(String(hello)), expects };
  }

  test('is a channel of its own, and says which', async () => {
    const { hello, socket, expects, under, detail } = await typing();
    expect(hello).toEqual({ modem: 'modem', channel: 1 });
    expect((await detail()).channels).toMatchObject([
      { kind: 'port' },
      { channel: 1, kind: 'terminal', attached: true },
    ]);
    under.host.types('AT+CS');
    socket.send(Buffer.from('AT+CSQ\r'));
    await expects(`AT+CSQ\r\r\n+CSQ: 28,99\r\n${ok}`);
    under.host.types('Q\r');
    await under.host.expects(`\r\n+CSQ: 28,99\r\n${ok}`);
  });

  test('text counts as its UTF-8', async () => {
    const { socket, expects } = await typing();
    socket.send('ATE0\r');
    await expects(`ATE0\r${ok}`);
    socket.send('AT温\r');
    await expects('\r\nERROR\r\n');
  });

  test('is gone with its WebSocket', async () => {
    const { socket, under } = await typing();
    socket.close();
    await expect.poll(() => under.modem.channels.length).toBe(1);
    await under.host.dialogue('AT', ok);
  });

  test('sees the modem boot, and does not switch it on', async () => {
    const { socket, under, expects } = await typing({ modem: { settings: { 'style.urc-port': 'all' } } });
    under.modem.powerOff();
    socket.send('AT\r');
    await under.host.dialogue('AT', '');
    expect(under.modem.isOn).toBe(false);
    under.modem.powerOn();
    await expects((await under.host.reads()).slice(0));
  });

  test('no more than four of one modem', async () => {
    const { control, under } = await typing();
    for (let n = 0; n < 3; n++)
      await inTime('no hello', once(open(control.port, '/api/modems/modem/terminal'), 'message'));
    expect(await refusal(control.port, '/api/modems/modem/terminal')).toMatchObject({
      status: 503,
      error: { code: 'busy', found: '4 of modem' },
    });
    expect(under.modem.channels).toHaveLength(5);
  });

  test('that does not read is cut, and the host has its answers meanwhile', async () => {
    const { control, socket, under } = await typing();
    socket.pause();
    const channel = under.modem.channel(1)!;
    const closed = once(socket, 'close');
    for (let n = 0; n < 400 && under.modem.channels.length > 1; n++) {
      channel.info('x'.repeat(64 * 1024));
      await under.host.dialogue('AT', ok);
    }
    await expect.poll(() => under.modem.channels.length).toBe(1);
    socket.resume();
    await inTime('it was not cut', closed);
    expect(await (await fetch(`${control.url}/metrics`)).text()).toContain(
      'atmodem_control_slow_websockets_cut_total{kind="terminal"} 1\n',
    );
  });

  test('ends with the server', async () => {
    const { control, socket, under } = await typing();
    const closed = once(socket, 'close');
    await control.stop();
    await inTime('it was not closed', closed);
    await expect.poll(() => under.modem.channels.length).toBe(1);
  });
});
