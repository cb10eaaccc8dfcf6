/** The API and the faults that really strike: what is injected reaches the host, and is told. */
import { describe, expect, test } from 'vitest';
import type { FaultCatalogue } from '../../../src/control/messages.js';
import { startRig } from './rig-under-test.js';

const ok = '\r\nOK\r\n';
const at = '/api/modems/modem';

describe('a fault by the API', () => {
  test('strikes, is counted, and is over', async () => {
    const { ask, test: under } = await startRig('luat', { seed: 7 });
    const request = { fault: 'at.late', by: '2s', command: '+CSQ' };
    const { status, json } = await ask('POST', `${at}/faults`, { body: request });
    expect(status).toBe(201);
    expect(json).toMatchObject({ id: 1, fault: 'at.late', layer: 'at', state: 'armed', parameters: { by: 2000 } });
    await under.host.dialogue('AT+CSQ', '');
    await under.passes(2000);
    await under.host.expects(`\r\n+CSQ: 28,99\r\n${ok}`);
    const metrics = (await ask('GET', '/metrics')).text;
    expect(metrics).toContain('atmodem_faults_struck_total{modem="modem"} 1\n');
    await ask('DELETE', `${at}/faults`);
    expect((await ask('GET', `${at}/faults`)).json).toEqual({ seed: 7, faults: [] });
    await under.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${ok}`);
    expect((await ask('GET', '/metrics')).text).toContain('atmodem_faults_struck_total{modem="modem"} 1\n');
  });

  test('that is lifted ends what it brought about', async () => {
    const { ask, test: under } = await startRig('luat', { seed: 7 });
    const { json } = await ask('POST', `${at}/faults`, { body: { fault: 'network.signal', rssi: 3 } });
    await under.host.dialogue('AT+CSQ', `\r\n+CSQ: 3,99\r\n${ok}`);
    expect((await ask('GET', at)).json).toMatchObject({ faults: 1, activeFaults: [{ state: 'on' }] });
    await ask('DELETE', `${at}/faults/${(json as { id: number }).id}`);
    await under.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${ok}`);
  });

  test('tells what becomes of it', async () => {
    const { ask, rig, test: under } = await startRig('luat', { seed: 7 });
    const told: string[] = [];
    rig.monitor.happened.on(({ event }) => event.event === 'fault' && told.push(`${event.what} ${event.fault}`));
    await ask('POST', `${at}/faults`, { body: { fault: 'at.error', command: '+CSQ' } });
    await under.host.dialogue('AT+CSQ', '\r\nERROR\r\n');
    expect(told).toEqual(['injected at.error', 'struck at.error', 'lifted at.error']);
  });

  test.each([
    [{ fault: 'at.lat' }, /did you mean `at\.late`|at\.late/i],
    [{ fault: 'at.late', bye: '2s' }, /`by`/],
    [{ fault: 'at.late', by: 'soon' }, /2s/],
    [{ fault: 'at.error', command: '+NOSUCH' }, /NOSUCH/],
  ])('%j is the caller’s mistake', async (body, words) => {
    const { ask, test: under } = await startRig('luat', { seed: 7 });
    const { status, text } = await ask('POST', `${at}/faults`, { body });
    expect(status).toBe(400);
    expect(text).toMatch(words);
    expect(under.daemon.faults.get('modem')!.active).toEqual([]);
  });

  test('passes a terminal by', async () => {
    const { ask, test: under } = await startRig('luat', { seed: 7 });
    await ask('POST', `${at}/faults`, { body: { fault: 'at.error' } });
    const { MemoryPort } = await import('../../../src/ports/memory.js');
    const port = new MemoryPort();
    await under.modem.addChannel(port, 'guest');
    port.attach();
    port.hostWrite('ATE0\r');
    expect(port.take()).toBe(`ATE0\r${ok}`);
    await under.host.dialogue('AT', '\r\nERROR\r\n');
  });

  test('that freezes the module freezes a terminal too', async () => {
    const { ask, test: under } = await startRig('luat', { seed: 7 });
    const { MemoryPort } = await import('../../../src/ports/memory.js');
    const port = new MemoryPort();
    await under.modem.addChannel(port, 'guest');
    port.attach();
    await ask('POST', `${at}/faults`, { body: { fault: 'module.freeze', for: '5s' } });
    port.hostWrite('ATE0\r');
    expect(port.take()).toBe('');
    await under.passes(5000);
    port.hostWrite('ATE0\r');
    expect(port.take()).toBe(`ATE0\r${ok}`);
  });

  test('the catalogue is served whole', async () => {
    const { ask } = await startRig('luat', { seed: 7 });
    const { faults } = (await ask('GET', '/api/faults')).json as FaultCatalogue;
    const { faultCatalogue } = await import('../../../src/scenarios/catalogue.js');
    expect(faults.map(({ name }) => name)).toEqual(faultCatalogue.map(({ name }) => name));
    const by = faults.find(({ name }) => name === 'at.late')!.parameters.by!;
    expect(by).toMatchObject({ kind: 'duration', title: expect.any(String) });
  });
});
