import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommandLine } from '../../../src/cli/program.js';
import { faultCatalogue } from '../../../src/scenarios/catalogue.js';
import { temporaryFolder } from '../store/temporary.js';
import { RecordedOutput } from './recorded-output.js';

async function atmodem(...args: string[]) {
  const output = new RecordedOutput();
  const exitCode = await runCommandLine(args, output);
  return { exitCode, stdout: output.stdout, stderr: output.stderr };
}

describe('usage', () => {
  test('--version is the version of the package', async () => {
    expect(await atmodem('--version')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      stderr: '',
    });
  });

  test.each([
    ['the program', ['--help'], 'Example: atmodem run '],
    ['run', ['run', '--help'], 'Example: atmodem run '],
    ['exec', ['exec', '--help'], 'Example: atmodem exec '],
    ['term', ['term', '--help'], 'Example: atmodem term'],
    ['list', ['list', '--help'], 'Example: atmodem list'],
    ['explain', ['explain', '--help'], 'Example: atmodem explain +'],
    ['check', ['check', '--help'], 'Example: atmodem check '],
    ['ctl', ['ctl', '--help'], 'Example: atmodem ctl modems'],
    ['ca', ['ca', '--help'], 'Example: atmodem ca > ca.pem'],
  ])('help of %s begins with an example', async (_, args, beginning) => {
    const { exitCode, stdout } = await atmodem(...args);
    expect(exitCode).toBe(0);
    expect(stdout.startsWith(beginning)).toBe(true);
  });

  test.each([
    ['a command', ['rnu'], 'Did you mean run?'],
    ['an option', ['run', '--dialct', 'luat'], 'Did you mean --dialect?'],
    ['a policy', ['run', '--dial', 'none'], 'any, routes, loopback'],
    ['a dialect', ['run', '--broker', 'none', '--dialect', 'w80'], 'Did you mean `w800`?'],
    ['a setting', ['run', '--broker', 'none', '--set', 'usage-txt=none'], 'Did you mean `usage-text`?'],
    ['a dialect where a config stands', ['run', 'luat'], '--dialect luat'],
    ['a port', ['run', '--broker', 'none', '--port', '2323'], 'did you mean `tcp:2323`?'],
    ['a broker', ['run', '--broker', 'embeded'], 'did you mean `embedded`?'],
    ['a cloud without broker', ['run', '--broker', 'none', '--cloud', 'examples/cloud.yaml'], '`--broker none`'],
    ['a device list', ['run', '--broker', 'embedded:0', '--cloud', 'examples/vendor.yaml'], 'unknown key `dialect`'],
    ['a control API', ['run', '--control', '127.0.0.1'], '[HOST:]PORT'],
    ['a control API for all', ['run', '--broker', 'none', '--control', '0.0.0.0:0'], '--control-token'],
    ['a token for nothing', ['run', '--control-token', 'file'], '--control 8080'],
    ['a command of ctl', ['ctl', 'modem'], 'Did you mean modems?'],
    ['a pair without =', ['run', '--set', 'echo'], 'NAME=VALUE'],
    ['rights that are not octal', ['run', '--pty-mode', '999'], 'octal'],
    ['a command of a dialect', ['explain', '+MQTTCON', '--dialect', 'w800'], 'Did you mean `+MQTTCONN`?'],
    ['a fault', ['run', '--broker', 'none', '--port', 'tcp:0', '--fault', 'at.lat'], 'did you mean `at.late`?'],
    ['a seed', ['run', '--seed', '-1'], 'It is a whole number.'],
    ['a seed too large', ['run', '--broker', 'none', '--seed', '5000000000'], 'from 0 to 4294967295'],
    ['a report of no scenario', ['run', '--tap', 'x'], '--tap is for a scenario'],
    ['nothing to explain', ['explain'], 'explain what?'],
  ])('%s that is wrong: what is right, and exit code 2', async (_, args, hint) => {
    const { exitCode, stdout, stderr } = await atmodem(...args);
    expect(stderr).toContain(hint);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('no command at all is wrong usage, answered with help', async () => {
    expect(await atmodem()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Commands:') });
  });
});

describe('list', () => {
  test('names dialects and their profiles with counts', async () => {
    const { exitCode, stdout } = await atmodem('list', '--json');
    expect(exitCode).toBe(0);
    const listed = JSON.parse(stdout) as { name: string; family: string; full: number; absent: number }[];
    expect(listed.find(({ name }) => name === 'w800')).toMatchObject({ family: 'w800' });
    expect(listed.find(({ name }) => name === 'luat-seed')).toMatchObject({ family: 'luat' });
    const [stock, whole] = ['w800-stock', 'w800'].map(wanted => listed.find(({ name }) => name === wanted)!);
    expect(stock!.full).toBeLessThan(whole!.full);
    expect(stock!.absent).toBeGreaterThan(whole!.absent);
  });

  test('is a table for people', async () => {
    expect((await atmodem('list')).stdout).toMatch(/^dialect +full +reply-only +absent\n/);
  });
});

describe('explain', () => {
  test.each(['+MQTTPUB', 'AT+MQTTPUB', 'mqttpub', 'AT+MQTTPUB=?'])('%s is +MQTTPUB', async typed => {
    const { stdout } = await atmodem('explain', typed, '--dialect', 'w800');
    expect(stdout).toContain('+MQTTPUB  Publish a message given in the command');
    expect(stdout).toContain('AT+MQTTPUB=<LinkID>,<"topic">,<"data">,<qos>,<retain>');
    expect(stdout).toMatch(/qos +0\.\.2 +default 0/);
  });

  test('shows every dialect that has the command, profiles with the dialect they do not change', async () => {
    const pages = JSON.parse((await atmodem('explain', '+MIPSTART', '--json')).stdout) as { dialects: string[] }[];
    expect(pages.flatMap(({ dialects }) => dialects)).toEqual(['luat', 'luat-seed']);
  });

  test('--settings: default, source and what sources disagree on', async () => {
    const { stdout } = await atmodem('explain', '--dialect', 'w800', '--settings', '--json');
    const { settings } = JSON.parse(stdout) as { settings: { name: string }[] };
    expect(settings.find(({ name }) => name === 'port-style')).toMatchObject({
      type: 'bare | quoted',
      default: 'bare',
      keep: 'config',
      ref: expect.any(String),
      views: expect.stringContaining('documentation: bare'),
    });
  });

  test('--settings of a command: what it keeps', async () => {
    const { stdout } = await atmodem('explain', '+MQTTUSERCFG', '--dialect', 'w800', '--settings');
    expect(stdout).toMatch(/MQTTUSERCFG\.scheme +1\.\.10/);
    expect(stdout).not.toContain('CWMODE');
  });

  test('a dialect alone lists its commands', async () => {
    expect((await atmodem('explain', '--dialect', 'w800')).stdout).toMatch(
      /\n {2}\+MQTTPUBRAW +Publish a message typed after a prompt\n/,
    );
  });

  test("a grammar file is explained before it is anybody's dialect", async () => {
    const { exitCode, stdout } = await atmodem('explain', '+MQPUB', '--dialect', 'examples/vendor.yaml');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('>  message: up to the byte 1A, 1B cancels');
  });
});

describe('explain --faults', () => {
  test('names every fault with what it takes, for people and for programs', async () => {
    const { exitCode, stdout } = await atmodem('explain', '--faults');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('  at.late  A command is executed later');
    expect(stdout).toContain('      by  time  how much (default 2s)');
    const manuals = JSON.parse((await atmodem('explain', '--faults', '--json')).stdout) as { name: string }[];
    expect(manuals.map(({ name }) => name)).toEqual(faultCatalogue.map(({ name }) => name));
  });
});

describe('ca', () => {
  test('prints the certificate alone on stdout, and where it lies on stderr; makes it once', async () => {
    const dir = join(await temporaryFolder(), 'ca');
    const first = await atmodem('ca', '--dir', dir);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toBe(readFileSync(join(dir, 'ca.pem'), 'utf8').trimEnd());
    const certificate = new X509Certificate(first.stdout);
    expect(certificate.ca).toBe(true);
    expect(certificate.publicKey.asymmetricKeyType).toBe('ec');
    expect(first.stderr).toContain(dir);
    expect(first.stderr).toContain(certificate.fingerprint256);
    expect(await atmodem('ca', '--dir', dir)).toEqual(first);
  });

  test('--rsa has an RSA key, and no other CA in its place', async () => {
    const [dir, other] = [await temporaryFolder(), await temporaryFolder()];
    const { stdout } = await atmodem('ca', '--rsa', '--dir', dir);
    expect(new X509Certificate(stdout).publicKey.asymmetricKeyType).toBe('rsa');
    expect((await atmodem('ca', '--dir', dir)).stdout).toBe(stdout);
    await atmodem('ca', '--dir', other);
    expect(await atmodem('ca', '--rsa', '--dir', other)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('has no RSA key'),
    });
  });

  test('a folder that cannot be used: what to do, and exit code 1', async () => {
    const dir = await temporaryFolder();
    writeFileSync(join(dir, 'ca.key'), 'garbage');
    expect(await atmodem('ca', '--dir', dir)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining('ca.key cannot be read'),
    });
  });
});

