/** Files and folders that other processes may meet half-way: what is written here is there whole, or not at all. */
import { type FileHandle, link, mkdir, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** `ENOENT` and its like; empty for what is no error of the system. */
export const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException | undefined)?.code ?? '';

/** With its parents, for this user alone. Not by mkdir's `recursive`: where a folder takes none (/proc), that tries for ever. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT' && !(await isFolder(dirname(path)))) {
      await makeFolder(dirname(path));
      // Not mkdir: another process may have made it meanwhile.
      await makeFolder(path);
    } else if (codeOf(cause) !== 'EEXIST' || !(await isFolder(path))) throw cause;
  }
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    found => found.isDirectory(),
    () => false,
  );

/** A new file, for this user alone, that survives a crash from the moment this resolves. */
export async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await withHandle(await open(path, 'wx', 0o600), async handle => {
    await handle.writeFile(bytes);
    await handle.sync();
  });
}

/** Makes a rename or a link last. Some systems cannot sync a folder; there it is as good as it gets. */
export async function syncFolder(folder: string): Promise<void> {
  await withHandle(await open(folder, 'r'), async handle => {
    try {
      await handle.sync();
    } catch (cause) {
      if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP'].includes(codeOf(cause))) throw cause;
    }
  });
}

/** Gives a finished file a second name, unless another process was first. Says whether it did. */
export async function linked(file: string, name: string): Promise<boolean> {
  try {
    await link(file, name);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw cause;
  }
}

async function withHandle(handle: FileHandle, use: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await use(handle);
  } finally {
    await handle.close();
  }
}
