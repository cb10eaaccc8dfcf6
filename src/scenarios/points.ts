/** Where a fault can strike. Each kind is numbered from 1, a modem, in the order in which a run meets it. */
import type { UrcPlace } from '../modem/fault-seam.js';
import type { DialStep } from '../net/fault.js';

export type PointKind =
  /** A byte to the host, from the host; a burst of bytes to it, as the modem wrote it in one go. */
  | 'line.out'
  | 'line.in'
  | 'line.write'
  /** A command is about to be executed. */
  | 'at.command'
  /** A place where a module may write a URC though its manual does not let it. */
  | `at.${UrcPlace}`
  /** A step of a dial, before it is done. */
  | `net.${DialStep}`
  /** A broker accepts a client. */
  | 'net.connack'
  /** Bytes that come or go on a link at once; a datagram. */
  | 'net.in'
  | 'net.out';

export interface MetPoint {
  point: PointKind;
  n: number;
  /** Of bytes that are met at once: the number of the last. */
  last?: number;
  /** `+MPUB`, `broker.example:1883`, `12 bytes`; never content. */
  what: string;
  /** The AT channel from 0, where it is one's. */
  channel?: number;
  /** The faults that struck here, by name. */
  struck?: readonly string[];
}

/** What points are, in a table for people. */
export const pointTitles: Readonly<Record<PointKind, string>> = {
  'line.out': 'a byte to the host',
  'line.in': 'a byte from the host',
  'line.write': 'bytes that the modem writes in one go',
  'at.command': 'a command is about to be executed; `AT` alone is one',
  'at.echo': 'the first byte of a line was echoed',
  'at.before': 'the first line of an answer is about to be written',
  'at.between': 'the final result is about to be written behind information',
  'at.prompt': 'a prompt is half written',
  'net.dns': 'a name is looked up; an address is none',
  'net.tcp': 'a TCP connection is made',
  'net.tls': 'a TLS handshake begins',
  'net.websocket': 'a WebSocket is opened on a link',
  'net.connack': 'a broker has accepted a client',
  'net.in': 'bytes come on a link at once, or a datagram',
  'net.out': 'bytes are sent on a link at once, or a datagram',
};
