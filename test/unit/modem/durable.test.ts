/** With a state folder, OK means that the disk has it: nothing is lost even if the daemon is killed in that instant. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../store/temporary.js';
import { ModemUnderTest } from './modem-under-test.js';

/** Every file under the folder, as a restart after a SIGKILL in this turn would find it. */
function onDisk(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('at the OK', () => {
  it('a file is on disk', async () => {
    const state = await temporaryFolder();
    const { host } = await ModemUnderTest.start('luat', { state });
    await host.dialogue('AT+FSCREATE="a.txt"', '\r\nOK\r\n');
    for (let round = 0; round < 20; round++) {
      await host.dialogue(`AT+FSWRITE="a.txt",0,8,15`, '\r\n>');
      host.types(`round${String(round).padStart(3, '0')}`);
      await host.expects('\r\nOK\r\n');
      expect(onDisk(state)).toContain(`round${String(round).padStart(3, '0')}`);
    }
  });

  it('a saved profile is on disk', async () => {
    const state = await temporaryFolder();
    const { host } = await ModemUnderTest.start('v250', { state });
    await host.dialogue('ATS7=37&W', '\r\nOK\r\n');
    expect(onDisk(state)).toContain('37');
  });
});
