/** The API as the daemon and the library start it. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { startDaemon } from '../../../src/daemon.js';
import { startModems } from '../../../src/index.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { recordingLog } from '../../support/log.js';
import { token } from './rig-under-test.js';

const modems = () => [
  { name: 'one', dialect: 'v250', port: new MemoryPort() },
  { name: 'two', dialect: 'w800', port: new MemoryPort() },
];

describe('a daemon', () => {
  test('has no API unless it is asked for', async () => {
    const daemon = await startDaemon({ broker: 'none', modems: modems() });
    onTestFinished(() => daemon.stop());
    expect([daemon.control, daemon.seed]).toEqual([undefined, undefined]);
  });

  test('with an API lets faults come, and closes it when it stops', async () => {
    const daemon = await startDaemon({ broker: 'none', modems: modems(), control: { listen: '0' } });
    const { url } = daemon.control!;
    expect(await (await fetch(`${url}/api/daemon`)).json()).toMatchObject({ modems: 2, broker: null, faults: true });
    expect(await (await fetch(`${url}/api/modems/two/faults`)).json()).toEqual({ seed: daemon.seed, faults: [] });
    await daemon.stop();
    await daemon.stop();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('without faults says so', async () => {
    const daemon = await startDaemon({ broker: 'none', modems: modems(), control: { listen: '0' }, faults: false });
    onTestFinished(() => daemon.stop());
    const { url } = daemon.control!;
    expect(await (await fetch(`${url}/api/daemon`)).json()).toMatchObject({ faults: false });
    expect((await fetch(`${url}/api/modems/two/faults`)).status).toBe(409);
  });

  test('where the API cannot be, nothing is left running', async () => {
    const first = await startDaemon({ broker: 'none', modems: modems(), control: { listen: '0' } });
    onTestFinished(() => first.stop());
    const port = new MemoryPort();
    const { port: taken } = new URL(first.control!.url);
    const second = startDaemon({ broker: 'none', modems: [{ dialect: 'v250', port }], control: { listen: taken } });
    await expect(second).rejects.toMatchObject({ code: 'port', exitCode: 1 });
    expect(() => port.attach()).toThrow(/closed/);
  });

  test('beyond loopback without a token does not start at all', async () => {
    const port = new MemoryPort();
    const daemon = startDaemon({ broker: 'none', modems: [{ port }], control: { listen: '0.0.0.0:0' } });
    await expect(daemon).rejects.toMatchObject({ code: 'config', exitCode: 2 });
    expect(() => port.attach()).toThrow(/new/);
  });

  test('keeps the token to itself', async () => {
    const log = recordingLog();
    const control = { listen: '0.0.0.0:0', token };
    const daemon = await startDaemon({ broker: 'none', modems: modems(), control }, { log });
    onTestFinished(() => daemon.stop());
    const { port } = new URL(daemon.control!.url);
    const ask = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/api/modems`, { headers });
    expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await ask({ authorization: 'Bearer something-else' })).status).toBe(401);
    expect(JSON.stringify(log.said)).not.toContain(token);
  });
});

describe('another config', () => {
  test('by the daemon’s reload: modems come and go, and keep their dialogue where they stay', async () => {
    const [one, two] = modems();
    const config = { broker: 'none', control: { listen: '0' } };
    const daemon = await startDaemon({ ...config, modems: [one!, two!] });
    onTestFinished(() => daemon.stop());
    const { url } = daemon.control!;
    const ask = async (path: string) => (await fetch(url + path)).json();
    daemon.modems[0]!.say({ channel: 0, from: 'host', text: 'AT' });
    await daemon.reload({ ...config, modems: [one!, { name: 'three', dialect: 'v250', port: new MemoryPort() }] });
    expect(await ask('/api/modems')).toMatchObject({ modems: [{ name: 'one', lines: 1 }, { name: 'three' }] });
    expect(await ask('/api/modems/two')).toMatchObject({ error: { code: 'not-found' } });
    expect(await ask('/api/modems/three/faults')).toEqual({ seed: daemon.seed, faults: [] });
  });

  test('cannot move the API', async () => {
    const daemon = await startDaemon({ broker: 'none', modems: modems(), control: { listen: '0' } });
    onTestFinished(() => daemon.stop());
    const moved = daemon.reload({ broker: 'none', modems: modems(), control: { listen: '1' } });
    await expect(moved).rejects.toThrow(/`control` cannot change/);
  });

  test('by POST /api/reload: as who started the daemon reads it', async () => {
    const daemon = await startDaemon({ broker: 'none', modems: modems(), control: { listen: '0' } });
    onTestFinished(() => daemon.stop());
    const reload = async () => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${daemon.control!.url}/api/reload`, { method: 'POST', headers, body: '{}' });
      return { status: answer.status, json: await answer.json() };
    };
    expect(await reload()).toMatchObject({
      status: 409,
      json: { error: { hint: expect.stringMatching(/rig\.yaml/) } },
    });
    const changes = { kept: ['one'], adapted: [], restarted: ['two'], started: [], removed: [] };
    daemon.control!.reload = async () => changes;
    expect(await reload()).toEqual({ status: 200, json: changes });
    daemon.control!.reload = async () => {
      throw new OperatorError('config', 'unknown key `modms`', { place: { file: 'rig.yaml', line: 1, column: 1 } });
    };
    expect(await reload()).toMatchObject({
      status: 400,
      json: { error: { code: 'bad-request', message: 'rig.yaml:1:1: unknown key `modms`' } },
    });
  });
});

test('the library says where it is', async () => {
  const running = await startModems(modems(), { broker: 'none', control: { listen: '0' } });
  onTestFinished(() => running.stop());
  const answer = await fetch(`${running.control}/api/modems`);
  expect(await answer.json()).toMatchObject({ modems: [{ name: 'one' }, { name: 'two' }] });
});
