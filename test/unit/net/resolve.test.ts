import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { HostsFile, parseHosts } from '../../../src/net/hosts-file.js';
import { DialError } from '../../../src/net/outcome.js';
import { type NameService, resolveName } from '../../../src/net/resolve.js';

const noHosts = '/nonexistent/hosts';

function resolve(host: string, service: NameService = { hostsFile: noHosts }, clock = new ManualClock()) {
  return resolveName(host, service, { signal: new AbortController().signal, clock });
}

function hostsFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'hosts');
  writeFileSync(path, text);
  return path;
}

/** A DNS server that answers A queries with that address, all others with no data; without an address, it never answers. */
async function dnsServer(address?: string): Promise<{ at: string; asked: Promise<void> }> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(() => void socket.close());
  socket.on('message', (query, { port }) => {
    if (address === undefined) return;
    const wantsA = query.readUInt16BE(query.indexOf(0, 12) + 1) === 1;
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]);
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const header = Buffer.from([query[0]!, query[1]!, 0x81, 0x80, 0, 1, 0, wantsA ? 1 : 0, 0, 0, 0, 0]);
    socket.send(Buffer.concat(wantsA ? [header, question, answer] : [header, question]), port, '127.0.0.1');
  });
  const asked = once(socket, 'message').then(() => {});
  return { at: `127.0.0.1:${socket.address().port}`, asked };
}

describe('names that need no server', () => {
  test.each([
    ['192.0.2.1', ['192.0.2.1']],
    ['::1', ['::1']],
    ['[::1]', ['::1']],
    ['localhost', ['127.0.0.1', '::1']],
    ['LOCALHOST.', ['127.0.0.1', '::1']],
    ['a.localhost', ['127.0.0.1', '::1']],
  ])('%s', async (host, addresses) => {
    expect(await resolve(host)).toEqual(addresses);
  });

  test.each(['nobody.invalid', 'invalid', 'evil\0.example', '', 'a b', 'a/b', 'user@host', `${'a'.repeat(254)}`])(
    '%j fails at once',
    async host => {
      await expect(resolve(host)).rejects.toMatchObject({ outcome: 'dns-failed' });
    },
  );
});

describe('the hosts file', () => {
  test('is read as the system does', () => {
    const names = parseHosts(
      '# comment\n127.0.0.1 localhost Rig # more\n::1 rig\nnonsense rig\n\n192.0.2.9\tother\r\n',
    );
    expect(Object.fromEntries(names)).toEqual({
      localhost: ['127.0.0.1'],
      rig: ['127.0.0.1', '::1'],
      other: ['192.0.2.9'],
    });
  });

  test('comes before any server, IPv4 first', async () => {
    const path = hostsFile('::1 rig\n192.0.2.7 rig\n');
    expect(await resolve('RIG', { hostsFile: path, servers: ['127.0.0.1:1'] })).toEqual(['192.0.2.7', '::1']);
  });

  test('is read again when it changes, and names nobody when it is gone', () => {
    const path = hostsFile('192.0.2.7 rig\n');
    const hosts = new HostsFile(path);
    expect(hosts.addresses('rig')).toEqual(['192.0.2.7']);
    writeFileSync(path, '192.0.2.8 rig\n');
    utimesSync(path, 1, 1);
    expect(hosts.addresses('rig')).toEqual(['192.0.2.8']);
    rmSync(path);
    expect(hosts.addresses('rig')).toEqual([]);
  });
});

describe('names that a server knows', () => {
  test('are asked for', async () => {
    const server = await dnsServer('192.0.2.44');
    expect(await resolve('broker.example', { hostsFile: noHosts, servers: [server.at] })).toEqual(['192.0.2.44']);
  });

  test('a server that hangs is given up at the deadline of the lookup, by the clock', async () => {
    const server = await dnsServer();
    const clock = new ManualClock();
    const lookup = resolve('broker.example', { hostsFile: noHosts, servers: [server.at], within: 5_000 }, clock);
    await server.asked;
    clock.advance(4_999);
    const settled = Promise.race([lookup.catch(error => error), new Promise(done => setImmediate(done, 'waiting'))]);
    expect(await settled).toBe('waiting');
    clock.advance(1);
    await expect(lookup).rejects.toEqual(new DialError('dns-failed', 'no answer about broker.example within 5000 ms'));
    expect(clock.waiting).toBe(0);
  });

  test('a server that is not there', async () => {
    const lookup = resolve('broker.example', { hostsFile: noHosts, servers: ['127.0.0.1:1'] });
    await expect(lookup).rejects.toMatchObject({ outcome: 'dns-failed' });
  });
});
