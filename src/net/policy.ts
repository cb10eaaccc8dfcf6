/** Where a modem may dial. An AT port is a proxy: whoever can write to it can reach what this host can reach. */
import { BlockList, isIP } from 'node:net';
import type { Log } from '../base/log.js';
import { DialError } from './outcome.js';
import type { Route } from './route.js';

/** `any`; `routes`: only what a route names; `loopback`: only this host, after routes and name lookup. */
export type DialPolicy = 'any' | 'routes' | 'loopback';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Before the name lookup: a name that no route has does not even reach a DNS server. */
export function checkRouted(policy: DialPolicy, route: Route | undefined, peer: string, log: Log): void {
  if (policy !== 'routes' || route) return;
  throw denied(peer, 'no route names it', `--route '${peer}=HOST:PORT', or --dial any`, log);
}

export function checkAddresses(policy: DialPolicy, addresses: string[], peer: string, log: Log): string[] {
  if (policy !== 'loopback') return addresses;
  const allowed = addresses.filter(isLoopback);
  if (allowed.length > 0) return allowed;
  throw denied(peer, `${addresses.join(', ')} is not this host`, '--dial any, or a --route to a loopback address', log);
}

function denied(peer: string, why: string, allowWith: string, log: Log): DialError {
  log.warn({ peer, why, allowWith }, `dial to ${peer} denied: ${why}; allow it with ${allowWith}`);
  return new DialError('denied', why);
}
