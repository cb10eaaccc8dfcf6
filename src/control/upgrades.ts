/** WebSockets of the API: live events and terminals. An upgrade is judged like any request, before anything is opened. */
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { EventStream } from './event-stream.js';
import { ControlFailure, failureOf } from './failure.js';
import { LiveFeed } from './live-feed.js';
import type { Rig } from './routes/route.js';
import { Terminals } from './terminals.js';
import type { WatchedModem } from './watched-modem.js';

/** Event streams at a time. */
const mostStreams = 64;
/** Bytes of one message of a client: it types, or says nothing. */
const longestMessage = 64 * 1024;

/** What is to be opened. */
type Wanted = { kind: 'terminal'; of: WatchedModem } | { kind: 'events'; of?: WatchedModem; after?: number };

export class Upgrades {
  readonly terminals = new Terminals();
  /** Event streams that were cut because they were too slow. */
  cut = 0;
  readonly #rig: Rig;
  readonly #feed: LiveFeed;
  readonly #streams = new Set<EventStream>();
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: longestMessage,
  });

  constructor(rig: Rig) {
    this.#rig = rig;
    this.#feed = new LiveFeed(rig.monitor, rig.target.clock);
  }

  get streams(): number {
    return this.#streams.size;
  }

  /** As the `upgrade` event of a server has it. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Whoever was here before took its listener away.
    stream.on('error', () => stream.destroy());
    let wanted: Wanted;
    try {
      wanted = this.#wantedBy(request);
    } catch (error) {
      return refuse(stream, failureOf(error));
    }
    this.#server.handleUpgrade(request, stream, head, socket => this.#opened(socket, wanted, request));
  }

  stop(): void {
    this.#feed.stop();
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  /** @throws ControlFailure */
  #wantedBy(request: IncomingMessage): Wanted {
    const { method = '', headers } = request;
    const { pathname: path, searchParams: query } = addressOf(request);
    const { host, origin, authorization, cookie } = headers;
    const asked = { method, path, host, origin, contentType: headers['content-type'], authorization, cookie };
    const refusal = this.#rig.access.refusal(asked);
    if (refusal) throw refusal;
    if (headers.upgrade?.toLowerCase() !== 'websocket')
      throw new ControlFailure('bad-request', 'no other protocol is spoken here', { expected: 'Upgrade: websocket' });
    const [, terminalOf] = /^\/api\/modems\/([^/]+)\/terminal$/.exec(path) ?? [];
    if (terminalOf !== undefined) return this.#wantedTerminal(terminalOf);
    if (path === '/api/events') return this.#wantedEvents(query);
    throw new ControlFailure('not-found', 'there is no WebSocket at this path', {
      found: path.slice(0, 200),
      expected: '/api/events or /api/modems/NAME/terminal',
    });
  }

  #wantedTerminal(encoded: string): Wanted {
    const of = this.#rig.monitor.get(decoded(encoded));
    this.terminals.requireRoom(of.modem);
    return { kind: 'terminal', of };
  }

  #wantedEvents(query: URLSearchParams): Wanted {
    const name = query.get('modem');
    const after = query.get('after');
    if (after !== null && !/^\d{1,15}$/.test(after))
      throw new ControlFailure('bad-request', '`after` cannot be that', { expected: 'the number of a line' });
    if (this.streams >= mostStreams)
      throw new ControlFailure('busy', 'too many listen to events', { found: `${mostStreams}`, hint: 'Close one.' });
    if (name === null) return { kind: 'events' };
    return { kind: 'events', of: this.#rig.monitor.get(name), after: after === null ? undefined : Number(after) };
  }

  #opened(socket: WebSocket, wanted: Wanted, { socket: { remoteAddress, remotePort } }: IncomingMessage): void {
    const { log } = this.#rig.target;
    socket.on('error', error => log.debug({ error: error.message }, 'WebSocket of the control API'));
    if (wanted.kind === 'events') return this.#stream(socket, wanted.of, wanted.after);
    this.terminals
      .open(socket, wanted.of.modem, `${remoteAddress}:${remotePort}`)
      .catch((error: Error) => log.error({ err: error }, 'a bug in atmodem: a terminal did not end well'));
  }

  #stream(socket: WebSocket, of: WatchedModem | undefined, after: number | undefined): void {
    const { clock, log } = this.#rig.target;
    const stream = new EventStream(socket, clock, () => {
      this.cut += 1;
      log.warn({ cut: this.cut }, 'a client of the live events does not read them: cut');
    });
    this.#streams.add(stream);
    const leave = this.#feed.join(stream, of, after);
    socket.on('close', () => {
      this.#streams.delete(stream);
      leave();
    });
  }
}

/** Of the request; nothing but path and query is taken from it. */
function addressOf({ url = '/' }: IncomingMessage): URL {
  try {
    return new URL(url, 'http://localhost');
  } catch {
    throw new ControlFailure('bad-request', 'the address is not understood', { found: url.slice(0, 200) });
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function refuse(stream: Duplex, { status, body, code }: ControlFailure): void {
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...(code === 'unauthorized' ? ['WWW-Authenticate: Bearer'] : []),
  ];
  stream.once('finish', () => (stream as Socket).destroySoon?.());
  stream.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
