/** Peers that are no honest client: a raw socket, and TLS as bytes to send over it. */
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';

/** Connected to that port of loopback, with these bytes sent; what comes back is thrown away. */
export async function stranger(port: number, ...bytes: (Buffer | string)[]): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  for (const each of bytes) socket.write(each);
  return socket.resume();
}

/** Resolves when it is closed, with an error or without. */
export function closed(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    if (socket.closed) resolve();
    socket.on('error', () => {}).once('close', () => resolve());
  });
}

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
    connectTls({ ...options, socket, rejectUnauthorized: false }).on('error', () => {});
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
