import { mkdir, readdir, readFile, realpath, rename, symlink, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/log.js';
import { type FileLimits, FileStore } from '../../../src/store/files.js';
import { anyName } from './arbitraries.js';
import { everythingIn, temporaryFolder } from './temporary.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const textOf = (store: FileStore, name: string) => {
  const read = store.read(name);
  return read.outcome === 'done' ? read.bytes.toString('latin1') : read.outcome;
};
const namesIn = (store: FileStore, path?: string) => {
  const listed = store.list(path);
  return listed.outcome === 'done'
    ? listed.entries.map(({ name, kind }) => (kind === 'folder' ? `${name}/` : name))
    : listed.outcome;
};

describe('a file', () => {
  it('is created once, empty', () => {
    const store = FileStore.inMemory();
    expect(store.create('a')).toBe('done');
    expect(store.create('a')).toBe('exists');
    expect(store.size('a')).toEqual({ outcome: 'done', size: 0 });
  });

  it('is written from its start, or on', () => {
    const store = FileStore.inMemory();
    expect(store.write('a', bytes('hello'))).toBe('done');
    expect(store.write('a', bytes(' you'), { append: true })).toBe('done');
    expect(textOf(store, 'a')).toBe('hello you');
    store.write('a', bytes('x'));
    expect(textOf(store, 'a')).toBe('x');
  });

  it('is made by writing only where that is wanted', () => {
    const store = FileStore.inMemory();
    expect(store.write('a', bytes('x'), { create: false })).toBe('not-found');
    store.create('a');
    expect(store.write('a', bytes('x'), { create: false })).toBe('done');
  });

  it('is read in parts, cut at its end', () => {
    const store = FileStore.inMemory();
    store.write('a', bytes('0123456789'));
    expect(store.read('a', { at: 3, length: 4 })).toEqual({ outcome: 'done', bytes: bytes('3456'), size: 10 });
    expect(store.read('a', { at: 8, length: 10 })).toMatchObject({ bytes: bytes('89') });
    expect(store.read('a', { at: 99, length: 1 })).toMatchObject({ bytes: bytes('') });
    expect(store.read('b')).toEqual({ outcome: 'not-found' });
    expect(store.read('../b')).toEqual({ outcome: 'bad-name' });
  });

  it('holds any bytes, and is nobody else’s buffer', () => {
    const store = FileStore.inMemory();
    const every = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    store.write('a', every);
    every.fill(0);
    const read = store.read('a');
    if (read.outcome === 'done') read.bytes.fill(0);
    expect(textOf(store, 'a').charCodeAt(255)).toBe(255);
  });

  it('goes away once', () => {
    const store = FileStore.inMemory();
    store.create('a');
    expect([store.delete('a'), store.delete('a'), store.delete('')]).toEqual(['done', 'not-found', 'bad-name']);
  });
});

describe('the bounds', () => {
  const limits = { capacity: 10, maximumEntries: 3, maximumWrite: 8 };

  it('hold for one write, for all bytes and for all entries', () => {
    const store = FileStore.inMemory(limits);
    expect(store.write('a', bytes('123456789'))).toBe('too-large');
    expect(store.write('a', bytes('12345678'))).toBe('done');
    expect(store.write('b', bytes('123'))).toBe('no-space');
    expect(store.write('a', bytes('123'), { append: true })).toBe('no-space');
    expect(store.has('b')).toBe(false);
    expect(store.free).toBe(2);
    expect(store.write('a', bytes('87654321'))).toBe('done');
    expect(store.write('a', bytes('1'))).toBe('done');
    expect(store.free).toBe(9);
    expect([store.create('b'), store.create('c'), store.create('d')]).toEqual(['done', 'done', 'no-space']);
  });

  it('take 10 KiB at a time by default', () => {
    const store = FileStore.inMemory();
    expect(store.write('a', Buffer.alloc(10_240))).toBe('done');
    expect(store.write('a', Buffer.alloc(10_241))).toBe('too-large');
  });
});

