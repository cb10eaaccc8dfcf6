/**
 * One open link of a module, whatever carries it: TCP, TLS or UDP. Bytes in, bytes out, and once how it ended. Who opened
 * it, and what any of it looks like on the AT port, is not known here.
 */
import type { Peer } from '../net/route.js';

export type LinkKind = 'tcp' | 'udp' | 'tls';

/**
 * How a link ended that this side did not close: by the peer's FIN, its RST, the network under it, or because nothing
 * passed for as long as a server lets a caller be silent.
 */
export type LossCause = 'peer-closed' | 'reset' | 'network' | 'idle';

/** Bytes that came, and from whom: for UDP it may be another than the peer. */
export interface Arrival {
  bytes: Buffer;
  address: string;
  port: number;
}

export interface LinkEvents {
  arrived(arrival: Arrival): void;
  /** All that was sent is with the system: `queued` is 0 again. */
  drained(): void;
  /** Once, unless this side ended the link. */
  lost(cause: LossCause): void;
}

export interface Link {
  readonly kind: LinkKind;
  /** Of the peer, where the link really goes. */
  readonly address: string;
  readonly port: number;
  readonly local: number;
  /** Bytes sent that the system has not taken yet. */
  readonly queued: number;
  /** Done when the system has the bytes. @param to another peer, for this datagram alone */
  send(bytes: Buffer, to?: Peer): Promise<'sent' | 'lost'>;
  /** Stops reading: the peer waits, or its datagrams are lost. */
  pause(): void;
  resume(): void;
  /** In order: what was sent still leaves. A peer that does not take it within `linger` ms is not waited for. */
  close(): Promise<void>;
  /** As a power cut does. */
  reset(): void;
}
