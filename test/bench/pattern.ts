/** Bytes that show what is lost, doubled or moved: every value, with a period that no buffer size divides. */
const period = 251 * 256;
const once = Buffer.from(Array.from({ length: period }, (_, i) => (i + Math.floor(i / 256)) % 256));
const twice = Buffer.concat([once, once]);

export function pattern(length: number): Buffer {
  const all = Buffer.alloc(length);
  for (let at = 0; at < length; at += period) once.copy(all, at);
  return all;
}

/** @param at of the first of these bytes in the whole */
export function isPattern(bytes: Buffer, at: number): boolean {
  for (let done = 0; done < bytes.length; ) {
    const from = (at + done) % period;
    const count = Math.min(period, bytes.length - done);
    if (twice.compare(bytes, done, done + count, from, from + count) !== 0) return false;
    done += count;
  }
  return true;
}
