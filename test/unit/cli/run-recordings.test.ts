/** `run --record`: where its files are, and what it refuses. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../../../src/base/clock.js';
import { runCommandLine } from '../../../src/cli/program.js';
import { RunRecordings } from '../../../src/cli/run-recordings.js';
import type { ModemConfig } from '../../../src/config/modem-config.js';
import { startDaemon } from '../../../src/daemon.js';
import { MemoryPort } from '../../../src/ports/memory.js';
import { temporaryFolder } from '../store/temporary.js';
import { RecordedOutput } from './recorded-output.js';

async function recorded(path: string, modems: readonly ModemConfig[], { secrets = false, hasState = false } = {}) {
  const clock = new ManualClock();
  const recordings = new RunRecordings({ path, secrets, hasState, clock }, modems.length);
  const daemon = await startDaemon({ broker: 'none', modems }, { clock, between: recordings.between });
  onTestFinished(() => daemon.stop());
  return {
    clock,
    async end() {
      await daemon.stop();
      await recordings.end();
    },
  };
}

test('each modem has a file of its own, by its name', async () => {
  const folder = await temporaryFolder();
  const ports = [new MemoryPort(), new MemoryPort()];
  const modems = [
    { dialect: 'v250', port: ports[0] },
    { name: 'a/b', dialect: 'v250', port: ports[1] },
  ];
  const { clock, end } = await recorded(join(folder, '{name}.at'), modems);
  clock.advance(1000);
  ports[1]!.attach();
  ports[1]!.hostWrite('AT\r');
  await end();
  const file = join(folder, 'a_b.at');
  expect(readFileSync(file, 'utf8')).toBe(
    [
      '# Recorded at modem a/b, 2026-01-01T00:00:00.000Z.',
      '# Secrets are masked: each is as many * as it has bytes. With --secrets they stay.',
      'dialect: v250',
      'name: a/b',
      'date: 2026-01-01T00:00:01.000Z',
      'power: attach',
      'echo: on',
      'end: \\r',
      'secrets: masked',
      '',
      '> AT',
      '<| AT\\r',
      '< OK',
      '',
    ].join('\n'),
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(existsSync(join(folder, 'modem.at'))).toBe(true);
});

test('only the first port is recorded', async () => {
  const file = join(await temporaryFolder(), 'x.at');
  const ports = [new MemoryPort(), new MemoryPort()];
  const { end } = await recorded(file, [{ dialect: 'v250', port: ports }]);
  ports[1]!.attach();
  ports[1]!.hostWrite('AT+SECOND\r');
  ports[0]!.attach();
  ports[0]!.hostWrite('AT+FIRST\r');
  await end();
  expect(readFileSync(file, 'utf8')).toContain('FIRST');
  expect(readFileSync(file, 'utf8')).not.toContain('SECOND');
});

test('secrets of the config are masked as the host’s are', async () => {
  const folder = await temporaryFolder();
  const record = async (secrets: boolean) => {
    const port = new MemoryPort();
    const file = join(folder, `${secrets}.at`);
    const accessPoints = [{ ssid: 'lab', password: 'hunter22' }];
    const { end } = await recorded(file, [{ dialect: 'esp-at', port, accessPoints }], { secrets, hasState: true });
    port.attach();
    port.hostWrite('AT+CWJAP="lab","hunter22"\r\n');
    await end();
    return readFileSync(file, 'utf8');
  };
  const masked = await record(false);
  expect(masked).toContain('\nap: lab,********\n');
  expect(masked).toContain('\n> AT+CWJAP="lab","********"\n');
  expect(masked).toContain('# What the header does not say, and a replay does not have: state.\n');
  const open = await record(true);
  expect(open).toContain('\nap: lab,hunter22\n');
  expect(open).toContain('\n> AT+CWJAP="lab","hunter22"\n');
  expect(open).not.toContain('masked');
});

test('several modems in one file are refused', () => {
  expect(
    () => new RunRecordings({ path: 'x.at', secrets: false, hasState: false, clock: new ManualClock() }, 2),
  ).toThrow(/several modems cannot be recorded in one file[\s\S]*\{name\}/);
});

test('two names that make one path have two files', async () => {
  const folder = await temporaryFolder();
  const modems = ['a/b', 'a_b'].map(name => ({ name, dialect: 'v250', port: new MemoryPort() }));
  await (await recorded(join(folder, '{name}.at'), modems)).end();
  expect(readdirSync(folder).sort()).toEqual(['a_b.2.at', 'a_b.at']);
});

test.each([
  [
    ['run', '--record', '/nowhere/x.at', '--broker', 'none', '--port', 'tcp:0'],
    1,
    'cannot write the recording /nowhere/x.at',
  ],
  [['run', '--secrets', '--broker', 'none'], 2, '--secrets is for a recording'],
  [['record', '--through', 'pty'], 2, 'no line leads to a module there'],
  [['record', '--through', 'uart:/nowhere/tty', '--dialect', 'lua'], 2, 'Did you mean `luat`?'],
  [['record', '--through', 'uart:/nowhere/tty', '--dialect', 'luat'], 1, 'cannot open /nowhere/tty'],
  [['record', '--through', 'tcp:1', '--port', 'stdio'], 2, 'Name a file: --out FILE.'],
  [['record'], 2, '--through'],
  [['replay', '/nowhere.at'], 2, 'cannot read /nowhere.at'],
  [['replay', 'x.at', '--strict'], 2, '--strict is for the other side of the transcript'],
  [['replay', 'x.at', '--host', '--port', 'pty'], 2, '--port is for the other side'],
  [['replay', 'x.at', '--host', '--to', 'tcp:1', '--dialect', 'luat'], 2, '--dialect is for the emulated modem'],
  [['replay', 'x.at', '--timing', 'slow'], 2, 'recorded, none'],
])('%j', async (args, exitCode, text) => {
  const output = new RecordedOutput();
  expect(await runCommandLine(args, output)).toBe(exitCode);
  expect(output.stderr).toContain(text);
  expect(output.stdout).toBe('');
});
