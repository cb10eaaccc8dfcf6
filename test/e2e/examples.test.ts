/** The examples are what they say: run here as they are, with atmodem of this checkout. */
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { beforeAll, expect, test } from 'vitest';
import { atmodem } from '../support/atmodem-process.js';
import { pythonWith } from '../support/python-host.js';
import { inRepository } from '../support/repository.js';
import { temporaryFolder } from '../unit/store/temporary.js';

const run = promisify(execFile);
const examples = inRepository('examples');
const command = `${process.execPath} ${inRepository('bin/atmodem.js')}`;

beforeAll(() => {
  execFileSync(process.execPath, [inRepository('scripts/build.mjs')]);
});

test('pytest: its tests pass', { timeout: 180_000 }, async () => {
  const folder = join(await temporaryFolder(), 'examples');
  cpSync(examples, folder, { recursive: true });
  const args = ['-B', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'];
  const { stdout } = await run(pythonWith('pytest', 'python3-pytest'), args, {
    cwd: join(folder, 'pytest'),
    env: { ...process.env, ATMODEM: command },
  });
  expect(stdout).toMatch(/^\d+ passed/m);
});

interface Workflow {
  jobs: Record<string, { steps: { name?: string; run?: string; uses?: string }[] }>;
}

/** A firmware's repository: its scenarios, a build that yields the stand-in, and npm that has nothing to fetch. */
async function repository(): Promise<{ folder: string; env: NodeJS.ProcessEnv }> {
  const folder = await temporaryFolder();
  const script = (path: string, text: string) => {
    writeFileSync(join(folder, path), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, path), 0o755);
  };
  cpSync(join(examples, 'scenarios'), join(folder, 'scenarios'), { recursive: true });
  for (const file of ['at_driver.py', 'firmware.py']) copyFileSync(join(examples, 'pytest', file), join(folder, file));
  mkdirSync(join(folder, 'bin'));
  script('bin/npm', 'exit 0');
  script('bin/npx', `shift; exec ${command} "$@"`);
  script('build-host.sh', 'cp firmware.py firmware');
  return {
    folder,
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, GITHUB_ACTIONS: 'true' },
  };
}

const stepsOf = (): string[] => {
  const workflow = load(readFileSync(join(examples, 'github-actions/firmware-test.yml'), 'utf8')) as Workflow;
  return Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(step => step.run ?? []));
};

test('GitHub Actions: every step passes, as its runner runs them, and leaves the reports', {
  timeout: 180_000,
}, async () => {
  const { folder, env } = await repository();
  for (const step of stepsOf()) await run('bash', ['-e', '-c', step], { cwd: folder, env });
  const scenarios = readdirSync(join(folder, 'scenarios')).map(file => file.replace('.yaml', ''));
  expect(readdirSync(join(folder, 'reports')).sort()).toEqual(
    scenarios.flatMap(name => [`${name}.at`, `${name}.xml`]).sort(),
  );
});

test('GitHub Actions: a firmware that does not come back fails the job, with an error at the scenario', {
  timeout: 180_000,
}, async () => {
  const { folder, env } = await repository();
  const firmware = readFileSync(join(folder, 'firmware.py'), 'utf8');
  writeFileSync(
    join(folder, 'firmware.py'),
    firmware
      .replace('urc.startswith("CLOSED")', 'False')
      .replace('except AtError as error', 'except KeyError as error'),
  );
  const outcome = run('bash', ['-e', '-c', stepsOf().join('\n')], { cwd: folder, env });
  await expect(outcome).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining('::error file=scenarios/link-drops.yaml,line='),
  });
});

test('every scenario is right', async () => {
  const files = readdirSync(join(examples, 'scenarios')).map(file => join(examples, 'scenarios', file));
  expect(files.length).toBeGreaterThan(2);
  expect(await atmodem(['check', ...files])).toMatchObject({ exitCode: 0 });
});
