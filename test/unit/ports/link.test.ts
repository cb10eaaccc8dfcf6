import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkPath, makeLink, removeLink } from '../../../src/ports/link.js';

const { uid } = userInfo();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atmodem-link-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('where a link goes', () => {
  it('takes an absolute name as it is', () => {
    expect(linkPath('/tmp/ttyAT0', { temporaryFolder: folder, uid })).toBe('/tmp/ttyAT0');
  });

  it('puts a plain name into the runtime folder', () => {
    expect(linkPath('ttyAT0', { runtimeFolder: folder, temporaryFolder: '/nowhere', uid })).toBe(
      join(folder, 'ttyAT0'),
    );
  });

  it.each(['/no/such/folder', 'relative', '', undefined])(
    'makes a private folder where XDG_RUNTIME_DIR is %j',
    runtimeFolder => {
      const path = linkPath('ttyAT0', { runtimeFolder, temporaryFolder: folder, uid });
      expect(path).toBe(join(folder, `atmodem-${uid}`, 'ttyAT0'));
      expect(statSync(join(folder, `atmodem-${uid}`)).mode & 0o777).toBe(0o700);
      expect(linkPath('ttyAT0', { runtimeFolder, temporaryFolder: folder, uid })).toBe(path);
    },
  );

  it('refuses a folder that others may write, or that is a link', () => {
    mkdirSync(join(folder, `atmodem-${uid}`), { mode: 0o755 });
    expect(() => linkPath('a', { temporaryFolder: folder, uid })).toThrow('not a private folder');
    mkdirSync(join(folder, 'elsewhere'), { mode: 0o700 });
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'atmodem-4711'));
    expect(() => linkPath('a', { temporaryFolder: folder, uid: 4711 })).toThrow('not a private folder');
  });

  it('says so where the temporary folder is missing or not to be written', () => {
    expect(() => linkPath('a', { temporaryFolder: join(folder, 'missing'), uid })).toThrow('cannot make');
    expect(() => linkPath('a', { temporaryFolder: '/proc/self', uid })).toThrow('cannot make');
  });
});

describe('a link', () => {
  // Any entry that exists does for a device.
  const device = '/dev/null';
  const another = '/dev/zero';

  it('is made, and leaves nothing beside it', () => {
    makeLink(join(folder, 'ttyAT0'), device);
    expect(readlinkSync(join(folder, 'ttyAT0'))).toBe(device);
    expect(readdirSync(folder)).toEqual(['ttyAT0']);
  });

  it.each([
    ['leads nowhere', '/dev/pts/no-such'],
    ['was left by a killed process whose number we got', device],
  ])('replaces one that %s', (_, target) => {
    const link = join(folder, 'ttyAT0');
    symlinkSync(target, link);
    makeLink(link, device);
    expect(readlinkSync(link)).toBe(device);
  });

  it('does not replace a link that leads somewhere', () => {
    const link = join(folder, 'ttyAT0');
    symlinkSync(another, link);
    expect(() => makeLink(link, device)).toThrow(`a link to ${another}`);
    expect(readlinkSync(link)).toBe(another);
  });

  it('does not replace a file or a folder', () => {
    writeFileSync(join(folder, 'file'), 'precious');
    mkdirSync(join(folder, 'folder'));
    expect(() => makeLink(join(folder, 'file'), device)).toThrow('is not a link');
    expect(() => makeLink(join(folder, 'folder'), device)).toThrow('is not a link');
    expect(readdirSync(folder)).toEqual(['file', 'folder']);
  });

  it('says where it could not be made', () => {
    expect(() => makeLink(join(folder, 'missing', 'ttyAT0'), device)).toThrow(
      expect.objectContaining({ code: 'port' }),
    );
  });

  it('is removed only while it is ours', () => {
    const link = join(folder, 'ttyAT0');
    expect(removeLink(link, device)).toBe(false);
    symlinkSync(another, link);
    expect(removeLink(link, device)).toBe(false);
    expect(removeLink(link, another)).toBe(true);
    writeFileSync(link, '');
    expect(removeLink(link, another)).toBe(false);
    expect(readdirSync(folder)).toEqual(['ttyAT0']);
  });
});
