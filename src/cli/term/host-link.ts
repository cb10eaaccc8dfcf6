/** The host's side of a port: a device, raw and without echo, or a connection. It moves bytes and knows no AT. */
import { connect, type Socket } from 'node:net';
import { type ByteString, fromBuffer, toBuffer } from '../../base/bytes.js';
import { OperatorError } from '../../base/errors.js';
import type { Address } from './address.js';

export interface HostLink {
  /** As people call it. */
  readonly name: string;
  write(bytes: ByteString): void;
  close(): Promise<void>;
}

export interface HostLinkEvents {
  bytes(bytes: ByteString): void;
  /** The other side is gone. Never after `close`. */
  lost(reason: string): void;
}

/** @throws OperatorError (port) */
export function openHostLink(address: Address, baud: number, events: HostLinkEvents): Promise<HostLink> {
  switch (address.kind) {
    case 'device':
      return openDevice(address.path, baud, events);
    case 'tcp':
      return openSocket(`${address.host}:${address.port}`, connect({ ...address, noDelay: true }), events);
    case 'unix':
      return openSocket(address.path, connect(address.path), events);
  }
}

/** serialport sets the line raw, which a plain open would not: a terminal that echoes answers the modem with its own words. */
async function openDevice(path: string, baudRate: number, events: HostLinkEvents): Promise<HostLink> {
  const { SerialPort } = await import('serialport');
  const port = new SerialPort({ path, baudRate, autoOpen: false });
  let isOpen = true;
  const lost = (reason: string) => {
    if (isOpen) events.lost(reason);
    isOpen = false;
  };
  port.on('data', (chunk: Buffer) => events.bytes(fromBuffer(chunk)));
  port.on('error', error => lost(error.message));
  port.on('close', () => lost('it was closed'));
  await new Promise<void>((resolve, reject) =>
    port.open(error => (error ? reject(cannotOpen(path, error)) : resolve())),
  );
  return {
    name: path,
    write: bytes => void port.write(toBuffer(bytes)),
    close: async () => {
      // A port that is closed never drains: it would wait to be opened.
      if (!isOpen) return;
      isOpen = false;
      await new Promise<void>(resolve => port.drain(() => port.close(() => resolve())));
    },
  };
}

async function openSocket(name: string, socket: Socket, events: HostLinkEvents): Promise<HostLink> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', error => reject(cannotOpen(name, error)));
  });
  let isOpen = true;
  const lost = (reason: string) => {
    if (isOpen) events.lost(reason);
    isOpen = false;
  };
  socket.on('data', chunk => events.bytes(fromBuffer(chunk)));
  socket.on('error', error => lost(error.message));
  socket.on('close', () => lost('it was closed'));
  return {
    name,
    write: bytes => void socket.write(toBuffer(bytes)),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await new Promise<void>(resolve => socket.end(resolve));
    },
  };
}

const cannotOpen = (name: string, cause: Error) =>
  new OperatorError('port', `cannot open ${name}`, {
    found: cause.message,
    hint: 'Is atmodem running, and is no other program on the port? `atmodem run` says where its ports are.',
    cause,
  });
