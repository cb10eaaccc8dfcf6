/** What a grammar can ask of the sockets of a modem. */
import { utf8ToBytes } from '../base/bytes.js';
import type { Entry, Value } from '../grammar/values.js';
import type { Address } from '../grammar/vocabulary.js';
import type { LinkSlot } from './links.js';
import type { Modem } from './modem.js';
import { nameOf } from './servers.js';

type Fact = (modem: Modem, address: Address) => Value;

const slotOf = (modem: Modem, { link }: Address): LinkSlot | undefined => modem.links.ifAny(link ?? modem.links.first);

/** Of the link addressed; `otherwise` while it was never opened. */
const of =
  (read: (slot: LinkSlot) => Value, otherwise?: Value): Fact =>
  (modem, address) => {
    const slot = slotOf(modem, address);
    return slot ? read(slot) : otherwise;
  };

/** The open ones that facts count: those of a second set stand apart. */
const numbered = ({ links }: Modem): LinkSlot[] => links.open.filter(({ index }) => links.indexes.includes(index));

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
  'socket.open': modem => numbered(modem).length,
  'socket.connected': ({ links }) => links.indexes.map(index => links.ifAny(index)?.socket.state === 'connected'),
  'socket.free': modem => modem.links.free,
  'socket.server': of(({ server }) => server && nameOf(server)),
  'server.state': (modem, { server }) => (modem.links.servers.of(server) ? 'listening' : 'idle'),
  'server.port': (modem, { server }) => modem.links.servers.of(server)?.port,
  'server.callers': (modem, { server }) => modem.links.callers(server).length,
};

const entry = (link: number): Entry => ({ fields: { link }, address: { link } });

export const socketLists: Readonly<Record<string, (modem: Modem, address: Address) => Entry[]>> = {
  'socket.links': modem => numbered(modem).map(({ index }) => entry(index)),
  'socket.slots': modem => modem.links.indexes.map(entry),
  'pdp.links': (modem, { cid }) =>
    modem.links.indexes.filter(link => modem.links.cidOf(link) === (cid ?? 1)).map(entry),
  'server.all': modem =>
    modem.links.servers.all.map(server => ({
      fields: { server: nameOf(server), port: server.port },
      address: server.number === undefined ? {} : { server: server.number },
    })),
};
