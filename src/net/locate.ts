/**
 * Where a name leads, before anything is sent there: route, dial policy, name lookup. Every way out of a modem (a dial, a
 * datagram, a name that is only asked for) goes through here, so that none gets round the policy.
 */
import type { DialEnvironment } from './dial.js';
import { DialError } from './outcome.js';
import { checkAddresses, checkRouted } from './policy.js';
import { resolveName } from './resolve.js';
import { findRoute, type Peer } from './route.js';

export interface Located {
  /** At least one, IPv4 first. */
  addresses: string[];
  /** The route's port, where one leads elsewhere. */
  port: number;
}

/** @throws DialError: `denied`, `refused` (a route to a broker that does not run), `dns-failed` */
export async function locate(host: string, port: number, env: DialEnvironment, signal: AbortSignal): Promise<Located> {
  const peer = routed(host, port, env);
  const addresses = await resolveName(peer.host, env.names, { signal, clock: env.clock });
  return { addresses: checkAddresses(env.policy, addresses, `${host}:${port}`, env.log), port: peer.port };
}

/** @throws DialError: `denied`, `refused` */
export function routed(host: string, port: number, env: DialEnvironment): Peer {
  const route = findRoute(env.routes, host, port);
  checkRouted(env.policy, route, `${host}:${port}`, env.log);
  if (!route) return { host, port };
  if (route.target !== 'embedded') return route.target;
  const embedded = env.embedded?.();
  if (!embedded) throw new DialError('refused', `${host}:${port} is routed to the embedded broker, which does not run`);
  return embedded;
}
