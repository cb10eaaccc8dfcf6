import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StateFolder, storeInMemory } from '../../../src/store/state-folder.js';
import { temporaryFolder } from './temporary.js';

const inUse = { code: 'state', message: expect.stringContaining('in use') };

/** A process of another id that lives until it is told to end. */
async function otherProcess(): Promise<{ pid: number; end(): Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log("up")'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    pid: child.pid!,
    end: async () => {
      const ended = once(child, 'exit');
      child.stdin.end();
      child.kill();
      await ended;
    },
  };
}

describe('a state folder', () => {
  it('keeps each modem’s files and settings apart, over a restart', async () => {
    const path = join(await temporaryFolder(), 'new', 'state');
    const first = await StateFolder.open(path);
    for (const name of ['lock', '../b', 'B']) {
      const { files, flash } = await first.module(name);
      files.write('who', Buffer.from(name));
      flash.set('who', name);
    }
    await first.close();
    expect((await readdir(path)).sort()).toEqual(['%2e.%2fb', '%42', 'lock']);

    const second = await StateFolder.open(path);
    for (const name of ['lock', '../b', 'B']) {
      const { files, flash } = await second.module(name);
      expect(files.read('who')).toMatchObject({ bytes: Buffer.from(name) });
      expect(flash.get('who')).toBe(name);
    }
    await second.close();
  });

  it('belongs to one daemon at a time, in this process', async () => {
    const path = await temporaryFolder();
    const first = await StateFolder.open(path);
    await expect(StateFolder.open(path)).rejects.toMatchObject(inUse);
    await first.close();
    await first.close();
    await (await StateFolder.open(path)).close();
    expect(await readdir(path)).toEqual([]);
  });

  it('belongs to one daemon at a time, in another process, until that ends', async () => {
    const path = await temporaryFolder();
    const other = await otherProcess();
    await writeFile(join(path, '.lock'), JSON.stringify({ pid: other.pid, started: '' }));
    await expect(StateFolder.open(path)).rejects.toMatchObject({
      ...inUse,
      details: { found: expect.stringContaining(`${other.pid}`) },
    });
    await other.end();
    const mine = await StateFolder.open(path);
    expect(JSON.parse(await readFile(join(path, '.lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    await mine.close();
  });

  it.each([
    ['garbage', 'not json'],
    ['an impossible owner', '{"pid":-1}'],
    ['our own id from a former life', JSON.stringify({ pid: process.pid, started: '' })],
  ])('with a lock that is %s is taken over', async (_, text) => {
    const path = await temporaryFolder();
    await writeFile(join(path, '.lock'), text);
    const mine = await StateFolder.open(path);
    expect(await readdir(path)).toEqual(['.lock']);
    await mine.close();
  });

  it.runIf(process.platform === 'linux')(
    'with a lock whose id now belongs to somebody else is taken over',
    async () => {
      const path = await temporaryFolder();
      const other = await otherProcess();
      await writeFile(join(path, '.lock'), JSON.stringify({ pid: other.pid, started: '1' }));
      await (await StateFolder.open(path)).close();
      await other.end();
    },
  );

  it('gives one of many callers the lock', async () => {
    const path = await temporaryFolder();
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => StateFolder.open(path)));
    const won = opened.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []));
    expect(won).toHaveLength(1);
    await won[0]!.close();
  });

  it('cannot lie where the kernel takes no folders, and says so at once', async () => {
    await expect(StateFolder.open('/proc/atmodem/state')).rejects.toMatchObject({ code: 'state' });
  });

  it('is not needed: a module’s store lives in memory too', async () => {
    const { files, flash, close } = storeInMemory({ capacity: 5 });
    expect(files.write('a', Buffer.alloc(6))).toBe('no-space');
    expect(flash.set('a', 1)).toBe('done');
    await close();
  });
});
