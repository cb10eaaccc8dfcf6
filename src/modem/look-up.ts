/** A name looked up for a host, without a dial: routes and the dial policy count as they do for one. */
import type { Result } from '../grammar/exchange.js';
import type { DialEnvironment } from '../net/dial.js';
import { DialError } from '../net/outcome.js';
import { checkAddresses, checkRouted } from '../net/policy.js';
import { resolveName } from '../net/resolve.js';
import { findRoute } from '../net/route.js';

export async function lookUp(name: string, env: DialEnvironment): Promise<Result> {
  const route = findRoute(env.routes, name);
  try {
    checkRouted(env.policy, route, name, env.log);
    const target = route?.target === 'embedded' ? env.embedded?.()?.host : route?.target.host;
    const { signal } = new AbortController();
    const addresses = await resolveName(target ?? name, env.names, { signal, clock: env.clock });
    return { outcome: 'resolved', address: checkAddresses(env.policy, addresses, name, env.log)[0] };
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    return { outcome: error.outcome === 'denied' ? 'denied' : 'not-found' };
  }
}
