import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalName, diskName, folderNameOf, nameFromDisk } from '../../../src/store/names.js';
import { anyName } from './arbitraries.js';

const folders = { layout: 'folders', maximumLength: 64 } as const;
const flat = { layout: 'flat', maximumLength: 64 } as const;

describe('a name', () => {
  it.each([
    ['ca.crt', 'ca.crt'],
    ['/ca.crt', 'ca.crt'],
    ['certs/ca.crt', 'certs/ca.crt'],
    ['..crt', '..crt'],
    ['a b', 'a b'],
    ['\xe6\xb8\xa9', '\xe6\xb8\xa9'],
    ['a'.repeat(64), 'a'.repeat(64)],
    ['..\\..\\x', '..\\..\\x'],
  ])('%j is %j', (name, expected) => expect(canonicalName(name, folders)).toBe(expected));

  it.each(['', '/', '//a', 'a//b', 'a/', '.', '..', '../a', 'a/../b', 'a/./b', 'a\0b', 'a\nb', '\x7f', 'a'.repeat(65)])(
    '%j is none',
    name => expect(canonicalName(name, folders)).toBeUndefined(),
  );

  it('has no steps in a flat store', () => {
    expect(canonicalName('ca.crt', flat)).toBe('ca.crt');
    expect(canonicalName('/ca.crt', flat)).toBeUndefined();
    expect(canonicalName('a/b', flat)).toBeUndefined();
  });

  it('that no disk could hold is none, in memory too', () => {
    const long = { layout: 'flat', maximumLength: 128 } as const;
    expect(canonicalName('a'.repeat(128), long)).toBeDefined();
    expect(canonicalName('\xff'.repeat(128), long)).toBeUndefined();
  });
});

describe('a name on disk', () => {
  it.each([
    ['ca.pem', 'ca.pem'],
    ['.hidden', '%2ehidden'],
    ['A/b', '%41%2fb'],
    ['100%', '100%25'],
  ])('%j is %j', (name, word) => expect(diskName(name)).toBe(word));

  it('is one harmless word, and leads back to its name', () => {
    fc.assert(
      fc.property(
        anyName.filter(name => name !== ''),
        name => {
          expect(diskName(name)).toMatch(/^[a-z0-9_%-][a-z0-9._%-]*$/);
          expect(nameFromDisk(diskName(name))).toBe(name);
        },
      ),
    );
  });

  it.each(['.hidden', '.tmp-1-0', 'A', '%2F', '%61', 'a b', ''])('%j was not made here', word => {
    expect(nameFromDisk(word)).toBeUndefined();
  });

  it('of a modem is its name in UTF-8', () => {
    expect(folderNameOf('rig-1')).toBe('rig-1');
    expect(folderNameOf('../Ü')).toBe('%2e.%2f%c3%9c');
  });
});
