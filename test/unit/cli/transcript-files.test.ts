/** A transcript of the operator's: what it is given, and which files it reaches. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { loadPlay } from '../../../src/cli/transcript-files.js';
import { temporaryFolder } from '../store/temporary.js';

async function written(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test('what is given is found in a folder above, and each line knows its file', async () => {
  const folder = await written({
    'luat/connected.at': 'dialect: luat\n\n> ATE0\n',
    'luat/deep/more.at': 'given: luat/connected\n\n> AT\n',
  });
  const { play, items, placeOf } = loadPlay(join(folder, 'luat/deep/more.at'));
  expect(play.header.dialect).toBe('luat');
  expect(items.map(placeOf)).toEqual([join(folder, 'luat/connected.at:3'), join(folder, 'luat/deep/more.at:3')]);
});

test('what is given and not there is told', async () => {
  const folder = await written({ 'a.at': 'given: no/such\n\n> AT\n' });
  expect(() => loadPlay(join(folder, 'a.at'))).toThrow(/`given:` is not there[\s\S]*no\/such\.at/);
});

test('files are those beside it, or below the working folder', async () => {
  const folder = await written({
    'a.at': 'dialect: luat\nfile: mine=keys/ca.pem\n\n>{ file mine }\n',
    'keys/ca.pem': 'PEM',
  });
  const { content } = loadPlay(join(folder, 'a.at'));
  expect(content('mine').toString()).toBe('PEM');
  expect(content('keys/ca.pem').toString()).toBe('PEM');
  expect(content('test/fixtures/certs/ca.pem').toString()).toContain('CERTIFICATE');
});

test.each(['/etc/hostname', '../a.at', 'keys/../../a.at', 'no-such.pem'])('no other file: %s', async path => {
  const folder = await written({ 'a.at': 'dialect: luat\n\n> AT\n', 'b/b.at': 'dialect: luat\n\n> AT\n' });
  const { content } = loadPlay(join(folder, 'b/b.at'));
  expect(() => content(path)).toThrow(OperatorError);
});

test('a file that cannot be read, and one that is none', async () => {
  const folder = await written({ 'a.at': 'AT\n' });
  expect(() => loadPlay(join(folder, 'no.at'))).toThrow(/cannot read .*no\.at/);
  expect(() => loadPlay(join(folder, 'a.at'))).toThrow(/a\.at:1:1: no such header key/);
});
