/** Servers on 127.0.0.1 with a port of the system's choice, closed with all their sockets when the test ends. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

export function listenTcp(accept: (socket: Socket) => void): Promise<number> {
  return listen(createServer(accept));
}

export async function listenTls(options: TlsOptions, accept: (socket: TLSSocket) => void = () => {}): Promise<number> {
  const server = createTlsServer(options, socket => {
    socket.on('error', () => {});
    accept(socket);
  });
  server.on('tlsClientError', () => {});
  return listen(server);
}

/** A port on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
