/** `atmodem` as a process: what it prints first, how it ends, and what it leaves behind. Runs on a fresh build. */
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Signal } from '../../src/base/signal.js';
import { AtmodemProcess, atmodem } from '../support/atmodem-process.js';
import { eventually } from '../support/patience.js';
import { inRepository } from '../support/repository.js';
import { Listener } from '../support/sockets.js';
import { temporaryFolder } from '../unit/store/temporary.js';

/** As in a container that has no devpts. */
const withoutPtys = `data:text/javascript,${encodeURIComponent(`
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { openSync } = fs;
  fs.openSync = (path, ...rest) => {
    if (path === '/dev/ptmx') throw Object.assign(new Error('ENOENT: no such file, /dev/ptmx'), { code: 'ENOENT' });
    return openSync(path, ...rest);
  };
  syncBuiltinESMExports();
`)}`;

const started: AtmodemProcess[] = [];

/** A daemon of this test's own, whose default folder is that of nobody else. */
async function run(...args: string[]): Promise<{ daemon: AtmodemProcess; folder: string }> {
  const folder = await temporaryFolder();
  const daemon = new AtmodemProcess(['run', ...args], { XDG_RUNTIME_DIR: folder });
  started.push(daemon);
  return { daemon, folder };
}

interface Ready {
  modems: { name: string; dialect: string; port: string; ports?: string[] }[];
  broker: string | null;
}

async function ready(daemon: AtmodemProcess): Promise<Ready> {
  await daemon.says('\n');
  return JSON.parse(daemon.stdout.split('\n')[0]!) as Ready;
}

beforeAll(() => {
  execFileSync(process.execPath, [inRepository('scripts/build.mjs')]);
});

afterEach(async () => {
  for (const daemon of started.splice(0)) {
    daemon.kill('SIGKILL');
    await daemon.ended();
  }
});

