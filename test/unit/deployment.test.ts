/** What stands beside the code for who deploys it: that it is safe by default, and that it fits the code of today. */
import { existsSync, readFileSync } from 'node:fs';

import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { inRepository } from '../support/repository.js';

const read = (file: string) => readFileSync(inRepository(file), 'utf8');

interface Service {
  user?: string;
  ports?: string[];
  command?: string;
  read_only?: boolean;
  cap_drop?: string[];
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };

/** `--option` words that `run` knows. */
const runOptions = new Set(
  read('src/cli/program.ts')
    .match(/'(?:-\w, )?(--[a-z-]+)/g)
    ?.map(flag => flag.slice(1).split(' ').at(-1)),
);

const unknownOptions = (command: string): string[] =>
  (command.match(/(?<= )--[a-z-]+/g) ?? []).filter(option => !runOptions.has(option));

describe.each(Object.entries(services))('docker-compose.yml: %s', (_, service) => {
  test('is not root, writes nowhere it need not, and is published on loopback alone', () => {
    expect(service.user ?? 'root').not.toMatch(/^(?:root|0)$/);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  test('its command is one of today', () => {
    expect(unknownOptions(service.command ?? '')).toEqual([]);
  });
});

test('the Dockerfile takes along all that the package publishes, and runs as nobody special', () => {
  const dockerfile = read('Dockerfile');
  const { files } = JSON.parse(read('package.json')) as { files: string[] };
  for (const file of files.filter(each => !each.includes('.')))
    expect(dockerfile).toContain(`/atmodem/${file} ./${file}`);
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^FROM node:20-slim$/m);
});

test('the systemd unit starts and reloads the command of today, without rights', () => {
  const unit = read('examples/systemd/atmodem.service');
  const [, command = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  expect(unknownOptions(command)).toEqual([]);
  expect(unit).toMatch(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  expect(unit).toMatch(/^DynamicUser=yes$/m);
  for (const [, file] of unit.matchAll(/(examples\/\S+)/g))
    expect([file, existsSync(inRepository(file!))]).toEqual([file, true]);
});
