/** The API as a whole: what it refuses, how it says so, and that nothing of it reaches a modem. */
import { describe, expect, test } from 'vitest';
import { longestBody } from '../../../src/control/body.js';
import type { Pages } from '../../../src/control/pages.js';
import { routes } from '../../../src/control/routes/index.js';
import { pretendedFaults, startRig, token } from './rig-under-test.js';

const at = '/api/modems/modem';

/** A rig, and a check that its modem is as it was. */
async function untouched(plan = {}) {
  const rig = await startRig('luat', plan);
  const state = () => JSON.stringify([rig.rig.monitor.get('modem').detail, rig.test.modem.life]);
  const before = state();
  return {
    ...rig,
    async isUntouched() {
      expect(state()).toBe(before);
      await rig.test.host.expects('');
      expect(rig.said.filter(({ level }) => level === 'error')).toEqual([]);
    },
  };
}

describe('unknown modems', () => {
  test('are named, with the nearest', async () => {
    const { ask } = await startRig('luat', { name: 'greenhouse' });
    const { status, error } = await ask('GET', '/api/modems/grenhouse');
    expect(status).toBe(404);
    expect(error).toEqual({
      code: 'not-found',
      message: 'there is no such modem',
      found: 'grenhouse',
      expected: 'greenhouse',
      hint: 'did you mean `greenhouse`?',
    });
  });

  test.each(routes.filter(({ path }) => path.startsWith('/api/modems/:name') && !path.endsWith('terminal')))(
    '$method $path',
    async ({ method, path }) => {
      const { ask, isUntouched } = await untouched({ pretended: pretendedFaults() });
      const bodies: Record<string, unknown> = {
        urc: { text: 'RING' },
        signal: { rssi: 1 },
        registration: { state: 'home' },
        power: { to: 'off' },
        publish: { topic: 'a', payload: '' },
        faults: { fault: 'at.late' },
      };
      const body = method === 'post' ? bodies[path.split('/').at(-1)!] : undefined;
      const asked = path.replace(':name', 'nobody').replace(':id', '1');
      expect(await ask(method.toUpperCase(), asked, { body })).toMatchObject({
        status: 404,
        error: { code: 'not-found', found: 'nobody' },
      });
      await isUntouched();
    },
  );
});

describe('path tricks', () => {
  test.each([
    '/api/modems/..%2f..%2f..%2fetc%2fpasswd',
    '/api/modems/%2e%2e/%2e%2e/etc/passwd',
    '/api/modems/../../../etc/passwd',
    '/api/modems/modem%00',
    '/api/modems/modem%2f',
    '/api/modems/modem/',
    '/api/modems//modem',
    '//api/modems/modem',
    '/api/modems/%6dodem%20',
    '/api/modems/__proto__',
    '/api/modems/constructor',
    '/api/modems/%zz',
    '/api/modems/%',
    '/api/modems/modem;x',
    '/API/modems/modem',
    '/..%2fpackage.json',
    '/%2e%2e/package.json',
    '/package.json',
    '/index.html/../../package.json',
  ])('%s is nothing', async path => {
    const { ask, isUntouched } = await untouched();
    expect(await ask('GET', path)).toMatchObject({ status: 404, error: { code: 'not-found' } });
    await isUntouched();
  });

  test('an encoded name is the name', async () => {
    const { ask } = await startRig('luat');
    expect(await ask('GET', '/api/modems/%6dodem')).toMatchObject({ status: 200 });
  });
});

