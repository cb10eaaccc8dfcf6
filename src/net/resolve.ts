/**
 * From a host name to addresses, IPv4 first, as the modules do. Real names go through c-ares, which waits on sockets and not
 * on libuv's threads; each lookup has its own resolver, so that stopping one stops no other.
 */
import { Resolver } from 'node:dns';
import { isIP, isIPv4 } from 'node:net';
import type { Clock } from '../base/clock.js';
import { stoppable, within } from './deadline.js';
import { asciiName } from './host-name.js';
import { HostsFile } from './hosts-file.js';
import { DialError } from './outcome.js';

export interface NameService {
  /** How long one lookup may take, in ms. */
  within?: number;
  /** Instead of the system's DNS servers; `address` or `address:port`. */
  servers?: readonly string[];
  hostsFile?: string;
}

const defaultWithin = 5_000;
const systemHosts = new HostsFile('/etc/hosts');

export async function resolveName(
  host: string,
  service: NameService | undefined,
  { signal, clock }: { signal: AbortSignal; clock: Clock },
): Promise<string[]> {
  const name = asciiName(host);
  if (name === undefined) throw new DialError('dns-failed', `${JSON.stringify(host)} is not a host name`);
  if (isIP(name) !== 0) return [name];
  const known = wellKnown(name, service);
  if (known) return known;

  const ms = service?.within ?? defaultWithin;
  const late = new DialError('dns-failed', `no answer about ${host} within ${ms} ms`);
  return within({ signal, clock }, ms, late, inner => askServers(name, service?.servers, inner));
}

/** Names that need no server. `.invalid` never resolves and `.localhost` always means this host [RFC 6761 6.3, 6.4]. */
function wellKnown(name: string, service: NameService | undefined): string[] | undefined {
  const hosts = service?.hostsFile === undefined ? systemHosts : new HostsFile(service.hostsFile);
  const listed = hosts.addresses(name);
  if (listed.length > 0) return ipv4First(listed);
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  if (name === 'invalid' || name.endsWith('.invalid')) {
    throw new DialError('dns-failed', `${name}: names under .invalid do not exist`);
  }
  return undefined;
}

async function askServers(name: string, servers: readonly string[] | undefined, signal: AbortSignal) {
  try {
    return await ask(name, 4, servers, signal);
  } catch (error) {
    if (!(error instanceof NoSuchRecord)) throw error;
    return ask(name, 6, servers, signal).catch(second => {
      throw second instanceof NoSuchRecord ? new DialError('dns-failed', `${name} has no address`) : second;
    });
  }
}

/** The name exists, but not with this family's record: the other family may have it. */
class NoSuchRecord extends Error {}

function ask(name: string, family: 4 | 6, servers: readonly string[] | undefined, signal: AbortSignal) {
  return stoppable<string[]>(signal, (resolve, reject) => {
    const resolver = new Resolver({ timeout: 2_000, tries: 3 });
    if (servers) resolver.setServers(servers);
    const answered = (error: NodeJS.ErrnoException | null, addresses: string[]) => {
      if (!error && addresses.length > 0) resolve(addresses);
      else if (!error || error.code === 'ENODATA') reject(new NoSuchRecord());
      else reject(new DialError('dns-failed', `${name}: ${error.message}`));
    };
    if (family === 4) resolver.resolve4(name, answered);
    else resolver.resolve6(name, answered);
    return () => resolver.cancel();
  });
}

function ipv4First(addresses: string[]): string[] {
  return [...addresses.filter(isIPv4), ...addresses.filter(address => !isIPv4(address))];
}
