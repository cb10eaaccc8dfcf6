/** The socket operations: from a grammar's arguments to the core's sockets. */
import type { Result } from '../../grammar/exchange.js';
import { textOf, type Value } from '../../grammar/values.js';
import type { LinkKind } from '../../sockets/link.js';
import type { SocketRequest } from '../../sockets/opening.js';
import type { UdpMode } from '../../sockets/udp-link.js';
import { bufferOf, bytesOf, numberOf, optionalNumber, textFrom } from '../argument-values.js';
import { linkDials, linksChanged } from '../ip-links.js';
import type { LinkSlot } from '../links.js';
import type { Arguments, DialectContext, RunOperation } from '../operation.js';
import { done } from '../operation.js';
import { reachSoon } from '../reach-soon.js';
import { readTls } from '../tls-options.js';

const slotOf = ({ modem, scope }: DialectContext): LinkSlot => modem.links.of(scope.address.link ?? modem.links.first);

const open: RunOperation = async (args, context) => {
  const { modem, scope } = context;
  const index = scope.address.link ?? modem.links.first;
  if (!Number.isInteger(index)) return { outcome: 'none-free' };
  const slot = modem.links.of(index);
  if (slot.socket.isOpen) return { outcome: 'already' };
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
  const slot = slotOf(context);
  const bytes = bufferOf(args.bytes);
  const to =
    args.host === undefined || args.host === ''
      ? undefined
      : { host: textFrom(args.host) ?? bytesOf(args.host), port: numberOf(args.port, 0) };
  const sending = slot.socket.send(bytes, to);
  channel?.sends(sending);
  const outcome = await sending;
  modem.log.debug({ link: slot.index, bytes: bytes.length, outcome }, 'socket: send');
  return { outcome, count: outcome === 'sent' ? bytes.length : 0 };
};

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

const close: RunOperation = async (_, context) => {
  const { modem } = context;
  const slot = slotOf(context);
  const outcome = await slot.socket.close();
  linksChanged(modem);
  return { outcome };
};

const unlisten: RunOperation = (args, { modem, scope }) => {
  const { links } = modem;
  const { server } = scope.address;
  const port = server === undefined ? optionalNumber(args.port, 0) : links.servers.of(server)?.port;
  if (server !== undefined && port === undefined) return { outcome: 'not-open' };
  return links.unlisten(port) === 'done' ? done : { outcome: 'not-open' };
};

export const socketOperations = {
  'socket.open': open,
  'socket.listen': (args, { modem, channel, scope }) =>
    modem.links.listen(numberOf(args.port, 0), numberOf(args.most, Number.MAX_SAFE_INTEGER), channel, {
      number: scope.address.server,
      cid: optionalNumber(args.cid, 1),
    }),
  'socket.unlisten': unlisten,
  'socket.send': send,
  'socket.read': read,
  'socket.close': close,
} satisfies Record<string, RunOperation>;
