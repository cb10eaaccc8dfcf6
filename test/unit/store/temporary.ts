import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder of this test's own, gone after it. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'atmodem-store-'));
  made.push(folder);
  return folder;
}

/** Every file and folder below, as relative paths. */
export const everythingIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true })).sort();
