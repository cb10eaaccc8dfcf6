/** A name looked up for a host, without a dial: routes and the dial policy count as they do for one. */
import type { Result } from '../grammar/exchange.js';
import type { DialEnvironment } from '../net/dial.js';
import { lookUpName } from '../net/locate.js';
import { DialError } from '../net/outcome.js';

export async function lookUp(name: string, env: DialEnvironment): Promise<Result> {
  try {
    const [address] = await lookUpName(name, env, new AbortController().signal);
    return { outcome: 'resolved', address };
  } catch (error) {
    if (!(error instanceof DialError)) throw error;
    return { outcome: error.outcome === 'denied' ? 'denied' : 'not-found' };
  }
}