describe('run', () => {
  test('the first line on stdout is the ready line, and nothing follows it', async () => {
    const { daemon } = await run('--json', '--dialect', 'luat', '--broker', 'embedded:0');
    await daemon.says('\n');
    expect(daemon.stdout).toMatch(
      /^\{"event":"ready","modems":\[\{"name":"modem","dialect":"luat","port":"\/dev\/pts\/\d+"\}\],"broker":"mqtt:\/\/127\.0\.0\.1:\d+","control":null\}\n$/,
    );
    daemon.kill('SIGTERM');
    expect(await daemon.ended()).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^[^\n]*\n$/) });
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s removes links and announcement, and ends with 0',
    async signal => {
      const { daemon, folder } = await run('--json', '--broker', 'none', '--port', 'pty:ttyAT0');
      expect((await ready(daemon)).modems[0]!.port).toBe(join(folder, 'ttyAT0'));
      expect(lstatSync(join(folder, 'ttyAT0')).isSymbolicLink()).toBe(true);
      daemon.kill(signal);
      expect(await daemon.ended()).toMatchObject({ exitCode: 0, stderr: '' });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  test('--port twice: two channels of one modem', async () => {
    const { daemon } = await run('--json', '--broker', 'none', '--port', 'tcp:0', '--port', 'tcp:0');
    const { modems, broker } = await ready(daemon);
    expect(modems).toHaveLength(1);
    expect(modems[0]!.ports).toHaveLength(2);
    expect(broker).toBeNull();
  });

  test('a config starts several modems', async () => {
    const { daemon, folder } = await run(
      '--json',
      await written('config.yaml', 'broker: none\nmodems:\n  - { dialect: luat }\n  - { name: b, port: "pty:b" }\n'),
    );
    expect((await ready(daemon)).modems).toEqual([
      { name: 'modem', dialect: 'luat', port: expect.stringMatching(/^\/dev\/pts\//) },
      { name: 'b', dialect: 'w800', port: join(folder, 'b') },
    ]);
  });

  test('in words it says where everything is, and that the usual broker port was taken', async () => {
    const taken = await occupy(1883);
    const { daemon } = await run();
    await daemon.says(
      /modem speaks w800 at \/dev\/pts\/\d+\na broker is at mqtt:\/\/127\.0\.0\.1:\d+ \(port 1883 is taken\)\n/,
    );
    await taken.stop();
  });

  test('-v shows host, modem and broker on stderr, secrets hidden', async () => {
    const { daemon, folder } = await run('-v', '--json', '--broker', 'embedded:0', '--log-level', 'silent');
    const { broker } = await ready(daemon);
    await pipedInto(folder, [
      'AT+CWMODE=1',
      'AT+CWJAP="lab","hunter2"',
      'AT+MQTTUSERCFG=0,1,"me","","",0,0,""',
      `AT+MQTTCONN=0,"127.0.0.1",${new URL(broker!).port},0`,
    ]);
    await daemon.says(/⇠ CONNACK 0\n[^\n]* ← \+MQTTCONNECTED:0/, 'stderr');
    expect(daemon.stderr).toMatch(/\d\d:\d\d:\d\d\.\d{3} → AT\+CWJAP="lab",\*\*\*\n/);
    expect(daemon.stderr).toMatch(/ ⇢ CONNECT "me"/);
    expect(daemon.stderr).not.toContain('hunter2');
  });

  test('the log is JSON where stderr is no terminal, and an unknown command is helped once', async () => {
    const { daemon, folder } = await run('--json', '--broker', 'none', '--dialect', 'w800');
    await ready(daemon);
    await pipedInto(folder, ['AT+MIPSTART="x",1']);
    await daemon.says('MIPSTART', 'stderr');
    const entries = daemon.stderr
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as { level: number; msg: string });
    expect(entries.filter(({ level }) => level === 40).map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^AT\+MIPSTART is not in w800; luat.* ha(s|ve) it\. .*Did you mean --dialect luat\?$/),
    ]);
  });

  test('a lost reader of stdout is no failure', async () => {
    const { daemon, folder } = await run('--json', '--broker', 'none', '--log-level', 'silent');
    daemon.closeStdout();
    await appears(folder, /^atmodem\.\d+\.json$/);
    daemon.kill('SIGTERM');
    expect(await daemon.ended()).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('run that cannot', () => {
  test.each([
    ['an unknown option', ['--dialct', 'luat'], 2, '--dialect'],
    ['an unknown dialect', ['--dialect', 'lua', '--broker', 'none'], 2, 'Did you mean `luat`?'],
    ['a grammar with a typo', ['--broker', 'none', '--dialect', 'GRAMMAR'], 2, 'grammar.yaml:3:21: unknown key'],
    ['a config with a typo', ['CONFIG'], 2, 'config.yaml:2:5: unknown key `dialekt`'],
    ['a link that is a file', ['--broker', 'none', '--port', 'pty:FILE'], 1, 'is there and is not a link'],
    ['a port in use', ['--broker', 'none', '--port', 'tcp:TAKEN'], 1, 'is in use'],
    ['a broker port in use', ['--broker', 'embedded:TAKEN'], 1, 'cannot listen on 127.0.0.1:'],
    ['a state folder that is a file', ['--broker', 'none', '--state', 'FILE'], 1, 'file'],
    ['a certificate that is not there', ['--broker', 'none', '--cert', 'ca=/no/ca.pem'], 2, '/no/ca.pem'],
  ])('%s: what is wrong, without a stack, and nothing on stdout', async (_, args, exitCode, text) => {
    const taken = await occupy(0);
    const places = {
      GRAMMAR: await written('grammar.yaml', "dialect: x\nsources: y\ncommands: { '+A': { sett: '<n>' } }\n"),
      CONFIG: await written('config.yaml', 'modems:\n  - dialekt: luat\n'),
      FILE: await written('file', ''),
      TAKEN: String(taken.address.port),
    };
    const real = args.map(arg =>
      Object.entries(places).reduce((text, [name, place]) => text.replace(name, place), arg),
    );
    const ended = await atmodem(['run', ...real]);
    await taken.stop();
    expect(ended.stderr).toContain(text);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
    expect(ended.stdout).toBe('');
    expect(ended.exitCode).toBe(exitCode);
    expect(readFileSync(places.FILE, 'utf8')).toBe('');
  });

  test('a pty that cannot be had points to TCP', async () => {
    const ended = await atmodem(['run', '--broker', 'none'], { NODE_OPTIONS: `--import=${withoutPtys}` });
    expect(ended.stderr).toMatch(/^cannot get a pty\n[\s\S]*--port tcp:2323/);
    expect(ended.stderr).not.toMatch(/\n {4}at /);
    expect(ended.exitCode).toBe(1);
  });
});

describe('term', () => {
  test('finds the only modem that runs, and sends what is piped in', async () => {
    const { daemon, folder } = await run('--json', '--broker', 'none', '--dialect', 'luat');
    await ready(daemon);
    const { exitCode, stdout } = await pipedInto(folder, ['ATE0', 'AT+CGMI', 'AT+NOSUCH']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\nRDY\n[\s\S]*ATE0\n+OK\n[\s\S]*\nOK\n+\+CME ERROR: 58\n$/);
  });

  test('reaches a TCP port by its address', async () => {
    const { daemon } = await run('--json', '--broker', 'none', '--port', 'tcp:0');
    const { port } = (await ready(daemon)).modems[0]!;
    const { exitCode, stdout } = await pipedInto(await temporaryFolder(), ['AT'], [port]);
    expect(stdout).toContain('\nOK\n');
    expect(exitCode).toBe(0);
  });

  test('the next session on a pty is not echoed at: no answer comes back as a command', async () => {
    const { daemon, folder } = await run('--json', '--broker', 'none', '-v', '--log-level', 'silent');
    await ready(daemon);
    await pipedInto(folder, ['AT']);
    await pipedInto(folder, ['AT']);
    expect(daemon.stderr.match(/→ /g)).toHaveLength(2);
  });

  test('says how to start a modem where none runs, and ends with 1 where the port is gone', async () => {
    const folder = await temporaryFolder();
    expect(await pipedInto(folder, ['AT'])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('atmodem run'),
    });
    expect(await pipedInto(folder, ['AT'], ['/dev/pts/no'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('cannot open /dev/pts/no'),
    });
  });

  // Tried again: once in a dozen runs of the whole ring it hung, most likely where the serial driver missed the hang-up.
  test('notices that the modem went away', { retry: 2, timeout: 15_000 }, async () => {
    const { daemon, folder } = await run('--json', '--broker', 'none');
    await ready(daemon);
    const session = new AtmodemProcess(['term'], { XDG_RUNTIME_DIR: folder });
    started.push(session);
    await session.says('ready');
    daemon.kill('SIGTERM');
    expect(await session.ended()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('is gone') });
  });
});

describe('ctl', () => {
  test('finds the daemon that runs here, and drives its modem', async () => {
    const { daemon, folder } = await run('--json', '--port', 'tcp:0', '--broker', 'none', '--control', '0');
    const { control } = (await ready(daemon)) as Ready & { control: string };
    expect(control).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const here = { XDG_RUNTIME_DIR: folder };
    expect(await atmodem(['ctl', 'power', 'modem', 'on'], here)).toMatchObject({
      exitCode: 0,
      stdout: 'modem is on\n',
    });
    const { stdout } = await atmodem(['ctl', 'modems', '--json'], here);
    expect(JSON.parse(stdout)).toMatchObject({ modems: [{ name: 'modem', power: 'on' }] });
    expect(await atmodem(['ctl', 'show', 'nobody'], here)).toMatchObject({ exitCode: 2 });
    daemon.kill('SIGTERM');
    expect(await daemon.ended()).toMatchObject({ exitCode: 0 });
    expect(await atmodem(['ctl', 'modems', '--url', control], here)).toMatchObject({ exitCode: 1 });
  });

  test('has the config read again', async () => {
    const folder = await temporaryFolder();
    const file = join(folder, 'rig.yaml');
    const here = { XDG_RUNTIME_DIR: folder };
    const write = (...names: string[]) =>
      writeFileSync(file, `broker: none\ncontrol: { listen: 0 }\nmodems: [${names.map(modemIn)}]\n`);
    const modemIn = (name: string) => `{ name: ${name}, dialect: v250, port: 'tcp:0' }`;
    write('one');
    const daemon = new AtmodemProcess(['run', file, '--json'], here);
    started.push(daemon);
    await ready(daemon);
    write('one', 'two');
    expect(await atmodem(['ctl', 'reload'], here)).toMatchObject({
      exitCode: 0,
      stdout: 'the config was read again; started: two; 1 as before\n',
    });
    await daemon.says('"event":"reloaded"');
    writeFileSync(file, 'modems: [{ dialct: v250 }]\n');
    const { exitCode, stderr } = await atmodem(['ctl', 'reload'], here);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/rig\.yaml:1:\d+: unknown key `dialct`/)]);
  });

  test('the token is of the environment, on both sides', async () => {
    const ATMODEM_TOKEN = 'sixteen-characters';
    const folder = await temporaryFolder();
    const environment = { XDG_RUNTIME_DIR: folder, ATMODEM_TOKEN };
    const daemon = new AtmodemProcess(['run', '--json', '--port', 'tcp:0', '--control', '0.0.0.0:0'], environment);
    started.push(daemon);
    await ready(daemon);
    expect(daemon.stdout + daemon.stderr).not.toContain(ATMODEM_TOKEN);
    expect(await atmodem(['ctl', 'modems'], environment)).toMatchObject({ exitCode: 0 });
    expect(await atmodem(['ctl', 'modems'], { ...environment, ATMODEM_TOKEN: '' })).toMatchObject({ exitCode: 1 });
  });
});

