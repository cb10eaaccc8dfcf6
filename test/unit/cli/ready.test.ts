import { expect, test } from 'vitest';
import { readyInWords, readyOf } from '../../../src/cli/ready.js';
import { firstSteps, welcome } from '../../../src/cli/welcome.js';

type Running = Parameters<typeof readyOf>[0];

const running = (paths: readonly string[], broker?: string, control?: { url: string }): Running =>
  ({
    modems: [{ name: 'modem', dialect: { name: 'w800' }, channels: paths.map(path => ({ port: { path } })) }],
    broker: broker === undefined ? undefined : { url: broker },
    control,
  }) as unknown as Running;

test('the ready line has these keys, in this order', () => {
  expect(JSON.stringify(readyOf(running(['/dev/pts/3'], 'mqtt://127.0.0.1:1883')))).toBe(
    '{"event":"ready","modems":[{"name":"modem","dialect":"w800","port":"/dev/pts/3"}],"broker":"mqtt://127.0.0.1:1883","control":null}',
  );
});

test('without a broker it is null', () => {
  expect(readyOf(running(['x']))).toMatchObject({ broker: null, control: null });
});

test('where faults may come, the seed stands in it, for programs and in words', () => {
  const ready = readyOf({ ...running(['x']), seed: 42 });
  expect(JSON.stringify(ready)).toMatch(/,"control":null,"seed":42}$/);
  expect(readyInWords(ready, undefined)).toMatch(/\nfaults may come: --seed 42 brings the same chance again$/);
});

test('several channels: the first is the port, and all are named', () => {
  expect(readyOf(running(['a', 'b'])).modems[0]).toMatchObject({ port: 'a', ports: ['a', 'b'] });
});

test('in words, and whether the usual broker port was taken', () => {
  const ready = readyOf(running(['a', 'b'], 'mqtt://127.0.0.1:40000'));
  expect(readyInWords(ready)).toBe(
    'modem speaks w800 at a and b\na broker is at mqtt://127.0.0.1:40000\nits port takes TLS and WebSocket too',
  );
  expect(readyInWords(ready, { takenPort: 1883 })).toContain('mqtt://127.0.0.1:40000 (port 1883 is taken)');
  expect(readyInWords(readyOf(running(['a'])))).toBe('modem speaks w800 at a');
});

test('the control API, with its page and what it wants to hear', () => {
  const url = 'http://127.0.0.1:8080';
  const ready = readyOf(running(['a'], undefined, { url }));
  expect(ready).toMatchObject({ control: url });
  const words = (control: { hasPage: boolean; needsToken: boolean }) => readyInWords(ready, { control });
  expect(words({ hasPage: false, needsToken: false })).toContain(`\nthe control API is at ${url}`);
  expect(words({ hasPage: true, needsToken: true })).toContain(
    `\nmonitor and control API are at ${url}, with the token`,
  );
});

test('the welcome names the terminal and the broker’s own port', () => {
  const text = welcome(readyOf(running(['/dev/pts/7'], 'mqtt://127.0.0.1:40000')));
  expect(text).toContain('atmodem.js term /dev/pts/7\n');
  for (const line of firstSteps('mqtt://127.0.0.1:40000').firstMessage) expect(text).toContain(`    ${line}\n`);
  expect(text).toContain('AT+MQTTCONN=0,"127.0.0.1",40000,0');
  expect(firstSteps('mqtt://127.0.0.1:40000').firstMessage).toHaveLength(3);
});

test('without a broker the welcome promises no message', () => {
  expect(welcome(readyOf(running(['x'])))).not.toContain('AT+MQTT');
});
