/** The socket operations: from a grammar's arguments to the core's sockets. */
import type { Result } from '../../grammar/exchange.js';
import { textOf, type Value } from '../../grammar/values.js';
import type { LinkKind } from '../../sockets/link.js';
import type { SocketRequest } from '../../sockets/opening.js';
import type { UdpMode } from '../../sockets/udp-link.js';
import { bufferOf, bytesOf, numberOf, optionalNumber, textFrom } from '../argument-values.js';
import { linkDials, linksChanged } from '../ip-links.js';
import type { LinkSlot } from '../links.js';
import type { Modem } from '../modem.js';
import type { Arguments, DialectContext, RunOperation } from '../operation.js';
import { done } from '../operation.js';
import { reachSoon } from '../reach-soon.js';
import { readTls } from '../tls-options.js';

const slotOf = ({ modem, scope }: DialectContext): LinkSlot => modem.links.of(scope.address.link ?? modem.links.first);

const open: RunOperation = async (args, context) => {
  const { modem, scope } = context;
  const index = scope.address.link ?? modem.links.first;
  if (!Number.isInteger(index)) return { outcome: 'none-free' };
  if (modem.links.isBusy(index)) return { outcome: 'already' };
  const slot = modem.links.of(index);
  const request = requestOf(args, context);
  if ('missing' in request) {
    modem.log.warn({ file: request.missing }, 'TLS needs a file that is not there');
    return { outcome: 'no-file', cause: request.missing };
  }
  slot.owner = context.channel ?? slot.owner;
  slot.host = bytesOf(args.host);
  slot.cid = optionalNumber(args.cid, 1);
  slot.server = undefined;
  if (args.again !== undefined) {
    slot.socket.persist(request, numberOf(args.again, 1) * 1000);
    return { outcome: 'connecting' };
  }
  const reach = await reachSoon(modem);
  if (reach.state === 'offline') return { outcome: 'no-network', cause: reach.why };
  return dialFor(slot, request, context);
};

async function dialFor(slot: LinkSlot, request: SocketRequest, { modem }: DialectContext): Promise<Result> {
  linkDials(modem);
  const result = await slot.socket.open(request);
  const { kind, port } = request;
  modem.log.info({ link: slot.index, kind, host: slot.host, port, ...result }, 'socket');
  linksChanged(modem);
  return result;
}

const modes: Readonly<Record<string, UdpMode>> = { 0: 'fixed', 1: 'changes-once', 2: 'changes' };

function requestOf(args: Arguments, context: DialectContext): SocketRequest | { missing: string } {
  const kind = kindOf(args.kind);
  const tls = kind === 'tls' ? readTls(args, context) : undefined;
  if (tls && 'missing' in tls) return tls;
  return {
    kind,
    host: textFrom(args.host) ?? bytesOf(args.host),
    port: numberOf(args.port, 0),
    local: numberOf(args.local, 0),
    mode: modes[textOf(args.mode)] ?? 'fixed',
    keepalive: numberOf(args.keepalive, 0),
    tls,
    within: context.within,
  };
}

const kindOf = (value: Value): LinkKind => {
  const kind = textOf(value);
  return kind === 'udp' || kind === 'tls' ? kind : 'tcp';
};

const send: RunOperation = async (args, context) => {
  const { modem, channel } = context;
  const { index, socket } = slotOf(context);
  const bytes = bufferOf(args.bytes);
  const to =
    args.host === undefined || args.host === ''
      ? undefined
      : { host: textFrom(args.host) ?? bytesOf(args.host), port: numberOf(args.port, 0) };
  const buffer = optionalNumber(args.buffer, 0);
  const room = () => (buffer === undefined ? undefined : Math.max(0, buffer - socket.queued));
  if (socket.state === 'connected' && bytes.length > (room() ?? bytes.length)) return { outcome: 'full', room: room() };
  const sending = socket.send(bytes, to);
  channel?.sends(sending);
  const outcome = await (buffer === undefined || to ? sending : Promise.race([sending, buffered(modem)]));
  modem.log.debug({ link: index, bytes: bytes.length, outcome }, 'socket: send');
  return { outcome, count: outcome === 'sent' ? bytes.length : 0, room: room() };
};

/** Turns that a reset which is here already takes to be seen; what the system has not taken by then is in the buffer. */
const patience = 4;

async function buffered({ clock }: Modem): Promise<'sent'> {
  for (let turn = 0; turn < patience; turn++) await new Promise<void>(resolve => clock.soon(resolve));
  return 'sent';
}

const read: RunOperation = (args, context) => {
  const { socket } = slotOf(context);
  if (!socket.isOpen && socket.inbox.bytes === 0) return { outcome: 'not-open' };
  const taken = socket.read(numberOf(args.length, Number.MAX_SAFE_INTEGER));
  if (!taken) return { outcome: 'empty', rest: socket.inbox.bytes };
  const { bytes, address, port } = taken;
  return {
    outcome: 'read',
    bytes: bytes.toString('latin1'),
    length: bytes.length,
    rest: socket.inbox.bytes,
    address,
    port,
  };
};

/** Where the command names a link, the server takes that number; where it names a server, that is its own. */
const listen: RunOperation = (args, { modem, scope, channel }) => {
  const { link, server } = scope.address;
  if (link !== undefined && modem.links.isBusy(link)) return { outcome: 'already' };
  const most = numberOf(args.most, Number.MAX_SAFE_INTEGER);
  const named = { number: server, link, cid: optionalNumber(args.cid, 1) };
  return modem.links.listen(numberOf(args.port, 0), most, channel, named);
};

const unlisten: RunOperation = (args, { modem, scope }) => {
  const { links } = modem;
  const { server } = scope.address;
  const port = server === undefined ? optionalNumber(args.port, 0) : links.servers.of(server)?.port;
  if (server !== undefined && port === undefined) return { outcome: 'not-open' };
  return links.unlisten(port) === 'done' ? done : { outcome: 'not-open' };
};

const close: RunOperation = async (_, context) => {
  const { modem, scope } = context;
  const { link } = scope.address;
  if (link !== undefined && modem.links.servers.close(server => server.link === link).length > 0)
    return { outcome: 'closed' };
  const slot = slotOf(context);
  const outcome = await modem.links.hangUp(slot);
  linksChanged(modem);
  return { outcome };
};

export const socketOperations = {
  'socket.open': open,
  'socket.listen': listen,
  'socket.unlisten': unlisten,
  'socket.send': send,
  'socket.read': read,
  'socket.close': close,
} satisfies Record<string, RunOperation>;
