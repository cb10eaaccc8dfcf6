/** From here on this process asks a DNS server that never answers: what a name looks like whose server is gone. */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns';
import { once } from 'node:events';
import { loopback } from './sockets.js';

/** Every resolver is bent to it, since modems have no setting for their DNS servers. @returns a function that ends it */
export async function hangNames(): Promise<() => void> {
  const silent = createSocket('udp4').unref();
  silent.bind(0, loopback);
  await once(silent, 'listening');
  const server = `${loopback}:${silent.address().port}`;
  const { resolve4, resolve6 } = Resolver.prototype;
  Object.assign(Resolver.prototype, { resolve4: askSilent(resolve4), resolve6: askSilent(resolve6) });
  return () => {
    Object.assign(Resolver.prototype, { resolve4, resolve6 });
    silent.close();
  };

  function askSilent(resolve: (...args: never[]) => void) {
    return function (this: Resolver, ...args: never[]) {
      this.setServers([server]);
      resolve.apply(this, args);
    };
  }
}
