import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { controlSettings } from '../../../src/control/settings.js';
import { temporaryFolder } from '../store/temporary.js';

const token = 'sixteen-characters';

describe('where it listens', () => {
  test.each([
    ['8080', '127.0.0.1', 8080],
    ['0', '127.0.0.1', 0],
    ['localhost:80', 'localhost', 80],
    ['127.0.0.2:80', '127.0.0.2', 80],
    ['[::1]:80', '::1', 80],
  ])('%s: loopback, without a token', (listen, host, port) => {
    expect(controlSettings({ listen })).toEqual({ host, port, isLoopback: true, token: undefined });
  });

  test.each(['0.0.0.0:80', '[::]:80', '10.0.0.1:80', 'rig.example:80'])('%s: beyond it, with a token alone', listen => {
    expect(controlSettings({ listen, token })).toMatchObject({ isLoopback: false, token });
    expect(() => controlSettings({ listen })).toThrow(/needs a token[\s\S]*--control-token/);
  });

  test.each(['', 'x', ':80', '65536', '::1:80', '127.0.0.1', '127.0.0.1:', 'http://127.0.0.1:80', '-1'])(
    '`%s` is no address',
    listen => {
      expect(() => controlSettings({ listen, token })).toThrow(OperatorError);
      expect(() => controlSettings({ listen, token })).toThrow(/\[HOST:\]PORT/);
    },
  );
});

describe('the token', () => {
  test('holds on loopback too, where there is one', () => {
    expect(controlSettings({ listen: '80', token })).toMatchObject({ isLoopback: true, token });
  });

  test('comes from the first line of a file, which goes before another', async () => {
    const tokenFile = join(await temporaryFolder(), 'token');
    writeFileSync(tokenFile, `${token}\n# mine\n`);
    expect(controlSettings({ listen: '80', token: 'the-one-of-the-environment', tokenFile })).toMatchObject({ token });
  });

  test('a file that is not there is named', () => {
    expect(() => controlSettings({ listen: '80', tokenFile: '/nowhere/token' })).toThrow(/\/nowhere\/token/);
  });

  test.each(['', 'short', 'with a blank in it, long', 'sixteen-characterß'])(
    '`%s` is none, and is not repeated',
    bad => {
      expect(() => controlSettings({ listen: '80', token: bad })).toThrow(/at least 16/);
      if (bad !== '') expect(() => controlSettings({ listen: '80', token: bad })).not.toThrow(new RegExp(bad));
    },
  );

  test('an empty file guards nothing, so it is no token', async () => {
    const tokenFile = join(await temporaryFolder(), 'token');
    writeFileSync(tokenFile, '\n');
    expect(() => controlSettings({ listen: '80', tokenFile })).toThrow(/found: +nothing/);
  });
});