describe('bad bodies', () => {
  test.each([
    ['nothing', '', /no body/],
    ['blanks', '  \n', /no body/],
    ['no JSON', '{"to":"off"', /not JSON/],
    ['YAML', 'to: off', /not JSON/],
    ['a list', '[]', /an object is wanted/],
    ['a text', '"off"', /an object is wanted/],
    ['null', 'null', /an object is wanted/],
    ['a number', '1', /an object is wanted/],
    ['an unknown key', '{"to":"off","too":1}', /unknown key `too`/],
    ['__proto__', '{"__proto__":{"to":"off"}}', /`to` is missing|unknown key/],
    ['a deep one', '['.repeat(10_000), /not JSON/],
    ['a wrong type', '{"to":["off"]}', /`to` cannot be that/],
  ])('%s', async (_, body, words) => {
    const { ask, isUntouched } = await untouched();
    const { status, error } = await ask('POST', `${at}/power`, {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect([status, error.code]).toEqual([400, 'bad-request']);
    expect(error.message).toMatch(words);
    await isUntouched();
  });

  test('what is no UTF-8', async () => {
    const { rig, isUntouched } = await untouched();
    const { jsonBody } = await import('../../../src/control/body.js');
    const body = new Response(Uint8Array.of(0x22, 0xff, 0x22)).body;
    await expect(jsonBody({ headers: new Headers(), body })).rejects.toThrow(/not UTF-8/);
    expect(rig.monitor.all).toHaveLength(1);
    await isUntouched();
  });

  test('one that is too large, whether it says so or not', async () => {
    const { ask, isUntouched } = await untouched();
    const body = `{"to":"off"${' '.repeat(longestBody)}}`;
    expect(await ask('POST', `${at}/power`, { body })).toMatchObject({ status: 413, error: { code: 'too-large' } });
    const headers = { 'content-length': String(2 ** 40) };
    expect(await ask('POST', `${at}/power`, { body: '{}', headers })).toMatchObject({ status: 413 });
    await isUntouched();
  });

  test('the largest is read', async () => {
    const { ask } = await startRig('luat');
    const body = `{"to":"on"${' '.repeat(longestBody - 11)}}`;
    expect(body).toHaveLength(longestBody);
    expect(await ask('POST', `${at}/power`, { body })).toMatchObject({ status: 200 });
  });
});

describe('methods', () => {
  test.each([
    ['PUT', `${at}/power`, 'POST'],
    ['GET', `${at}/power`, 'POST'],
    ['DELETE', '/api/modems', 'GET'],
    ['PATCH', `${at}/faults`, 'GET, POST, DELETE'],
    ['OPTIONS', `${at}/power`, 'POST'],
  ])('%s %s is told what is taken', async (method, path, allowed) => {
    const { ask, isUntouched } = await untouched();
    const headers = { 'content-type': 'application/json' };
    const { status, headers: answered, error } = await ask(method, path, { headers });
    expect([status, answered.get('allow'), error.code]).toEqual([405, allowed, 'method-not-allowed']);
    expect(answered.get('access-control-allow-origin')).toBeNull();
    await isUntouched();
  });

  test('HEAD is GET without a body', async () => {
    const { ask } = await startRig('luat');
    expect(await ask('HEAD', '/api/modems')).toMatchObject({ status: 200, text: '' });
  });
});

describe('access', () => {
  test.each([
    ['a rebound name', { host: 'evil.example' }, 403],
    ['a foreign page', { origin: 'http://evil.example' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
  ])('%s drives nothing', async (_, headers: Record<string, string>, status) => {
    const { ask, isUntouched } = await untouched();
    expect(await ask('POST', `${at}/power`, { body: { to: 'off' }, headers })).toMatchObject({ status });
    await isUntouched();
  });

  test.each([undefined, 'Bearer wrong', 'Basic YTpi'])('token: %s', async authorization => {
    const { ask, isUntouched } = await untouched({ access: { isLoopback: false, token } });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const { status, error, headers: answered } = await ask('POST', `${at}/power`, { body: { to: 'off' }, headers });
    expect([status, error.code, answered.get('www-authenticate')]).toEqual([401, 'unauthorized', 'Bearer']);
    await isUntouched();
  });

  test('a page signs in for a cookie', async () => {
    const { ask } = await startRig('luat', { access: { isLoopback: false, token } });
    expect(await ask('POST', '/api/session', { body: { token: 'wrong' } })).toMatchObject({ status: 401 });
    const { status, headers, text } = await ask('POST', '/api/session', { body: { token } });
    expect([status, text]).toEqual([204, '']);
    const [cookie = ''] = headers.get('set-cookie')!.split(';');
    expect(await ask('GET', '/api/modems', { headers: { cookie } })).toMatchObject({ status: 200 });
  });

  test('a wrong token is not repeated', async () => {
    const { ask, said } = await startRig('luat', { access: { isLoopback: false, token } });
    const { text } = await ask('POST', '/api/session', { body: { token: 1234567890 } });
    expect(text).not.toContain('1234567890');
    await ask('POST', '/api/session', { body: { token: 'nearly-right' } });
    expect(JSON.stringify(said)).not.toContain('nearly-right');
  });

  test('nothing may frame it, and nothing but its own may run in it', async () => {
    const { ask } = await startRig('luat');
    for (const path of ['/', '/api/modems', '/nowhere']) {
      const { headers } = await ask('GET', path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';.*frame-ancestors 'none'/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });
});

describe('faults', () => {
  test('are listed, injected and lifted', async () => {
    const { ask } = await startRig('luat', { pretended: pretendedFaults() });
    expect((await ask('GET', '/api/faults')).json).toMatchObject({ faults: [{ name: 'at.late', layer: 'at' }] });
    const injected = await ask('POST', `${at}/faults`, { body: { fault: 'at.late', by: '2s' } });
    expect(injected).toMatchObject({ status: 201, json: { id: 1, fault: 'at.late', parameters: { by: '2s' } } });
    await ask('POST', `${at}/faults`, { body: { fault: 'at.error' } });
    await ask('POST', `${at}/faults`, { body: { fault: 'at.silent' } });
    expect((await ask('GET', `${at}/faults`)).json).toMatchObject({
      seed: 42,
      faults: [{ id: 1 }, { id: 2 }, { id: 3 }],
    });
    expect((await ask('GET', at)).json).toMatchObject({ faults: 3, activeFaults: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    expect((await ask('DELETE', `${at}/faults/2`)).json).toEqual({ lifted: 1 });
    expect((await ask('DELETE', `${at}/faults`)).json).toEqual({ lifted: 2 });
    expect((await ask('DELETE', `${at}/faults`)).json).toEqual({ lifted: 0 });
  });

  test.each(['2', 'x', '-1', '1e0', '01x', '%31%20'])('fault %s is not there', async id => {
    const { ask } = await startRig('luat', { pretended: pretendedFaults() });
    await ask('POST', `${at}/faults`, { body: { fault: 'at.late' } });
    const { status, error } = await ask('DELETE', `${at}/faults/${id}`);
    expect([status, error.expected]).toEqual([404, '1 (at.late)']);
  });

  test('a request without a name is none', async () => {
    const { ask } = await startRig('luat', { pretended: pretendedFaults() });
    expect(await ask('POST', `${at}/faults`, { body: { by: '2s' } })).toMatchObject({
      status: 400,
      error: { message: '`fault` is missing', expected: 'the name of a fault' },
    });
  });

  test('where there are none it is said', async () => {
    const { ask } = await startRig('luat');
    for (const path of ['/api/faults', `${at}/faults`]) expect(await ask('GET', path)).toMatchObject({ status: 409 });
  });
});

describe('the cloud', () => {
  const cloud = {
    aliyun: [{ productKey: 'pk', deviceName: 'lamp', deviceSecret: 'hunter2hunter2' }],
  };

  test('its devices, without their secrets', async () => {
    const { ask } = await startRig('luat', { broker: 'embedded:0', cloud });
    const { json, text } = await ask('GET', '/api/cloud/devices');
    expect(json).toEqual({ devices: [{ platform: 'aliyun', product: 'pk', device: 'lamp', online: false }] });
    expect(text).not.toContain('hunter2');
  });

  test('sets a property of a device', async () => {
    const { ask, test } = await startRig('luat', { broker: 'embedded:0', cloud });
    const published: string[] = [];
    test.daemon.broker!.published.on(({ topic }) => published.push(topic));
    const body = { product: 'pk', device: 'lamp', params: { on: 1 } };
    const { json } = await ask('POST', '/api/cloud/property', { body });
    expect(json).toMatchObject({ id: '1', topic: expect.stringContaining('/pk/lamp/') });
    expect(published).toHaveLength(1);
  });

  test('an unknown device is the caller’s mistake', async () => {
    const { ask } = await startRig('luat', { broker: 'embedded:0', cloud });
    const body = { product: 'pk', device: 'lmap', params: {} };
    expect(await ask('POST', '/api/cloud/property', { body })).toMatchObject({ status: 400 });
  });

  test('where there is none it is said, and what to do', async () => {
    const body = { product: 'pk', device: 'lamp', params: {} };
    const { ask } = await startRig('luat', { broker: 'embedded:0' });
    expect((await ask('POST', '/api/cloud/property', { body })).error.hint).toMatch(/--cloud/);
    const { ask: askNoBroker } = await startRig('luat');
    expect((await askNoBroker('GET', '/api/cloud/devices')).error.hint).toMatch(/--broker none/);
  });
});

describe('the daemon', () => {
  test('tells of itself', async () => {
    const { ask, test } = await startRig('luat', { broker: 'embedded:0', pretended: pretendedFaults() });
    expect((await ask('GET', '/api/daemon')).json).toEqual({
      version: '1.2.3',
      startedAt: test.clock.wall(),
      modems: 1,
      broker: test.daemon.broker!.url,
      cloud: false,
      faults: true,
    });
    expect((await ask('GET', '/healthz')).json).toEqual({ status: 'ok' });
  });

  test('a bug is the log’s, and tells the caller nothing of the inside', async () => {
    const { ask, rig, said } = await startRig('luat');
    Object.defineProperty(rig.monitor.get('modem'), 'detail', {
      get: () => {
        throw new Error('/a/path/of/this/machine');
      },
    });
    const { status, text } = await ask('GET', at);
    expect([status, JSON.parse(text).error.code]).toEqual([500, 'bug']);
    expect(text).not.toContain('/a/path');
    expect(said.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  test('says in the log what was written', async () => {
    const { ask, said } = await startRig('luat');
    await ask('POST', `${at}/power`, { body: { to: 'off' } });
    await ask('GET', at);
    expect(said).toMatchObject([{ level: 'info', fields: { method: 'POST', path: `${at}/power` } }]);
  });
});

describe('the page', () => {
  const page = (text: string, type: string) => ({ bytes: new TextEncoder().encode(text), type, etag: `"${text}"` });
  const index = page('<!doctype html>', 'text/html; charset=utf-8');
  const pages: Pages = new Map([
    ['/', index],
    ['/index.html', index],
    ['/app.js', page('let a', 'text/javascript; charset=utf-8')],
  ]);

  test('has its files, and no other', async () => {
    const { ask } = await startRig('luat', { pages });
    expect(await ask('GET', '/')).toMatchObject({ status: 200, text: '<!doctype html>' });
    const { text, headers } = await ask('GET', '/app.js');
    expect([text, headers.get('content-type')]).toEqual(['let a', 'text/javascript; charset=utf-8']);
    expect(await ask('GET', '/app.css')).toMatchObject({ status: 404 });
    expect(await ask('POST', '/', { body: {} })).toMatchObject({ status: 404 });
  });

  test('is sent again only where it changed', async () => {
    const { ask } = await startRig('luat', { pages });
    const { headers } = await ask('GET', '/app.js');
    expect(headers.get('cache-control')).toBe('no-cache');
    const again = await ask('GET', '/app.js', { headers: { 'if-none-match': headers.get('etag')! } });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  test('that was not built says how to build it', async () => {
    const { ask } = await startRig('luat');
    const { status, text } = await ask('GET', '/');
    expect(status).toBe(404);
    expect(text).toMatch(/npm run build/);
  });

  test('opens without the token, and can then ask for it', async () => {
    const { ask } = await startRig('luat', { pages, access: { isLoopback: false, token } });
    expect(await ask('GET', '/')).toMatchObject({ status: 200 });
  });
});