describe('a file that the module was made with', () => {
  it('may be longer than one write, and brings its folders', () => {
    const store = FileStore.inMemory({ maximumWrite: 4 });
    expect(store.place('etc/ca/root.pem', Buffer.from('longer than four'))).toBe('done');
    expect(store.read('etc/ca/root.pem')).toMatchObject({ bytes: Buffer.from('longer than four') });
    expect(store.list('etc')).toMatchObject({ entries: [{ name: 'ca', kind: 'folder' }] });
  });

  it('never replaces what is there', () => {
    const store = FileStore.inMemory();
    store.write('a', Buffer.from('changed since'));
    expect(store.place('a', Buffer.from('as made'))).toBe('exists');
    expect(store.read('a')).toMatchObject({ bytes: Buffer.from('changed since') });
  });

  it('fits, and has a name that is one', () => {
    const store = FileStore.inMemory({ capacity: 4 });
    expect(store.place('a', Buffer.from('12345'))).toBe('no-space');
    expect(store.place('../a', Buffer.from('1'))).toBe('bad-name');
  });
});

describe('folders', () => {
  it('hold files and folders, and go only when empty', () => {
    const store = FileStore.inMemory();
    expect(store.create('certs/ca')).toBe('not-found');
    expect(store.makeFolder('certs/')).toBe('done');
    expect(store.makeFolder('certs')).toBe('exists');
    expect(store.create('certs')).toBe('exists');
    expect(store.write('certs', bytes('x'))).toBe('bad-name');
    expect(store.create('certs/ca')).toBe('done');
    expect(store.makeFolder('certs/old')).toBe('done');
    expect(namesIn(store)).toEqual(['certs/']);
    expect(namesIn(store, '/')).toEqual(['certs/']);
    expect(namesIn(store, '/certs/')).toEqual(['ca', 'old/']);
    expect(namesIn(store, 'none')).toBe('not-found');
    expect(namesIn(store, '..')).toBe('bad-name');
    expect(store.removeFolder('certs')).toBe('not-empty');
    expect(store.delete('certs/old')).toBe('not-found');
    store.removeFolder('certs/old');
    store.delete('certs/ca');
    expect(store.removeFolder('certs')).toBe('done');
    expect(store.removeFolder('certs')).toBe('not-found');
  });

  it('do not exist in a flat store', () => {
    const store = FileStore.inMemory({ layout: 'flat' });
    expect(store.makeFolder('certs')).toBe('bad-name');
    expect(store.create('certs/ca')).toBe('bad-name');
  });
});

type Step = { do: 'create' | 'write' | 'append' | 'delete'; name: string; size: number };

const someName = fc.constantFrom('a', 'A', 'b.pem', '\xff', '.x', '%61', 'a/b', '');
const steps = fc.array(
  fc.record<Step>({ do: fc.constantFrom('create', 'write', 'append', 'delete'), name: someName, size: fc.nat(40) }),
  { maxLength: 40, size: 'max' },
);

/** What a flat store of 100 bytes, 4 files and 30 bytes a write should do, said another way. */
class Model {
  readonly files = new Map<string, Buffer>();

  run({ do: act, name, size }: Step): string {
    const isBad = name === '' || name.includes('/');
    const old = this.files.get(name);
    if (act === 'delete') return isBad ? 'bad-name' : this.files.delete(name) ? 'done' : 'not-found';
    if (act === 'create' && (isBad || old)) return isBad ? 'bad-name' : 'exists';
    const added = Buffer.alloc(act === 'create' ? 0 : size, size);
    if (added.length > 30) return 'too-large';
    if (isBad) return 'bad-name';
    const content = Buffer.concat([act === 'append' ? (old ?? Buffer.alloc(0)) : Buffer.alloc(0), added]);
    const others = [...this.files].reduce((sum, [key, value]) => (key === name ? sum : sum + value.length), 0);
    if (others + content.length > 100 || (!old && this.files.size >= 4)) return 'no-space';
    this.files.set(name, content);
    return 'done';
  }
}

function perform(store: FileStore, { do: act, name, size }: Step): string {
  switch (act) {
    case 'create':
      return store.create(name);
    case 'delete':
      return store.delete(name);
    case 'write':
    case 'append':
      return store.write(name, Buffer.alloc(size, size), { append: act === 'append' });
    default:
      return act satisfies never;
  }
}

const contents = (store: FileStore) => {
  const listed = store.list();
  if (listed.outcome !== 'done') throw new Error(listed.outcome);
  return new Map(listed.entries.map(({ name }) => [name, textOf(store, name)]));
};

const modelLimits: Partial<FileLimits> = { layout: 'flat', capacity: 100, maximumEntries: 4, maximumWrite: 30 };

