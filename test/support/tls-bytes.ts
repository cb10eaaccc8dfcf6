/** TLS as bytes, for peers that misbehave: what an honest client would send first, and the alert of one that walks away. */
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';

/** The record with the ClientHello of a client with these options. */
export function clientHello(options: ConnectionOptions): Promise<Buffer> {
  return new Promise(resolve => {
    const socket = new Duplex({
      read() {},
      write(chunk: Buffer, _encoding, done) {
        resolve(chunk);
        done();
      },
    });
    connect({ ...options, socket, rejectUnauthorized: false }).on('error', () => {});
  });
}

/** Fatal, in the clear, as in TLS 1.2 before keys are agreed on [RFC 5246 7.2]. */
export const fatalAlert = (description: number): Buffer => Buffer.from([0x15, 3, 3, 0, 2, 2, description]);

export const unknownCa = 48;

/** A ClientHello that announces this many bytes, and as much of it as `sent`, in records as long as they may be. */
export function longHello(announced: number, sent: number): Buffer {
  const body = Buffer.alloc(sent + 4);
  body[0] = 1;
  body.writeUIntBE(announced, 1, 3);
  const records: Buffer[] = [];
  for (let at = 0; at < body.length; at += 0x4000) {
    const part = body.subarray(at, at + 0x4000);
    records.push(Buffer.from([0x16, 3, 1, part.length >> 8, part.length & 0xff]), part);
  }
  return Buffer.concat(records);
}
