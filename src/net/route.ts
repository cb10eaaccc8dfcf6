/**
 * Routes: `HOST[:PORT]=HOST:PORT`. Firmware has a cloud's name burnt in; a route brings it to the broker under test. A route
 * changes where TCP goes and nothing else: TLS still checks the certificate against the name in the AT command, and sends it
 * as SNI.
 */
import { isIP } from 'node:net';
import { OperatorError } from '../base/errors.js';
import { plainName } from './host-name.js';

export interface Route {
  /** Lower case, or `*` for all. */
  host: string;
  /** Absent: any port. */
  port?: number;
  target: 'embedded' | Peer;
}

export interface Peer {
  host: string;
  port: number;
}

export function parseRoute(text: string): Route {
  const equals = text.indexOf('=');
  if (equals < 0) throw badRoute(text, 'there is no `=`');
  const from = splitPeer(text.slice(0, equals));
  if (!from) throw badRoute(text, `\`${text.slice(0, equals)}\` is not HOST[:PORT]`);
  return { host: plainName(from.host), port: from.port, target: parseTarget(text, text.slice(equals + 1)) };
}

/**
 * The most exact route for this peer: a name before `*`, with a port before without; among equals, the first. A name that is
 * only looked up has no port, and any route of that name will do.
 */
export function findRoute(routes: readonly Route[], host: string, port?: number): Route | undefined {
  const name = plainName(host);
  const exactness = (route: Route) => (route.host === '*' ? 0 : 2) + (route.port === undefined ? 0 : 1);
  let best: Route | undefined;
  for (const route of routes) {
    if (route.host !== '*' && route.host !== name) continue;
    if (port !== undefined && route.port !== undefined && route.port !== port) continue;
    if (!best || exactness(route) > exactness(best)) best = route;
  }
  return best;
}

function parseTarget(text: string, target: string): Route['target'] {
  if (target === 'embedded') return 'embedded';
  const peer = splitPeer(target);
  if (!peer || peer.host === '*') throw badRoute(text, `\`${target}\` is neither HOST:PORT nor \`embedded\``);
  if (peer.port === undefined) throw badRoute(text, `the target \`${target}\` has no port`);
  return { host: plainName(peer.host), port: peer.port };
}

function splitPeer(text: string): { host: string; port?: number } | undefined {
  if (isIP(text) === 6) return { host: text };
  const match = /^(\[[^\]\s]+\]|[^:\s[\]]+)(?::(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const [, host = '', digits] = match;
  if (host.startsWith('[') && isIP(host.slice(1, -1)) !== 6) return undefined;
  if (digits === undefined) return { host };
  const port = Number(digits);
  return port >= 1 && port <= 65535 ? { host, port } : undefined;
}

function badRoute(text: string, why: string): OperatorError {
  return new OperatorError('usage', `a route that cannot be read: ${why}`, {
    found: text,
    expected: 'HOST[:PORT]=HOST:PORT, or HOST[:PORT]=embedded; HOST may be * for all',
    hint: 'for example --route mqtt.cloud.example=127.0.0.1:1883',
  });
}
