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

  it('may be as long as a manual allows, whatever it is made of', () => {
    const long = { layout: 'flat', maximumLength: 128 } as const;
    for (const sign of ['a', 'A', '\xff']) expect(canonicalName(sign.repeat(128), long)).toBe(sign.repeat(128));
  });

  it('that no disk could hold is none, in memory too', () => {
    const longer = { layout: 'flat', maximumLength: 1000 } as const;
    expect(canonicalName('a'.repeat(230), longer)).toBeDefined();
    expect(canonicalName('A'.repeat(230), longer)).toBeUndefined();
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
          expect(diskName(name)).toMatch(/^[a-z0-9_%~-][a-z0-9._%-]*$/);
          expect(nameFromDisk(diskName(name))).toBe(name);
        },
      ),
    );
  });

  it('of a folder sorts before what lies in it', () => {
    const longName = fc.string({ unit: fc.constantFrom('A', '\xff', 'z', '/'), minLength: 60, maxLength: 127 });
    fc.assert(
      fc.property(longName, longName, (folder, file) => {
        expect(diskName(`${folder}/`) < diskName(`${folder}/${file}`)).toBe(true);
      }),
    );
  });

  it('stays one word that any disk takes, of up to 128 bytes of any kind', () => {
    const longName = fc.string({ unit: fc.constantFrom('A', 'Z', '\xe6', ' ', 'a'), minLength: 60, maxLength: 128 });
    fc.assert(
      fc.property(longName, name => {
        expect(diskName(name)).toMatch(/^[a-z0-9%~-][a-z0-9%-]{0,239}$/);
        expect(nameFromDisk(diskName(name))).toBe(name);
      }),
    );
  });

  it.each([
    ['A'.repeat(80), '%41'.repeat(80)],
    ['A'.repeat(81), /^~85/],
  ])('%j is readable while it fits', (name, word) => expect(diskName(name)).toMatch(word));

  it.each(['.hidden', '.tmp-1-0', 'A', '%2F', '%61', 'a b', '', '~', '~me', '~850k', '~A'])(
    '%j was not made here',
    word => {
      expect(nameFromDisk(word)).toBeUndefined();
    },
  );

  it('of a modem is its name in UTF-8', () => {
    expect(folderNameOf('rig-1')).toBe('rig-1');
    expect(folderNameOf('../Ü')).toBe('%2e.%2f%c3%9c');
  });
});
