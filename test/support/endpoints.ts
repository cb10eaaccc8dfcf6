/**
 * What a transcript's routes may name: TLS and WebSocket in front of the proxy, peers that the dialogue scripts, and what
 * only fails. Each is started when first asked for and shared by all transcripts of a run.
 */

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import mqttPacket from 'mqtt-packet';
import { createWebSocketStream, WebSocketServer } from 'ws';
import type { EndpointName } from '../../src/transcripts/transcript.js';
import { certificate, identity } from './certificates.js';
import { turns } from './patience.js';
import { Peers } from './peers.js';
import { type Address, type End, Listener, loopback, relay, reset } from './sockets.js';

/** Takes a caller over: now for plain TCP, or later when TLS or WebSocket is up. */
type Welcome = (caller: End) => void;

export class Endpoints {
  readonly peers = new Peers();
  readonly #started = new Map<string, Promise<Address>>();
  readonly #stops: (() => Promise<void>)[] = [];

  /** @param behind where the endpoints lead, but for the peers */
  constructor(private readonly behind: Address) {}

  address(name: EndpointName): Promise<Address> {
    return this.#once(name, () => this.#start(name));
  }

  /** A broker that refuses every CONNECT with this return code. */
  refusing(code: number): Promise<Address> {
    return this.#once(`refuse-${code}`, () => this.#listen(refusal(code)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#started.values()]);
    this.peers.stop();
    await Promise.all(this.#stops.map(stop => stop()));
  }

  #once(name: string, start: () => Promise<Address>): Promise<Address> {
    const started = this.#started.get(name) ?? start();
    this.#started.set(name, started);
    return started;
  }

  #start(name: EndpointName): Promise<Address> {
    const welcome: Welcome = caller => (name.startsWith('peer') ? this.peers.meet(caller) : this.#passOn(caller));
    switch (name) {
      case 'broker':
        return Promise.resolve(this.behind);
      case 'peer':
        return this.#listen(welcome);
      case 'peer-udp':
        return this.peers.startUdp();
      case 'tls':
      case 'peer-tls':
        return this.#listen(overTls(welcome, identity('server')));
      case 'tls-alpn':
        return this.#listen(overTls(speaking('mqtt', welcome), { ...identity('server'), ALPNProtocols: ['mqtt'] }));
      case 'tls-mutual':
      case 'peer-tls-mutual':
        return this.#listen(overTls(welcome, mutual()));
      case 'tls-expired':
      case 'peer-tls-expired':
        return this.#listen(overTls(welcome, identity('expired')));
      case 'tls-wrong-host':
      case 'peer-tls-wrong-host':
        return this.#listen(overTls(welcome, identity('wrong-host')));
      case 'ws':
        return this.#listen(overWebSocket(welcome));
      case 'wss':
        return this.#listen(overTls(overWebSocket(welcome), identity('server')));
      case 'wss-mutual':
        return this.#listen(overTls(overWebSocket(welcome), mutual()));
      case 'silent':
        return this.#listen(({ stream }) => stream.resume());
      case 'reset':
        return this.#listen(resetting);
      case 'refused':
        return this.#refused();
    }
  }

  async #listen(welcome: Welcome): Promise<Address> {
    const listener = await Listener.start(createServer({ allowHalfOpen: true }));
    listener.server.on('connection', (tcp: Socket) => welcome({ stream: tcp, tcp }));
    this.#stops.push(() => listener.stop());
    return listener.address;
  }

  /** The local port of a link that stays open: taken, so nobody else can come to listen there. */
  async #refused(): Promise<Address> {
    const holder = connect(await this.address('silent'));
    await once(holder, 'connect');
    this.#stops.push(async () => void holder.destroy());
    return { host: loopback, port: holder.localPort! };
  }

  #passOn(caller: End): void {
    const tcp = connect({ ...this.behind, allowHalfOpen: true, noDelay: true });
    relay(caller, { stream: tcp, tcp });
  }
}

/** TLS 1.2, where a missing client certificate ends the handshake. In 1.3 the client learns of it only afterwards. */
const mutual = (): TlsOptions => ({
  ...identity('server'),
  ca: certificate('ca.pem'),
  maxVersion: 'TLSv1.2',
  requestCert: true,
  rejectUnauthorized: true,
});

/** A server for each caller, which knows the TCP socket under it: the way to pass a reset on. */
function overTls(welcome: Welcome, options: TlsOptions): Welcome {
  return ({ tcp }) => {
    const server = createTlsServer(options, stream => {
      stream.on('error', () => {});
      welcome({ stream, tcp });
    });
    server.on('tlsClientError', () => tcp.destroy());
    server.emit('connection', tcp);
  };
}

/** Only callers that offered this protocol in the handshake [RFC 7301]. */
function speaking(protocol: string, welcome: Welcome): Welcome {
  return caller => {
    if ((caller.stream as TLSSocket).alpnProtocol === protocol) welcome(caller);
    else caller.stream.end();
  };
}

/** Any path, but only the subprotocol `mqtt` [MQTT-6.0.0-3]. */
function overWebSocket(welcome: Welcome): Welcome {
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: offered => (offered.has('mqtt') ? 'mqtt' : false),
    verifyClient: ({ req }: { req: { headers: NodeJS.Dict<string | string[]> } }) =>
      String(req.headers['sec-websocket-protocol'] ?? '')
        .split(/, */)
        .includes('mqtt'),
  });
  return ({ stream, tcp }) => {
    const http = createHttpServer();
    http.on('upgrade', (request, socket: Duplex, head) =>
      sockets.handleUpgrade(request, socket, head, webSocket => {
        welcome({ stream: createWebSocketStream(webSocket), tcp });
      }),
    );
    http.emit('connection', stream);
  };
}

/** When the caller has seen the link open. */
const resetting: Welcome = async caller => {
  await turns(2);
  reset(caller);
};

/** CONNACK with the code, then the end of the link [MQTT-3.2.2-5]. */
function refusal(code: number): Welcome {
  return ({ stream }) => {
    const parser = mqttPacket.parser();
    parser.on('packet', packet => {
      if (packet.cmd === 'connect') stream.end(Buffer.from([0x20, 0x02, 0x00, code]));
    });
    parser.on('error', () => stream.destroy());
    stream.on('data', (chunk: Buffer) => void parser.parse(chunk));
    stream.on('end', () => stream.end());
  };
}
