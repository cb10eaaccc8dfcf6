/** What a grammar can ask of the sockets of a modem. */
import { utf8ToBytes } from '../base/bytes.js';
import type { Entry, Value } from '../grammar/values.js';
import type { Address } from '../grammar/vocabulary.js';
import type { LinkSlot } from './links.js';
import type { Modem } from './modem.js';

type Fact = (modem: Modem, address: Address) => Value;

const slotOf = (modem: Modem, { link }: Address): LinkSlot | undefined => modem.links.ifAny(link ?? modem.links.first);

/** Of the link addressed; `otherwise` while it was never opened. */
const of =
  (read: (slot: LinkSlot) => Value, otherwise?: Value): Fact =>
  (modem, address) => {
    const slot = slotOf(modem, address);
    return slot ? read(slot) : otherwise;
  };

export const socketFacts: Readonly<Record<string, Fact>> = {
  'socket.state': of(({ socket }) => socket.state, 'idle'),
  'socket.kind': of(({ socket }) => socket.kind),
  'socket.role': of(({ socket }) => socket.role, 'client'),
  'socket.host': of(({ host }) => utf8ToBytes(host)),
  'socket.address': of(({ socket }) => socket.peer?.host),
  'socket.port': of(({ socket }) => socket.peer?.port ?? socket.request?.port),
  'socket.local': of(({ socket }) => socket.localPort, 0),
  'socket.cid': (modem, { link }) => modem.links.cidOf(link ?? modem.links.first),
  'socket.channel': (modem, { link }) => {
    const owner = modem.links.ownerOf(link ?? modem.links.first);
    return owner && owner.index + 1;
  },
  'socket.waiting': of(({ socket }) => socket.inbox.bytes, 0),
  'socket.sent': of(({ socket }) => socket.traffic.sent, 0),
  'socket.received': of(({ socket }) => socket.traffic.received, 0),
  'socket.read': of(({ socket }) => socket.traffic.read, 0),
  'socket.delivered': of(({ socket }) => socket.traffic.sent - socket.queued, 0),
  'socket.unsent': of(({ socket }) => socket.queued, 0),
  'socket.online': of(({ online }) => online !== undefined, false),
  'socket.open': modem => modem.links.open.length,
  'socket.free': modem => modem.links.free,
  'server.state': modem => (modem.links.servers.last ? 'listening' : 'idle'),
  'server.port': modem => modem.links.servers.last?.port,
};

const entry = (link: number): Entry => ({ fields: { link }, address: { link } });

export const socketLists: Readonly<Record<string, (modem: Modem, address: Address) => Entry[]>> = {
  'socket.links': modem => modem.links.open.map(({ index }) => entry(index)),
  'socket.slots': modem => modem.links.indexes.map(entry),
  'pdp.links': (modem, { cid }) =>
    modem.links.indexes.filter(link => modem.links.cidOf(link) === (cid ?? 1)).map(entry),
};
