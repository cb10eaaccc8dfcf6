/** Servers that commands number, as modules have them with several: who listens, in which order, who is told no. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Servers } from '../../../src/modem/servers.js';
import { parseListen } from '../../../src/net/listen.js';
import { recordingLog } from '../../support/log.js';
import { turns } from '../../support/patience.js';
import { callerAt } from '../sockets/socket-under-test.js';
import { ModemUnderTest } from './modem-under-test.js';

function serversUnderTest() {
  const servers = new Servers([parseListen('*=127.0.0.1:0')], recordingLog(), () => {});
  onTestFinished(() => void servers.close());
  const listen = (port: number, number?: number) => servers.listen({ port, number, most: 5 });
  return { servers, listen };
}

test('a number is one server, and a port too', async () => {
  const { listen } = serversUnderTest();
  expect(await listen(80, 1)).toEqual({ outcome: 'listening' });
  expect(await listen(81, 1)).toEqual({ outcome: 'already' });
  expect(await listen(80, 2)).toEqual({ outcome: 'already' });
  expect(await listen(81, 2)).toEqual({ outcome: 'listening' });
});

test('two commands at a time make one server of a number', async () => {
  const { servers, listen } = serversUnderTest();
  const outcomes = (await Promise.all([listen(80, 1), listen(81, 1)])).map(({ outcome }) => outcome);
  expect(outcomes.sort()).toEqual(['already', 'listening']);
  expect(servers.all).toHaveLength(1);
});

test('they are listed by number, found by number, and without one the last is meant', async () => {
  const { servers, listen } = serversUnderTest();
  for (const [port, number] of [
    [83, 3],
    [80, 0],
    [82, 2],
  ] as const)
    await listen(port, number);
  expect(servers.all.map(({ number, port }) => [number, port])).toEqual([
    [0, 80],
    [2, 82],
    [3, 83],
  ]);
  expect([servers.of(3)?.port, servers.of(1), servers.of(undefined)?.port]).toEqual([83, undefined, 82]);
  expect(servers.close(({ port }) => port === 82)).toHaveLength(1);
  expect(servers.of(2)).toBeUndefined();
  expect(servers.close()).toHaveLength(2);
  expect(servers.close()).toEqual([]);
});

test('one that is closed before it listens, never does', async () => {
  const { servers, listen } = serversUnderTest();
  const listening = listen(80, 0);
  expect(servers.all).toEqual([]);
  servers.close();
  expect(await listening).toEqual({ outcome: 'cancelled' });
  expect(servers.placeOf(80)).toBeUndefined();
});

test('a caller belongs to the server it called, and goes with its PDP context', async () => {
  const { modem } = await ModemUnderTest.start('simcom-a76xx', { listen: ['*=127.0.0.1:0'] });
  await modem.links.listen(8080, 10, undefined, { number: 2, cid: 1 });
  const caller = await callerAt(modem.links.listeningAt(8080)!.port);
  await turns(10);
  expect([modem.links.callers(2).length, modem.links.callers(0).length]).toEqual([1, 0]);
  const lost = new Promise(resolve => caller.once('close', resolve));
  modem.surroundings.cellular.packetData.deactivateByNetwork(1);
  await lost;
  expect(modem.links.callers(2)).toEqual([]);
});

test('after the last is taken down nobody answers', async () => {
  const { servers, listen } = serversUnderTest();
  await listen(80);
  const { port } = servers.placeOf(80)!;
  servers.close();
  const [error] = await once(connect(port, '127.0.0.1'), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
