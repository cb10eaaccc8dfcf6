/** A TCP server of a module: who calls it becomes a link. Listens where the operator's rules say, loopback unless told. */
import { createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../base/log.js';
import type { ListenPlace } from '../net/listen.js';

export interface SocketServer {
  /** The port that the AT command named. */
  readonly port: number;
  /** Where it really listens. */
  readonly place: ListenPlace;
  close(): void;
}

/** Rejects with the system's error where the port cannot be had. */
export async function listen(
  port: number,
  place: ListenPlace,
  log: Log,
  called: (caller: Socket) => void,
): Promise<SocketServer> {
  const server = createServer({ noDelay: true, keepAlive: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: place.host, port: place.port }, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', error => log.error({ error: error.message }, 'the module’s server'));
  server.on('connection', caller => {
    caller.on('error', error => log.debug({ error: error.message }, 'a caller of the module’s server'));
    called(caller);
  });
  const bound = boundAt(server, place);
  log.info({ port, host: bound.host, at: bound.port }, 'the module listens');
  return { port, place: bound, close: () => void server.close() };
}

function boundAt(server: Server, place: ListenPlace): ListenPlace {
  const address = server.address();
  return address === null || typeof address === 'string' ? place : { host: place.host, port: address.port };
}
