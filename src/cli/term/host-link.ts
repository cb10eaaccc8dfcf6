/** The host's side of a port, for a terminal: a line to a module, in the byte strings of the house. */
import { type ByteString, fromBuffer, toBuffer } from '../../base/bytes.js';
import { openLine } from '../../recording/module-line.js';
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

const hint = 'Is atmodem running, and is no other program on the port? `atmodem run` says where its ports are.';

/** @throws OperatorError (port) */
export async function openHostLink(address: Address, baud: number, events: HostLinkEvents): Promise<HostLink> {
  const line = await openLine(
    address.kind === 'device' ? { ...address, baud } : address,
    { bytes: chunk => events.bytes(fromBuffer(chunk)), drained: () => {}, lost: events.lost },
    hint,
  );
  return { name: line.name, write: bytes => void line.write(toBuffer(bytes)), close: () => line.close() };
}
