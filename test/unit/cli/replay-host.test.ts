/** The host of a transcript, played at an emulated modem in this process. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCommandLine } from '../../../src/cli/program.js';
import { temporaryFolder } from '../store/temporary.js';
import { RecordedOutput } from './recorded-output.js';

async function replay(...args: string[]) {
  const output = new RecordedOutput();
  const exitCode = await runCommandLine(['replay', '--host', '--log-level', 'silent', ...args], output);
  return { exitCode, stdout: output.stdout, stderr: output.stderr };
}

async function written(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'x.at');
  writeFileSync(file, text);
  return file;
}

test.each(['3gpp-27.007/pin', 'esp-at/happy-path', 'luat/files', 'quectel/full-cycle'])(
  'a transcript of the house: %s',
  async name => {
    const { exitCode, stdout } = await replay(`test/transcripts/${name}.at`);
    expect(stdout).toMatch(/: \d+ answers: (\d+) alike, 0 with other values, 0 otherwise$/);
    expect(exitCode).toBe(0);
  },
);

test('another dialect answers otherwise', async () => {
  const file = await written('dialect: luat\n\n> AT\n< OK\n> AT+MQTTSTATU\n< +MQTTSTATU :0\n< OK\n');
  const { exitCode, stdout } = await replay(file, '--dialect', 'v250');
  expect(stdout).toContain(`${file}:5: AT+MQTTSTATU\n  only           recorded  < +MQTTSTATU :0\n`);
  expect(exitCode).toBe(1);
});

test('other values count only when they are to', async () => {
  const file = await written('dialect: luat\nname: bench\n\n> AT+CGSN\n< 123456789012345\n< OK\n');
  expect(await replay(file)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('another value') });
  expect(await replay(file, '--strict')).toMatchObject({ exitCode: 1 });
});

test('what happens around the modem happens, and what cannot is told', async () => {
  const file = await written(
    ['dialect: luat', '', '> AT', '< OK', '! fault at.error count=1', '> AT', '< ERROR', '! broker closes', ''].join(
      '\n',
    ),
  );
  const { exitCode, stdout, stderr } = await replay(file);
  expect(stdout).toBe(`${file}: 2 answers: 2 alike, 0 with other values, 0 otherwise`);
  expect(stderr).toBe(`${file}:8: not played here: ! broker closes`);
  expect(exitCode).toBe(0);
});

test('a route that leads off this machine is not followed', async () => {
  const file = await written(
    [
      'dialect: luat',
      'route: *=192.0.2.1:1883',
      '',
      '> AT+MIPSTART="broker.example",1883',
      '< OK',
      '< STATE:TCP CLOSED',
      '< CONNECT FAIL',
      '',
    ].join('\n'),
  );
  const { exitCode, stderr } = await replay(file);
  expect(stderr).toContain('The route of * is not followed here');
  expect(exitCode).toBe(0);
});