describe('npm start', () => {
  test('the lines that it says to paste publish a message that comes back', async () => {
    const { scripts } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const [node, bin, command, ...options] = scripts.start.split(' ');
    expect([node, bin, command]).toEqual(['node', 'bin/atmodem.js', 'run']);
    const { daemon, folder } = await run(...options);
    await daemon.says('Ctrl-C stops.');
    const [, port] = /node bin\/atmodem\.js term (\S+)\n/.exec(daemon.stdout)!;
    const lines = [...daemon.stdout.matchAll(/^ {4}(AT.*)$/gm)].map(match => match[1]!);
    expect(lines).toHaveLength(6);
    const { stdout } = await pipedInto(folder, lines, [port!]);
    expect(stdout.match(/^OK$/gm)).toHaveLength(6);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('+MQTTSUBRECV:0,"hello",8,it works');
  });
});

describe('commands that print', () => {
  test.each([
    ['--version'],
    ['explain', '+MQTTCONN', '--dialect', 'w800'],
    ['check', inRepository('examples/vendor.yaml')],
  ])('%s ends by itself', async (...args) => {
    expect(await atmodem(args)).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

async function pipedInto(folder: string, lines: readonly string[], port: readonly string[] = []) {
  const session = new AtmodemProcess(['term', ...port], { XDG_RUNTIME_DIR: folder });
  session.type(`${lines.join('\n')}\n`);
  return session.ended();
}

async function appears(folder: string, name: RegExp): Promise<void> {
  const changed = new Signal<void>();
  const watcher = watch(folder, () => changed.emit());
  const isThere = () => readdirSync(folder).some(each => name.test(each));
  expect(await eventually(isThere, changed, 20_000)).toBe(true);
  watcher.close();
}

async function written(name: string, text: string): Promise<string> {
  const file = join(await temporaryFolder(), name);
  writeFileSync(file, text);
  return file;
}

/** @param port taken already is as good */
async function occupy(port: number): Promise<{ address: { port: number }; stop(): Promise<void> }> {
  if (port === 0) return Listener.start(createServer());
  const server = createServer();
  await new Promise<void>(resolve => server.once('error', () => resolve()).listen(port, '127.0.0.1', resolve));
  return { address: { port }, stop: () => new Promise(resolve => server.close(() => resolve())) };
}
