/**
 * A UDP "link" of a module: a local port and a peer to send to. Modules differ in what a datagram from somebody else does to
 * the peer; that is the mode. A service has no peer: each datagram is sent to the one that it names.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Log } from '../base/log.js';
import { isLoopback } from '../net/policy.js';
import type { Peer } from '../net/route.js';
import type { Link, LinkEvents } from './link.js';

/** What a datagram from another peer changes: nothing, the peer once, or the peer each time. */
export type UdpMode = 'fixed' | 'changes-once' | 'changes';

export interface UdpRequest {
  /** Undefined: a service. */
  peer: Peer | undefined;
  /** 0: any free one. */
  local: number;
  mode: UdpMode;
  /** The address on which strangers may reach the module: `127.0.0.1` unless the operator said otherwise. */
  open: string;
  log: Log;
}

/** Datagrams handed to the system and not yet taken, in bytes: past it more are lost, as on a full radio. */
const mostQueued = 256 * 1024;

/** Of those that a service has sent to, so many may answer from beyond this host. */
const mostKnown = 64;

/** Rejects with the system's error where the port cannot be had. */
export function openUdp(request: UdpRequest, events: LinkEvents): Promise<UdpLink> {
  const family = isIPv6(request.peer?.host ?? '') ? 'udp6' : 'udp4';
  const socket = createSocket(family);
  return new Promise((resolve, reject) => {
    socket.once('error', error => {
      socket.close();
      reject(error);
    });
    socket.bind({ port: request.local, address: bindAddress(request), exclusive: true }, () => {
      socket.removeAllListeners('error');
      resolve(new UdpLink(socket, request, events));
    });
  });
}

/** A peer on this host is met on loopback, where nobody else can write to the port. */
function bindAddress({ peer, open }: UdpRequest): string | undefined {
  if (!peer) return isLoopback(open) ? undefined : open;
  if (!isLoopback(peer.host)) return undefined;
  if (isLoopback(open)) return peer.host === '::1' ? '::1' : '127.0.0.1';
  return open;
}

export class UdpLink implements Link {
  readonly kind = 'udp';
  readonly local: number;
  readonly #socket: Socket;
  readonly #request: UdpRequest;
  readonly #events: LinkEvents;
  /** Addresses that datagrams were sent to, the last ones. */
  readonly #known = new Set<string>();
  #peer: Peer | undefined;
  #mode: UdpMode;
  #queued = 0;
  #state: 'open' | 'over' = 'open';
  #isPaused = false;

  constructor(socket: Socket, request: UdpRequest, events: LinkEvents) {
    this.#socket = socket;
    this.#request = request;
    this.#events = events;
    this.#peer = request.peer;
    this.#mode = request.mode;
    this.local = socket.address().port;
    socket.on('message', (bytes, from) => this.#arrived(bytes, from));
    // An ICMP "port unreachable" comes as an error; a module's UDP does not notice.
    socket.on('error', error => request.log.debug({ error: error.message }, 'udp'));
  }

  get address(): string {
    return this.#peer?.host ?? '';
  }

  get port(): number {
    return this.#peer?.port ?? 0;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Nobody tells whether a datagram arrived: one that the system refuses is lost like one on the way. */
  send(bytes: Buffer, to: Peer | undefined = this.#peer): Promise<'sent' | 'lost'> {
    if (this.#state === 'over' || !to) return Promise.resolve('lost');
    if (this.#queued + bytes.length > mostQueued) return Promise.resolve('sent');
    this.#know(to.host);
    this.#queued += bytes.length;
    return new Promise(resolve => {
      this.#socket.send(bytes, to.port, to.host, error => {
        this.#queued -= bytes.length;
        if (error) this.#request.log.debug({ error: error.message }, 'udp: not sent');
        if (this.#queued === 0 && this.#state === 'open') this.#events.drained();
        resolve('sent');
      });
    });
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  close(): Promise<void> {
    this.reset();
    return Promise.resolve();
  }

  reset(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#socket.close();
  }

  #arrived(bytes: Buffer, { address, port }: RemoteInfo): void {
    if (this.#state === 'over' || this.#isPaused || !this.#isWelcome(address)) return;
    if (this.#peer && this.#mode !== 'fixed') {
      this.#peer = { host: address, port };
      if (this.#mode === 'changes-once') this.#mode = 'fixed';
    }
    this.#events.arrived({ bytes, address, port });
  }

  /** From beyond this host only who is sent to may write, unless the operator opened the module to others. */
  #isWelcome(address: string): boolean {
    return (
      isLoopback(address) || this.#known.has(address) || address === this.#peer?.host || !isLoopback(this.#request.open)
    );
  }

  #know(address: string): void {
    this.#known.delete(address);
    this.#known.add(address);
    if (this.#known.size > mostKnown) this.#known.delete(this.#known.values().next().value!);
  }
}
