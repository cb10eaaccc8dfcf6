/**
 * Where a name leads, before anything is sent there: route, dial policy, name lookup. Every way out of a modem (a dial, a
 * datagram, a name that is only asked for) goes through here, so that none gets round the policy.
 */
import type { DialEnvironment, EmbeddedPeer } from './dial.js';
import { type LinkPoint, meetFault } from './fault.js';
import { DialError } from './outcome.js';
import { checkAddresses, checkRouted } from './policy.js';
import { resolveName } from './resolve.js';
import { findRoute } from './route.js';

export interface Located {
  /** At least one, IPv4 first. */
  addresses: string[];
  /** The route's, where one leads elsewhere. */
  port: number;
}

/** @throws DialError: `denied`, `refused` (a route to a broker that does not run), `dns-failed` */
export async function locate(host: string, port: number, env: DialEnvironment, signal: AbortSignal): Promise<Located> {
  const peer = routed(host, port, env);
  const point: LinkPoint = { host, port, transport: 'udp' };
  return { addresses: await addressesOf(peer.host, point, env, signal), port: peer.port };
}

/** Of a name that is only asked for: without a port any route of it will do. @throws DialError as `locate` */
export async function lookUpName(name: string, env: DialEnvironment, signal: AbortSignal): Promise<string[]> {
  const route = findRoute(env.routes, name);
  checkRouted(env.policy, route, name, env.log);
  const target = route?.target === 'embedded' ? env.embedded?.()?.host : route?.target.host;
  return addressesOf(target ?? name, { host: name, port: 0, transport: 'udp' }, env, signal);
}

/** @param asked what the AT command names, where a fault may strike */
export async function addressesOf(
  host: string,
  asked: LinkPoint,
  env: DialEnvironment,
  signal: AbortSignal,
): Promise<string[]> {
  await meetFault({ step: 'dns', ...asked }, env, signal);
  const { names, clock, policy, log } = env;
  const addresses = await resolveName(host, names, { signal, clock });
  return checkAddresses(policy, addresses, asked.port === 0 ? asked.host : `${asked.host}:${asked.port}`, log);
}

/** @throws DialError: `denied`, `refused` */
export function routed(host: string, port: number, env: DialEnvironment): EmbeddedPeer {
  const route = findRoute(env.routes, host, port);
  checkRouted(env.policy, route, `${host}:${port}`, env.log);
  if (!route) return { host, port };
  if (route.target !== 'embedded') return route.target;
  const embedded = env.embedded?.();
  if (!embedded) throw new DialError('refused', `${host}:${port} is routed to the embedded broker, which does not run`);
  return embedded;
}
