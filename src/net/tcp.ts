/** TCP, to the first of some addresses that answers. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '../base/clock.js';
import { stoppable, within } from './deadline.js';
import { DialError, dialErrorFrom } from './outcome.js';

/** One silent address of several must not use up the whole dial. */
const perAddress = 10_000;

export async function connectFirst(
  addresses: readonly string[],
  port: number,
  stop: { signal: AbortSignal; clock: Clock },
): Promise<{ socket: Socket; address: string }> {
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new DialError('refused', `${port} is not a TCP port`);
  let first: DialError | undefined;
  for (const address of addresses) {
    try {
      const socket = await connectOne(address, port, stop, addresses.length > 1);
      return { socket, address };
    } catch (error) {
      if (stop.signal.aborted) throw stop.signal.reason;
      // The first failure is told: it is the IPv4 address, the one that the module itself would have used.
      first ??= dialErrorFrom(error, `TCP to ${address}:${port}`);
    }
  }
  throw first ?? new DialError('dns-failed', 'no address to connect to');
}

function connectOne(address: string, port: number, stop: { signal: AbortSignal; clock: Clock }, oneOfSeveral: boolean) {
  if (!oneOfSeveral) return begin(address, port, stop.signal);
  const late = new DialError('timeout', `TCP to ${address}:${port}: no answer within ${perAddress} ms`);
  return within(stop, perAddress, late, signal => begin(address, port, signal));
}

function begin(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return stoppable<Socket>(signal, (resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    // Stays for the socket's life: whoever owns it next may listen too, but an error never goes unheard.
    socket.on('error', reject);
    socket.once('connect', () => resolve(socket));
    return () => socket.destroy();
  });
}
