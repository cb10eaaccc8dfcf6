/** A file written as a whole: all of it fits, or what was there stays. In pieces that the store can take. */
import type { ByteString } from '../../base/bytes.js';
import type { FileStore, WriteOutcome } from '../../store/files.js';

const piece = 8 * 1024;

export function writeWhole(files: FileStore, name: ByteString, bytes: Buffer): WriteOutcome {
  const old = files.size(name);
  if (bytes.length > files.free + (old.outcome === 'done' ? old.size : 0)) return 'no-space';
  for (let at = 0; at === 0 || at < bytes.length; at += piece) {
    const outcome = files.write(name, bytes.subarray(at, at + piece), { append: at > 0 });
    if (outcome !== 'done') return outcome;
  }
  return 'done';
}
