/**
 * The broker's side of MQTT over WebSocket [MQTT-6]: any path, binary messages, the subprotocol `mqtt` and its name in MQTT
 * 3.1. Loaded with the first client that comes so.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, type WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../base/log.js';

/** In the order in which they are preferred. */
const subprotocols = ['mqtt', 'mqttv3.1'] as const;

export class WebSocketAcceptor {
  /** Listens nowhere: it is handed streams. Its bound on headers is 16 KiB; the caller's deadline ends the rest. */
  readonly #http = createServer();
  readonly #sockets: WebSocketServer;
  readonly #waiting = new Map<Duplex, (link: Duplex) => void>();

  /** @param maximumMessage bytes of one message, which is gathered whole before it is passed on */
  constructor(
    maximumMessage: number,
    private readonly log: Log,
  ) {
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maximumMessage,
      handleProtocols: offered => subprotocols.find(name => offered.has(name)) ?? false,
      verifyClient: ({ req }, answer) =>
        offersMqtt(req) ? answer(true) : answer(false, 400, 'The subprotocol is mqtt [MQTT-6.0.0-3].'),
    });
    this.#http.on('upgrade', (request, stream: Duplex, head) =>
      this.#sockets.handleUpgrade(request, stream, head, webSocket =>
        this.#waiting.get(stream)?.(this.#linkOver(webSocket)),
      ),
    );
    this.#http.on('request', tellWhatThisIs);
  }

  /** The stream begins with an HTTP request. @returns undefined where it ends without an upgrade */
  accept(stream: Duplex): Promise<Duplex | undefined> {
    return new Promise(resolve => {
      if (stream.destroyed) return resolve(undefined);
      this.#waiting.set(stream, link => {
        this.#waiting.delete(stream);
        resolve(link);
      });
      stream.once('close', () => {
        this.#waiting.delete(stream);
        resolve(undefined);
      });
      this.#http.emit('connection', stream);
      stream.resume();
    });
  }

  #linkOver(webSocket: WebSocket): Duplex {
    const link = createWebSocketStream(webSocket);
    link.on('error', error => this.log.debug({ error: error.message }, 'WebSocket link to the broker'));
    webSocket.prependListener('message', (_message, isBinary) => {
      if (!isBinary) link.destroy(new Error('a text message, where MQTT is binary [MQTT-6.0.0-1]'));
    });
    return link;
  }
}

function offersMqtt({ headers }: IncomingMessage): boolean {
  const offered = headers['sec-websocket-protocol']?.split(',').map(name => name.trim()) ?? [];
  return subprotocols.some(name => offered.includes(name));
}

/** For a browser that was pointed here [RFC 9110 15.5.22]. */
function tellWhatThisIs(_request: IncomingMessage, response: ServerResponse): void {
  response
    .writeHead(426, { connection: 'close, upgrade', upgrade: 'websocket', 'content-type': 'text/plain' })
    .end('This is an MQTT broker: it speaks MQTT, plain or over WebSocket, with TLS or without.\n');
}
