/** `atmodem exec` as CI meets it: its exit code, what it prints and writes, and that nobody outlives it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { AtmodemProcess, atmodem } from '../support/atmodem-process.js';
import { inRepository } from '../support/repository.js';
import { temporaryFolder } from '../unit/store/temporary.js';

const options = ['--dialect', 'luat', '--broker', 'none'];
const sh = (script: string, ...args: string[]) => ['--', 'sh', '-c', script, 'sh', ...args];
const exec = (...args: string[]) => atmodem(['exec', ...options, ...args]);

/** Says so much at the port, as a firmware does: opens it, asks, and reads nothing. */
const asks = (...lines: string[]) =>
  `exec 3<>"$ATMODEM_PORT"; ${lines.map(line => `printf '${line}\\r' >&3; sleep 0.3`).join('; ')}`;

/** Not even as a zombie that only its new parent has still to bury. */
function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}

async function written(text: string, name = 'scenario.yaml'): Promise<string> {
  const file = join(await temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

const failing = `expect:
  - { host: { command: +CSQ }, within: 100ms }
  - { never: { command: +CFUN } }
`;

beforeAll(() => {
  execFileSync(process.execPath, [inRepository('scripts/build.mjs')]);
});

describe('the exit code', () => {
  test.each([
    ['is the command’s: 0', sh('exit 0'), 0],
    ['7', sh('exit 7'), 7],
    ['124 of its own', sh('exit 124'), 124],
    ['128 and the signal that ended it', sh('kill -TERM $$'), 143],
    ['SIGKILL too', sh('kill -KILL $$'), 137],
    ['124 when it does not end in time', ['--timeout', '200ms', ...sh('sleep 1000')], 124],
    [
      '124 though SIGTERM means nothing to it',
      ['--timeout', '200ms', '--grace', '100ms', ...sh('trap "" TERM; sleep 1000')],
      124,
    ],
    ['125 when atmodem itself fails', ['--scenario', '/no/such/file.yaml', ...sh('exit 0')], 125],
    ['a wrong option', ['--dialekt', 'luat', ...sh('exit 0')], 125],
    ['no command', [], 125],
    ['a dialect that is none', ['--dialect', 'luatt', ...sh('exit 0')], 125],
    ['127 when the command is not there', ['--', '/no/such/command'], 127],
    ['0 of its help', ['--help'], 0],
  ])('%s', async (_, args, code) => {
    expect(await exec(...args)).toMatchObject({ exitCode: code });
  });

  test('126 when the command cannot be executed', async () => {
    const file = await written('#!/bin/sh\n', 'firmware');
    chmodSync(file, 0o644);
    expect(await exec('--', file)).toMatchObject({ exitCode: 126 });
  });

  test.each([
    [0, 1],
    [3, 3],
  ])('of a command that ends with %i, when the scenario failed, is %i', async (own, code) => {
    const scenario = await written(failing);
    expect(await exec('--scenario', scenario, ...sh(`exit ${own}`))).toMatchObject({ exitCode: code });
  });

  test('0 when both did their part', async () => {
    const scenario = await written(failing);
    const { exitCode, stderr } = await exec('--scenario', scenario, ...sh(asks('AT+CSQ')));
    expect(stderr).toContain('scenario scenario on modem passed');
    expect(stderr).not.toContain('lines of the dialogue');
    expect(exitCode).toBe(0);
  });

  test('is the verdict’s, for a command that never ends by itself', async () => {
    const scenario = await written(`until: 1s\n${failing}`);
    const forever = (script: string) =>
      exec('--scenario', scenario, '--until-verdict', ...sh(`${script}; exec sleep 1000`));
    expect(await forever(asks('AT+CSQ'))).toMatchObject({ exitCode: 0 });
    expect(await forever(asks('AT'))).toMatchObject({ exitCode: 1 });
  });
});

describe('the command', () => {
  test('is given the port and the broker, in its arguments and its environment', async () => {
    const script = 'test -c "$1" && test "$1" = "$ATMODEM_PORT" && echo "$2 $ATMODEM_BROKER $ATMODEM_PORTS"';
    const args = ['--dialect', 'luat', '--broker', 'embedded:0', '--port', 'pty', '--port', 'tcp:0'];
    const { exitCode, stdout } = await atmodem(['exec', ...args, ...sh(script, '{port}', 'at={broker}')]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^at=(mqtt:\/\/127\.0\.0\.1:\d+) \1 \/dev\/\S+ 127\.0\.0\.1:\d+\n$/);
  });

  test('has the streams of atmodem, and no shell between', async () => {
    const process = new AtmodemProcess(['exec', ...options, '--', 'cat', '-']);
    process.type('typed; echo $HOME');
    expect(await process.ended()).toEqual({ exitCode: 0, stdout: 'typed; echo $HOME', stderr: '' });
  });

  test('gets the signals that atmodem gets, and says itself how it ends', async () => {
    const process = new AtmodemProcess([
      'exec',
      ...options,
      ...sh('trap "echo caught; exit 9" INT; echo ready; while :; do sleep 0.05; done'),
    ]);
    await process.says('ready');
    process.kill('SIGINT');
    expect(await process.ended()).toMatchObject({ exitCode: 9, stdout: 'ready\ncaught\n' });
  });

  test.each([
    ['ends', 'exit 0', 0],
    ['is timed out', 'sleep 1000', 124],
  ])('takes whom it started along when it %s', async (_, rest, code) => {
    const forks = '(trap "" TERM; sleep 1000) & echo $!; sleep 1000 & echo $!';
    const { exitCode, stdout } = await exec('--timeout', '1s', '--grace', '200ms', ...sh(`${forks}; ${rest}`));
    const pids = stdout.trim().split('\n').map(Number);
    expect(exitCode).toBe(code);
    expect(pids).toHaveLength(2);
    expect(pids.map(isAlive)).toEqual([false, false]);
  });

  test('leaves no link behind', async () => {
    const folder = await temporaryFolder();
    const args = ['exec', ...options, '--port', 'pty:dut', ...sh('ls "$XDG_RUNTIME_DIR"')];
    const { stdout } = await atmodem(args, { XDG_RUNTIME_DIR: folder });
    expect(stdout).toBe('dut\n');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('what is told', () => {
  const reports = async (...args: string[]) => {
    const folder = await temporaryFolder();
    const [junit, tap, transcript] = ['junit.xml', 'report.tap', 'run.at'].map(name => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const ended = await exec('--junit', junit, '--tap', tap, '--transcript', transcript, ...args);
    const text = (file: string) => readFileSync(file, 'utf8');
    return { ...ended, junit: text(junit), tap: text(tap), transcript, dialogue: text(transcript) };
  };

  test('of a failure: the end of the dialogue, the verdict, JUnit, TAP, and a transcript that is one', async () => {
    const scenario = await written(failing);
    const lines = Array.from({ length: 6 }, () => 'AT+CGATT?');
    const done = await reports('--scenario', scenario, ...sh(asks(...lines)));
    expect(done.exitCode).toBe(1);
    const [heading, ...told] = done.stderr.split('\n');
    expect(heading).toMatch(/^the last \d+ lines of the dialogue:$/);
    expect(told.filter(line => /→ AT\+CGATT\?$/.test(line))).toHaveLength(6);
    expect(done.stderr).toContain('FAIL  the host sends +CSQ within 0.1 s');
    expect(done.junit).toContain('<testsuites name="atmodem" tests="3" failures="1"');
    expect(done.junit).toContain('→ AT+CGATT?');
    expect(done.tap).toContain('not ok 2 - scenario: the host sends +CSQ within 0.1 s');
    expect(done.dialogue).toContain('> AT+CGATT?');
    expect(await atmodem(['check', done.transcript])).toMatchObject({ exitCode: 0 });
  });

  test('no more than forty lines', async () => {
    const { stderr } = await exec(...sh(`${asks(`${'AT\\r'.repeat(60)}AT`)}; exit 1`));
    expect(stderr).toContain('the last 40 lines of the dialogue:');
    expect(stderr.split('\n').filter(line => / [→←] /.test(line))).toHaveLength(40);
  });

  test('of a success, and of a command that is not there: the files all the same', async () => {
    const good = await reports(...sh(asks('AT')));
    expect(good.junit).toContain('tests="1" failures="0"');
    expect(good.dialogue).toContain('dialect: luat');
    const absent = await reports('--', '/no/such/command');
    expect(absent.junit).toContain('command is not there');
    expect(absent.tap).toContain('not ok 1');
  });

  test('of atmodem’s own failure: the report says it', async () => {
    const junit = join(await temporaryFolder(), 'junit.xml');
    const scenario = await written('expect:\n  - { never: { command: +CFUNN } }\n');
    const { stderr } = await exec('--junit', junit, '--scenario', scenario, ...sh('exit 0'));
    expect(stderr).toContain(`${scenario}:2:16: luat has no such command`);
    expect(readFileSync(junit, 'utf8')).toContain('luat has no such command');
  });

  test('to GitHub: an error at the line of the scenario that says what was expected', async () => {
    const scenario = await written(failing);
    const { stdout } = await atmodem(['exec', ...options, '--scenario', scenario, ...sh('exit 0')], {
      GITHUB_ACTIONS: 'true',
    });
    const place = `file=${scenario},line=2,col=5`;
    expect(stdout).toBe(
      `::error ${place},title=scenario%3A the host sends +CSQ within 0.1 s::the start, power, never came\n`,
    );
  });
});

describe('run', () => {
  test('tells the verdict when it is final, writes its reports then, and has it in its exit code', async () => {
    const folder = await temporaryFolder();
    const scenario = await written(`until: 100ms\n${failing}`);
    const files = ['--junit', join(folder, 'junit.xml'), '--tap', join(folder, 'report.tap')];
    const daemon = new AtmodemProcess(
      ['run', ...options, '--power', 'start', '--json', '--scenario', scenario, ...files],
      {
        XDG_RUNTIME_DIR: folder,
      },
    );
    await daemon.says('"verdict"');
    const [, verdict] = daemon.stdout.trim().split('\n');
    expect(JSON.parse(verdict!)).toMatchObject({ event: 'verdict', passed: false, modem: 'modem', cases: [{}, {}] });
    daemon.kill('SIGTERM');
    expect(await daemon.ended()).toMatchObject({ exitCode: 1 });
    expect(readFileSync(files[1]!, 'utf8')).toContain('failures="1"');
    expect(readFileSync(files[3]!, 'utf8')).toContain('not ok 1');
  });

  test('a report without a scenario is a mistake', async () => {
    const ended = await atmodem(['run', '--junit', '/tmp/never.xml']);
    expect(ended).toMatchObject({ exitCode: 2 });
    expect(ended.stderr).toContain('--junit is for a scenario');
  });
});