describe('check', () => {
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(await temporaryFolder(), name);
    writeFileSync(file, text);
    return file;
  };

  test('what is right is ok', async () => {
    const config = await write('config.yaml', 'modems: [{ dialect: luat, settings: { CMEE: 1 } }]\n');
    const { exitCode, stdout } = await atmodem(
      'check',
      'examples/vendor.yaml',
      'examples/cloud.yaml',
      'test/transcripts/w800/publish.at',
      config,
    );
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'examples/vendor.yaml: ok',
      'examples/cloud.yaml: ok',
      'test/transcripts/w800/publish.at: ok',
      `${config}: ok`,
    ]);
  });

  test.each([
    [
      'grammar.yaml',
      "dialect: x\nsources: y\ncommands:\n  '+A': { sett: '<n>' }\n",
      ':4:11: unknown key of a command `sett`',
    ],
    [
      'fault.at',
      'dialect: luat\n\n> AT\n! fault at.late bye=2s\n< OK\n',
      ':4:3: at.late takes no `bye`\n  found:    bye',
    ],
    [
      'command.at',
      'dialect: luat\n\n! fault at.late command=+MPIB\n> AT\n< OK\n',
      ':3:3: at.late waits for a command that luat lacks',
    ],
    ['broken.yaml', 'dialect: x\n  commands: [\n', ':2:'],
    ['profile.yaml', 'dialect: x\nprofiles: { y: { style: { echoo: all } } }\n', 'did you mean `echo`?'],
    ['config.yaml', 'modems:\n  - { dialect: luat, prot: pty }\n', ':2:22: unknown key `prot`'],
    ['setting.yaml', 'modems:\n  - dialect: luat\n    settings: { CMEEE: 1 }\n', ':3:17: luat has no setting `CMEEE`'],
    ['dialect.yaml', 'defaults: { dialect: lua }\nmodems: [{}]\n', ':1:13: there is no dialect `lua`'],
    ['cloud.yaml', 'aliyun:\n  - { product-kee: pk }\n', 'did you mean `product-key`?'],
    ['clouded.yaml', 'modems: [{}]\ncloud: /nowhere/cloud.yaml\n', ':2:1: cannot read /nowhere/cloud.yaml'],
    ['scenario.yaml', 'expect:\n  - { nevr: { line: x } }\n', ':2:7: unknown key `nevr`'],
    ['command.yaml', 'dialect: luat\nsteps: [{ when: { command: +MPIB } }]\n', ':2:19: luat has no such command'],
    ['scene.yaml', 'dialect: lua\nsteps: [{ when: { time: 1s } }]\n', ':1:1: there is no dialect `lua`'],
    ['other.yaml', 'modem: []\n', 'Did you mean `modems:`?'],
    ['dialogue.at', 'dialect: luat\n\n> AT\n<OK\n', ':4:2: one blank must follow'],
    ['header.at', 'dialect: lua\n\n> AT\n', ':1: there is no dialect `lua`'],
    ['missing-key.at', '> AT\n', ':1:'],
  ])('%s is refused at its place', async (name, text, expected) => {
    const file = await write(name, text);
    const { exitCode, stdout } = await atmodem('check', file);
    expect(stdout).toContain(expected);
    expect(stdout.startsWith(file)).toBe(true);
    expect(exitCode).toBe(2);
  });

  test('one wrong file among right ones makes it 2, and all are told', async () => {
    const file = await write('config.yaml', 'modems: []\n');
    const { exitCode, stdout } = await atmodem('check', file, 'examples/vendor.yaml');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('`modems` cannot be that');
    expect(stdout).toContain('examples/vendor.yaml: ok');
  });

  test('the scenarios of a config, against the dialects of its modems', async () => {
    const scenario = await write('scenario.yaml', 'dialect: luat\nsteps: [{ when: { command: +MPUB } }]\n');
    const config = (modem: string) => write('rig.yaml', `modems: [{ scenario: ${scenario}${modem} }]\n`);
    expect(await atmodem('check', await config(', settings: { CMEE: 1 }'))).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await atmodem('check', await config(', dialect: w800'));
    expect(stdout).toContain(`${scenario}:2:19: w800 has no such command`);
    expect(exitCode).toBe(2);
  });

  test('a scenario against another dialect than its own', async () => {
    const file = await write('scenario.yaml', 'dialect: luat\nsteps: [{ when: { command: +MPUB } }]\n');
    expect(await atmodem('check', file)).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await atmodem('check', '--dialect', 'w800', file);
    expect(stdout).toContain(`${file}:2:19: w800 has no such command`);
    expect(exitCode).toBe(2);
  });

  test('a file that is not there', async () => {
    expect(await atmodem('check', 'no-such.yaml', 'no-such.at')).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(/cannot read no-such\.yaml[\s\S]*cannot read no-such\.at/),
    });
  });
});
