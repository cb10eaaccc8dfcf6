/** Messages that prove by their bytes which one they are, and that none is lost, doubled or out of order. */
import { type ByteString, fromBuffer } from '../../src/base/bytes.js';

/** Noise of every byte value, CR and LF among them; each payload is a window of it behind the message's number. */
const noise = makeNoise(64 * 1024);

export function numberedPayload(index: number, size: number): Buffer {
  const payload = Buffer.from(noise.subarray((index * 97) % (noise.length - size)).subarray(0, size));
  payload.writeUInt32BE(index);
  return payload;
}

/** As a luat module reports it with MQTTMSGSET=0. */
export function reportOf(topic: string, payload: Buffer): ByteString {
  return `\r\n+MSUB: "${topic}",${payload.length} byte,${fromBuffer(payload)}\r\n`;
}

/** Takes reports from what a port sends, one after the other, and throws at the first wrong byte. */
export class ReportChecker {
  count = 0;

  constructor(
    readonly topic: string,
    readonly size: number,
  ) {}

  /** @returns what is left of `bytes`: the beginning of the next report */
  take(bytes: ByteString): ByteString {
    let at = 0;
    for (;;) {
      const expected = reportOf(this.topic, numberedPayload(this.count, this.size));
      if (bytes.length - at < expected.length) return bytes.slice(at);
      if (!bytes.startsWith(expected, at)) throw new Error(`report ${this.count} is not what was published`);
      at += expected.length;
      this.count += 1;
    }
  }
}

/** xorshift32: the same noise in every run. */
function makeNoise(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = 0x9e3779b9;
  for (let i = 0; i < size; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state & 0xff;
  }
  return bytes;
}
