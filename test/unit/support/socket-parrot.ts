/**
 * A small modem with plain sockets that the peers of a replay are tested on. Its links count from 1 as it opens them, and
 * it tells at its port what comes on each.
 *
 * | line | what it does after `OK` |
 * |---|---|
 * | `AT+TCP=HOST`, `AT+TLS=HOST`, `AT+UDP=HOST` | opens a link: `CONNECT N`. `AT+TLS=HOST,bare` shows no certificate |
 * | `AT+LISTEN=PORT` | lets callers in: `CALLER N` |
 * | `AT+SEND=N,TEXT`, `AT+LATER=N,TEXT` | sends, at once or when 500 ms have passed |
 * | `AT+ANSWER=N,TEXT` | over UDP: sends to where the last datagram came from |
 * | `AT+FILE=N,NAME` | sends a file of the transcript's |
 * | `AT+COUNT=N,SIZE` | takes so many bytes of 0 to 255 over and over: `COUNTED N` |
 * | `AT+PORT=N`, `AT+PORT=N,PORT` | the peer's port of a link: `PORT N PORT`; is it this one? `RIGHT` |
 * | `AT+END=N`, `AT+DROP=N`, `AT+RESET=N` | FIN; FIN, and the socket is gone; RST |
 */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { fromBuffer } from '../../../src/base/bytes.js';
import type { MemoryPort } from '../../../src/ports/memory.js';
import { certificate, identity } from '../../support/certificates.js';
import { type Address, loopback, portOf, reset } from '../../support/sockets.js';
import type { CreateTestModem } from '../../support/test-modem.js';
import { openParrotPorts, say, sayingFaults } from './parrot-port.js';

interface Link {
  /** The peer's. */
  port(): number | undefined;
  send(bytes: Buffer): void;
  /** Over UDP. */
  answer?(bytes: Buffer): void;
  /** Over TCP and TLS. */
  end?(): void;
  /** Over TCP and TLS. */
  reset?(): void;
  destroy(): void;
  /** What `AT+COUNT` still waits for. */
  count?: { taken: number; size: number };
}

export const createSocketParrot: CreateTestModem = async ({ channels, clock, content, routes }) => {
  const links: Link[] = [];
  const servers = new Map<number, Server>();

  /** @param tcp under the stream, where it is TLS */
  function addStream(port: MemoryPort, stream: Socket, tcp = stream): number {
    const link: Link = {
      port: () => stream.remotePort,
      send: bytes => void stream.write(bytes),
      end: () => void stream.end(),
      reset: () => reset({ stream, tcp }),
      destroy: () => void stream.destroy(),
    };
    const number = links.push(link);
    stream.setNoDelay(true);
    stream.on('data', chunk => heard(port, number, link, chunk));
    stream.on('end', () => say(port, `CLOSED ${number}`));
    stream.on('error', ({ code }: NodeJS.ErrnoException) => say(port, `FAILED ${number} ${shorter(code)}`));
    return number;
  }

  function heard(port: MemoryPort, number: number, { count }: Link, chunk: Buffer): void {
    if (!count) return say(port, `+RX ${number}: ${fromBuffer(chunk)}`);
    const wrong = chunk.findIndex((byte, index) => byte !== ((count.taken + index) & 0xff));
    if (wrong >= 0) return say(port, `MISCOUNTED ${number} at ${count.taken + wrong}`);
    count.taken += chunk.length;
    if (count.taken === count.size) say(port, `COUNTED ${number}`);
  }

  function dialTcp(port: MemoryPort, address: Address): void {
    const socket = connect(address);
    const number = addStream(port, socket);
    socket.on('connect', () => say(port, `CONNECT ${number}`));
  }

  function dialTls(port: MemoryPort, address: Address, device: Partial<ReturnType<typeof identity>>): void {
    const tcp = connect(address);
    const socket = connectTls({ socket: tcp, ca: certificate('ca.pem'), servername: 'broker.example', ...device });
    const number = addStream(port, socket, tcp);
    socket.on('secureConnect', () => say(port, `CONNECT ${number}`));
  }

  function bindUdp(port: MemoryPort, address: Address): void {
    const socket = createSocket('udp4');
    let from: RemoteInfo | undefined;
    const number = links.push({
      port: () => from?.port,
      send: bytes => socket.send(bytes, address.port, address.host),
      answer: bytes => socket.send(bytes, from?.port, from?.address),
      destroy: () => void socket.close(),
    });
    socket.on('message', (datagram, sender) => {
      from = sender;
      const place = sender.port === address.port ? '' : ' from elsewhere';
      say(port, `+RX ${number}${place}: ${fromBuffer(datagram)}`);
    });
    socket.bind(0, loopback, () => say(port, `CONNECT ${number}`));
  }

  function listen(port: MemoryPort, atPort: number): void {
    const server = createServer(socket => say(port, `CALLER ${addStream(port, socket)}`));
    servers.set(atPort, server.listen(0, loopback));
  }

  function answer(port: MemoryPort, line: string): void {
    const [command = '', argument = ''] = line.split('=');
    const [first = '', text = ''] = argument.split(',');
    const address = routes.find(({ pattern }) => pattern === first) ?? routes[0]!;
    const link = links[Number(first) - 1];
    say(port, 'OK');
    if (command === 'AT+TCP') dialTcp(port, address);
    if (command === 'AT+TLS') dialTls(port, address, text === 'bare' ? {} : identity('client'));
    if (command === 'AT+UDP') bindUdp(port, address);
    if (command === 'AT+LISTEN') listen(port, Number(first));
    if (command === 'AT+SEND') link?.send(Buffer.from(text));
    if (command === 'AT+FILE') link?.send(content(text));
    if (command === 'AT+LATER') clock.after(500, () => link?.send(Buffer.from(text)));
    if (command === 'AT+ANSWER') link?.answer?.(Buffer.from(text));
    if (command === 'AT+COUNT' && link) link.count = { taken: 0, size: Number(text) };
    if (command === 'AT+PORT')
      say(port, text === '' ? `PORT ${first} ${link?.port()}` : text === `${link?.port()}` ? 'RIGHT' : 'WRONG');
    if (command === 'AT+END') link?.end?.();
    if (command === 'AT+DROP') link?.destroy();
    if (command === 'AT+RESET') link?.reset?.();
  }

  const ports = await openParrotPorts(channels, answer);
  return {
    ports,
    lineEnd: '\r',
    faults: sayingFaults(ports[0]!),
    listeningAt: port => {
      const server = servers.get(port);
      return server && { host: loopback, port: portOf(server) };
    },
    async stop() {
      for (const link of links) link.destroy();
      for (const server of servers.values()) server.close();
    },
  };
};

/** OpenSSL names the alert by the version of TLS that knew it first, or by none. */
const shorter = (code = '') => code.replace(/^ERR_SSL_.*_(?=ALERT_)/, '');
