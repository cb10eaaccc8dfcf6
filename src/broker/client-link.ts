/**
 * How a client came to the embedded broker. Hooks of the broker (authenticate, authorise …) are given its `Client`, whose
 * `conn` is the link that was handed over; `transportOf` reads it from there, so that a cloud may want TLS.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'aedes';

export type ClientTransport = 'tcp' | 'tls' | 'ws' | 'wss';

/** MQTT packets and nothing else, whatever carries them. */
export interface ClientLink extends Duplex {
  readonly transport: ClientTransport;
}

export const transportOf = ({ conn }: Pick<Client, 'conn'>): ClientTransport =>
  (conn as unknown as ClientLink).transport;

/** Who is at the other end, for the log. */
export const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`;
