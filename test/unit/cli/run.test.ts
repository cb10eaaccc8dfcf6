import { expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { Signal } from '../../../src/base/signal.js';
import { watchPorts } from '../../../src/cli/run.js';
import type { ModemEvent } from '../../../src/modem/modem.js';

test('a lost port is a failure while running that names modem, port and reason', () => {
  const events = new Signal<ModemEvent>();
  const paths = ['/dev/pts/1', '/dev/ttyUSB0'];
  const modem = { name: 'm', events, channel: (index: number) => ({ port: { path: paths[index] } }) };
  const failures: Error[] = [];
  watchPorts({ modems: [modem], started: new Signal() } as unknown as Parameters<typeof watchPorts>[0], error =>
    failures.push(error),
  );
  events.emit({ event: 'attached', channel: 1 });
  events.emit({ event: 'port-lost', channel: 1, reason: 'unplugged' });
  expect(failures).toHaveLength(1);
  expect(failures[0]).toBeInstanceOf(OperatorError);
  expect(failures[0]).toMatchObject({ code: 'port', exitCode: 1 });
  expect(failures[0]!.message).toMatch(/m lost its port \/dev\/ttyUSB0\n.*unplugged/);
});
