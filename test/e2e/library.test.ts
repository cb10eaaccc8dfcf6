/**
 * The built package as another project uses it: the README's snippet, word for word, type-checked and run; and the command
 * with `--json`, as CI of any language starts it. Needs `dist`, which `npm ci` makes.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { SerialHost } from '../support/serial-host.js';

const root = resolve('.');
const run = promisify(execFile);

/** The README's first block of TypeScript. */
function snippet(): string {
  const block = /```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'));
  return block![1]!;
}

/** What the project brings: `openMyDriver`, on the AT commands of its module. */
const driver = `
import { ReadlineParser } from '@serialport/parser-readline';
import { SerialPort } from 'serialport';

/** @param {string} path */
export async function openMyDriver(path) {
  const port = new SerialPort({ path, baudRate: 115200 });
  const lines = port.pipe(new ReadlineParser({ delimiter: '\\r\\n' }));
  /** @param {string} wanted */
  const until = wanted =>
    new Promise(resolve => void lines.on('data', line => line === wanted && resolve(undefined)));
  /** @param {string} command @param {string} last */
  const ask = async (command, last) => {
    const answered = until(last);
    port.write(command + '\\r');
    await answered;
  };
  await ask('AT+MCONFIG="dev1"', 'OK');
  await ask('AT+MIPSTART="broker.example",1883', 'CONNECT OK');
  await ask('AT+MCONNECT=1,60', 'CONNACK OK');
  await ask('AT+MSUB="greenhouse/1",1', 'SUBACK');
  const watered = until('+MSUB: "greenhouse/1",5 byte,water');
  return {
    async finish() {
      await watered;
      await ask('AT+MPUB="greenhouse/1/soil",1,0,"wet"', 'PUBACK');
      await new Promise(closed => port.close(closed));
    },
  };
}
`;

/** Another project's folder, with the package installed by a link. */
let project: string;

beforeAll(() => {
  if (!existsSync('dist/index.js')) throw new Error('not built: run `npm run build` (`npm ci` does it too)');
  project = mkdtempSync(join(tmpdir(), 'atmodem-project-'));
  const modules = join(project, 'node_modules');
  mkdirSync(modules);
  symlinkSync(root, join(modules, 'atmodem'));
  for (const name of ['serialport', '@serialport', '@types'])
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(project, 'driver.js'), driver);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("the README's library snippet", () => {
  const withDriver = (code: string) => `import { openMyDriver } from './driver.js';\n${code}`;

  test('is right TypeScript, in strict mode', async () => {
    writeFileSync(join(project, 'snippet.ts'), withDriver(snippet()));
    const options = {
      module: 'NodeNext',
      target: 'ES2022',
      strict: true,
      noEmit: true,
      allowJs: true,
      types: ['node'],
    };
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['snippet.ts'] }));
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(process.execPath, [tsc, '-p', project]).catch(error => error);
    expect(stdout).toBe('');
  });

  test('runs, and ends by itself', async () => {
    const finished = snippet().replace('await modem.stop()', 'await driver.finish();\nawait modem.stop()');
    writeFileSync(join(project, 'snippet.js'), withDriver(finished));
    const { stdout, stderr } = await run(process.execPath, ['snippet.js'], { cwd: project, timeout: 20_000 });
    expect(stderr).toBe('');
    expect(stdout).toContain('greenhouse/1/soil wet\n');
  });
});

describe('the command with --json', () => {
  function start(...options: string[]): ChildProcess {
    const child = spawn(process.execPath, ['bin/atmodem.js', 'run', '--json', ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  }

  async function firstLine(child: ChildProcess): Promise<unknown> {
    const [line] = await once(createInterface({ input: child.stdout! }), 'line');
    return JSON.parse(line as string);
  }

  test('says where the modem is in its first line, and ends with 0 on SIGTERM', async () => {
    const link = join(project, 'ttyAT0');
    const child = start('--dialect', 'luat', '--port', `pty:${link}`, '--broker', 'embedded:0', '--power', 'start');
    expect(await firstLine(child)).toEqual({
      event: 'ready',
      modems: [{ name: 'modem', dialect: 'luat', port: link }],
      broker: expect.stringMatching(/^mqtt:\/\/127\.0\.0\.1:\d+$/),
      control: null,
    });
    const host = await SerialHost.open(link, '\r');
    await host.ask('AT', 'AT\r', 'OK');
    await host.close();
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(existsSync(link)).toBe(false);
  });

  test('ends with 2 on a dialect that is not there', async () => {
    const child = spawn(process.execPath, ['bin/atmodem.js', 'run', '--json', '--dialect', 'luatt'], { stdio: 'pipe' });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(Buffer.concat(said).toString()).toContain('luat');
  });
});
