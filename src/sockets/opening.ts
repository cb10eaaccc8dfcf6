/** From what a host asks for to an open link: TCP and TLS by the dialler, UDP by a socket of its own. Named outcomes. */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Dialling, DialRequest } from '../net/dial.js';
import type { Located } from '../net/locate.js';
import { DialError, type DialFailure } from '../net/outcome.js';
import type { Peer } from '../net/route.js';
import type { Fate, Stream } from '../net/shaped-link.js';
import type { TlsRequest } from '../net/tls.js';
import type { Link, LinkEvents, LinkKind } from './link.js';
import { ShapedDatagrams } from './shaped-datagrams.js';
import { StreamLink } from './stream-link.js';
import { openUdp, type UdpMode } from './udp-link.js';

export interface SocketRequest {
  kind: LinkKind;
  /** A name or an address, as the AT command has it; empty for UDP without a peer of its own. */
  host: string;
  port: number;
  /** Of this side, for UDP; 0: any. */
  local: number;
  mode: UdpMode;
  /** Seconds of silence before TCP asks whether the peer is there; 0: the system's. */
  keepalive: number;
  tls: TlsRequest | undefined;
  /** Milliseconds for the whole dial; undefined: the dialler's. */
  within: number | undefined;
}

export interface SocketEnvironment {
  clock: Clock;
  log: Log;
  dial: (request: DialRequest) => Dialling;
  locate: (host: string, port: number, signal: AbortSignal) => Promise<Located>;
  /** What a fault may do to datagrams on their way; undefined: nothing. */
  fate?: (host: string, port: number) => Fate | undefined;
  /** Where strangers may reach a UDP port of the module. */
  openAddress: string;
}

export type Opened = { link: Link } | { outcome: DialFailure | 'port-taken'; cause: string };

export interface Opening {
  done: Promise<Opened>;
  cancel(): void;
}

export function open(request: SocketRequest, env: SocketEnvironment, events: LinkEvents): Opening {
  return request.kind === 'udp' ? openDatagrams(request, env, events) : openStream(request, env, events);
}

function openStream(request: SocketRequest, env: SocketEnvironment, events: LinkEvents): Opening {
  const { kind, host, port, tls, within, keepalive } = request;
  const dialling = env.dial({ host, port, transport: kind === 'tls' ? 'tls' : 'tcp', tls, within });
  const done = dialling.done.then((outcome): Opened => {
    if (outcome.outcome !== 'linked') return outcome;
    const stream = outcome.link as Stream; // TCP and TLS are sockets; WebSocket is not asked for here
    if (keepalive > 0) stream.setKeepAlive(true, keepalive * 1000);
    const reset = outcome.reset ?? (() => stream.destroy());
    const { address } = outcome;
    return {
      link: new StreamLink(
        { kind: kind === 'tls' ? 'tls' : 'tcp', stream, address, port: outcome.port, reset, clock: env.clock },
        events,
      ),
    };
  });
  return { done, cancel: () => dialling.cancel() };
}

function openDatagrams(request: SocketRequest, env: SocketEnvironment, events: LinkEvents): Opening {
  const caller = new AbortController();
  const { host, port, local, mode } = request;
  const find = async (): Promise<Opened> => {
    try {
      const peer = host === '' ? undefined : await peerOf(host, port, env, caller.signal);
      const fate = env.fate?.(host, port);
      const udp = (heard: LinkEvents) => openUdp({ peer, local, mode, open: env.openAddress, log: env.log }, heard);
      return { link: fate ? await ShapedDatagrams.around(udp, { fate, clock: env.clock, events }) : await udp(events) };
    } catch (error) {
      if (error instanceof DialError) return { outcome: error.outcome, cause: error.cause };
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return { outcome: 'port-taken', cause: message };
    }
  };
  return {
    done: find(),
    cancel: () => caller.abort(new DialError('cancelled', 'the dial was cancelled')),
  };
}

async function peerOf(host: string, port: number, env: SocketEnvironment, signal: AbortSignal): Promise<Peer> {
  const located = await env.locate(host, port, signal);
  return { host: located.addresses[0]!, port: located.port };
}
