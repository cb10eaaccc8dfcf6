/** MQTT over WebSocket [MQTT-6.0.0]: binary messages, subprotocol `mqtt`, on a link that is already there. */
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { stoppable } from './deadline.js';
import { asciiName } from './host-name.js';
import { DialError } from './outcome.js';

export interface WebSocketRequest {
  host: string;
  port: number;
  path: string | undefined;
  secure: boolean;
}

/** A broker may put many MQTT packets into one message; this bounds what one message may cost. */
export const maximumMessage = 4 * 1024 * 1024;

export async function openWebSocket(socket: Socket, request: WebSocketRequest, signal: AbortSignal): Promise<Duplex> {
  const address = websocketAddress(request);
  const { WebSocket, createWebSocketStream } = await import('ws');
  return stoppable<Duplex>(signal, (resolve, reject) => {
    const ws = new WebSocket(address, ['mqtt'], {
      createConnection: () => socket,
      maxPayload: maximumMessage,
      perMessageDeflate: false,
    });
    // The stream must exist before 'open': a broker's first message may come in the same chunk as its 101.
    const link = createWebSocketStream(ws);
    link.on('error', error => reject(new DialError('refused', `WebSocket: ${error.message}`)));
    link.once('close', () => reject(new DialError('refused', 'WebSocket: the server closed the link')));
    ws.once('open', () => resolve(link));
    return () => link.destroy();
  });
}

export function websocketAddress({ host, port, path = '', secure }: WebSocketRequest): URL {
  const name = asciiName(host);
  if (name === undefined) throw new DialError('refused', `WebSocket: ${JSON.stringify(host)} is not a host name`);
  const url = new URL(`${secure ? 'wss' : 'ws'}://${isIPv6(name) ? `[${name}]` : name}:${port}`);
  const query = path.indexOf('?');
  // Set part by part: a `#` or a space in the host's path is escaped instead of ending it.
  url.pathname = (query < 0 ? path : path.slice(0, query)).replace(/^\/*/, '/');
  if (query >= 0) url.search = path.slice(query);
  return url;
}
