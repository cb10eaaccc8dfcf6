/** The far end of a TCP link: takes and sends a pattern of every byte value, and checks each byte that comes. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Address, loopback, portOf } from '../../support/sockets.js';
import { isPattern, pattern } from '../pattern.js';
import { serve } from '../remote.js';

const links: Socket[] = [];
const server = createServer({ noDelay: true }, link => {
  link.on('error', () => {});
  links.push(link);
});

/** The newest. */
const link = (): Socket => links.at(-1)!;

const api = {
  listen: async (): Promise<Address> => {
    server.listen(0, loopback);
    await once(server, 'listening');
    return { host: loopback, port: portOf(server) };
  },
  /** Resolves when so many bytes of the pattern have come. Throws at one that is none of it. */
  take: (length: number): Promise<void> =>
    new Promise((resolve, reject) => {
      let have = 0;
      const arrived = (chunk: Buffer) => {
        if (!isPattern(chunk, have)) reject(new Error(`other bytes than were sent, near ${have}`));
        have += chunk.length;
        if (have < length) return;
        link().off('data', arrived);
        resolve();
      };
      link().on('data', arrived);
    }),
  pour: (length: number): void => void link().write(pattern(length)),
  /** Throws away what comes: for round trips. */
  swallow: (): void => void link().resume(),
};

export type LinkPeerApi = typeof api;

serve(api);