describe('any sequence of acts', () => {
  it('does what the model does', () => {
    fc.assert(
      fc.property(steps, sequence => {
        const store = FileStore.inMemory(modelLimits);
        const model = new Model();
        for (const step of sequence) expect(perform(store, step)).toBe(model.run(step));
        expect(contents(store)).toEqual(
          new Map([...model.files].map(([name, content]) => [name, content.toString('latin1')])),
        );
        expect(store.used).toBe([...model.files.values()].reduce((sum, content) => sum + content.length, 0));
      }),
    );
  });

  it('is on disk after a flush, and found again by the next start', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async sequence => {
        const folder = await temporaryFolder();
        const store = await FileStore.open(folder, modelLimits);
        for (const step of sequence) perform(store, step);
        await store.flush();
        const again = await FileStore.open(folder, modelLimits);
        expect(contents(again)).toEqual(contents(store));
        expect(again.free).toBe(store.free);
      }),
      { numRuns: 25 },
    );
  });
});

describe('on disk', () => {
  it('no name leaves the folder', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyName, { minLength: 1, maxLength: 8 }), async names => {
        const outer = await realpath(await temporaryFolder());
        const inner = join(outer, 'modem');
        const store = await FileStore.open(inner);
        for (const name of names) {
          store.makeFolder(name);
          store.write(name, bytes('x'));
          store.write(`${name}/x`, bytes('x'));
        }
        await store.flush();
        expect(await readdir(outer)).toEqual(['modem']);
        for (const path of await everythingIn(inner))
          expect((await realpath(join(inner, path))).startsWith(inner + sep)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('folders are found again', async () => {
    const folder = await temporaryFolder();
    const store = await FileStore.open(folder);
    store.makeFolder('certs');
    store.makeFolder('certs/empty');
    store.write('certs/ca', bytes('pem'));
    await store.flush();
    const again = await FileStore.open(folder);
    expect(namesIn(again, 'certs')).toEqual(['empty/', 'ca'].sort());
    expect(textOf(again, 'certs/ca')).toBe('pem');
  });

  it('what a crash left half written is swept out, and the old file stands', async () => {
    const folder = await temporaryFolder();
    const store = await FileStore.open(folder);
    store.write('ca.pem', bytes('whole'));
    await store.flush();
    await writeFile(join(folder, '.tmp-4711-0'), 'hal');
    const again = await FileStore.open(folder);
    expect(textOf(again, 'ca.pem')).toBe('whole');
    expect(await readdir(folder)).toEqual(['ca.pem']);
  });

  it('what is not of the store’s making is left out and left alone', async () => {
    const folder = await temporaryFolder();
    const secret = join(await temporaryFolder(), 'secret');
    await writeFile(secret, 'secret');
    await symlink(secret, join(folder, 'link'));
    await writeFile(join(folder, 'README.md'), 'mine');
    await writeFile(join(folder, 'orphan%2fx'), 'no folder');
    await mkdir(join(folder, 'sub'));
    const warned: object[] = [];
    const store = await FileStore.open(folder, {}, { ...silentLog, warn: fields => warned.push(fields) });
    expect(namesIn(store)).toEqual([]);
    expect(warned).toHaveLength(2);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('mine');
  });

  it('what does not fit is left out', async () => {
    const folder = await temporaryFolder();
    const wide = await FileStore.open(folder);
    wide.write('big', Buffer.alloc(100));
    wide.write('small', Buffer.alloc(10));
    await wide.flush();
    expect(namesIn(await FileStore.open(folder, { capacity: 50 }))).toEqual(['small']);
  });

  it('a file that is written while it is being written ends as the last write said', async () => {
    const folder = await temporaryFolder();
    const store = await FileStore.open(folder);
    for (let i = 0; i < 50; i++) {
      store.write('a', bytes(`${i}`));
      if (i % 7 === 0) await Promise.resolve();
    }
    await store.flush();
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('49');
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('a folder that went away is told by flush, and comes right when it is back', async () => {
    const folder = join(await temporaryFolder(), 'files');
    const store = await FileStore.open(folder);
    await rename(folder, `${folder}.away`);
    store.write('a', bytes('kept'));
    await expect(store.flush()).rejects.toMatchObject({ code: 'state', message: expect.stringContaining('--state') });
    await rename(`${folder}.away`, folder);
    await store.flush();
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('kept');
  });

  it('a path that is a file is refused with help', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(FileStore.open(file)).rejects.toMatchObject({ code: 'state' });
  });
});
