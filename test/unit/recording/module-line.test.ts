/** The line to a module: where it may lead, and what it does when that is not there. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { fromBuffer, toBuffer } from '../../../src/base/bytes.js';
import { OperatorError } from '../../../src/base/errors.js';
import { Signal } from '../../../src/base/signal.js';
import { type LineAddress, type LineEvents, openLine, parseLine } from '../../../src/recording/module-line.js';
import { eventually } from '../../support/patience.js';
import { Listener } from '../../support/sockets.js';
import { temporaryFolder } from '../store/temporary.js';

test.each<[string, LineAddress]>([
  ['uart:/dev/ttyUSB0', { kind: 'device', path: '/dev/ttyUSB0', baud: 115_200 }],
  ['uart:/dev/ttyUSB0@9600', { kind: 'device', path: '/dev/ttyUSB0', baud: 9600 }],
  ['tcp:2323', { kind: 'tcp', host: '127.0.0.1', port: 2323 }],
  ['tcp:[::1]:2323', { kind: 'tcp', host: '::1', port: 2323 }],
  ['unix:/run/modem', { kind: 'unix', path: '/run/modem' }],
])('%s', (text, address) => expect(parseLine(text)).toEqual(address));

test.each([
  ['pty', 'A pty is a device'],
  ['stdio', 'uart:DEVICE'],
  ['/dev/ttyUSB0', 'did you mean `uart:/dev/ttyUSB0`?'],
  ['uart:', 'uart:DEVICE'],
])('%s leads to no module', (text, hint) => {
  expect(() => parseLine(text)).toThrow(OperatorError);
  expect(() => parseLine(text)).toThrow(hint);
});

/** A module behind a socket, and the line to it. */
async function connected(place: 'tcp' | 'unix') {
  const server = createServer();
  const path = join(await temporaryFolder(), 'modem');
  const listener = place === 'tcp' ? await Listener.start(server) : undefined;
  if (!listener) {
    server.listen(path);
    await once(server, 'listening');
  }
  onTestFinished(async () => {
    socket.destroy();
    await (listener?.stop() ?? new Promise<void>(resolve => server.close(() => resolve())));
  });
  const seen = new Seen();
  const called = once(server, 'connection') as Promise<[Socket]>;
  const line = await openLine(listener ? { kind: 'tcp', ...listener.address } : { kind: 'unix', path }, seen, '');
  const [socket] = await called;
  socket.on('data', (chunk: Buffer) => seen.moduleGot(chunk));
  return { line, socket, seen, until: (holds: () => boolean) => eventually(holds, seen.happened) };
}

/** What both ends of a line saw. */
class Seen implements LineEvents {
  readonly happened = new Signal<void>();
  heard = '';
  said = '';
  reason = '';
  drains = 0;

  bytes(chunk: Buffer): void {
    this.heard += fromBuffer(chunk);
    this.happened.emit();
  }

  drained(): void {
    this.drains += 1;
    this.happened.emit();
  }

  lost(reason: string): void {
    this.reason = reason;
    this.happened.emit();
  }

  moduleGot(chunk: Buffer): void {
    this.said += fromBuffer(chunk);
    this.happened.emit();
  }
}

describe.each(['tcp', 'unix'] as const)('over %s', place => {
  test('bytes go both ways, and the loss is told', async () => {
    const { line, socket, seen, until } = await connected(place);
    line.write(toBuffer('AT\r\xFF'));
    expect(await until(() => seen.said === 'AT\r\xFF')).toBe(true);
    socket.write(toBuffer('\0OK'));
    expect(await until(() => seen.heard === '\0OK')).toBe(true);
    socket.destroy();
    expect(await until(() => seen.reason !== '')).toBe(true);
    expect(line.write(toBuffer('x'))).toBe(true);
  });

  test('what was written is sent before it closes, and then nothing is told', async () => {
    const { line, seen, until } = await connected(place);
    line.write(Buffer.alloc(1_000_000, 'x'));
    await line.close();
    expect(await until(() => seen.said.length === 1_000_000)).toBe(true);
    expect(seen.reason).toBe('');
    await line.close();
  });

  test('a module that does not read is told of, and when it has read', async () => {
    const { line, socket, seen, until } = await connected(place);
    socket.pause();
    let isTaken = true;
    for (let i = 0; i < 200 && isTaken; i++) isTaken = line.write(Buffer.alloc(64 * 1024));
    expect(isTaken).toBe(false);
    socket.resume();
    expect(await until(() => seen.drains > 0)).toBe(true);
  });

  test('a held line is not read', async () => {
    const { line, socket, seen, until } = await connected(place);
    line.hold(true);
    socket.write('held');
    line.write(toBuffer('x'));
    expect(await until(() => seen.said === 'x')).toBe(true);
    expect(seen.heard).toBe('');
    line.hold(false);
    expect(await until(() => seen.heard === 'held')).toBe(true);
  });
});

test.each<[string, LineAddress, RegExp]>([
  ['a device', { kind: 'device', path: '/nowhere/ttyUSB0', baud: 9600 }, /a serial port[\s\S]*plug it in/],
  ['a socket', { kind: 'unix', path: '/nowhere/modem' }, /listen there/],
])('%s that is not there is the operator’s to look at', async (_, address, hint) => {
  const events = { bytes: () => {}, drained: () => {}, lost: () => {} };
  const failure = openLine(address, events);
  await expect(failure).rejects.toMatchObject({ code: 'port', message: expect.stringMatching(hint) });
  await expect(openLine(address, events, 'Is it yours?')).rejects.toThrow(
    /cannot open \/nowhere\/[\s\S]*Is it yours\?/,
  );
});
