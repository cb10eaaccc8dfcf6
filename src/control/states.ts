/** What a modem is in, as the API tells it: a summary for a list of a thousand, and all of one. Reads; changes nothing. */
import type { Channel } from '../modem/channel.js';
import type { ClientSlot } from '../modem/clients.js';
import type { LinkSlot } from '../modem/links.js';
import type { Modem } from '../modem/modem.js';
import { domains } from '../network/registration.js';
import type {
  ActiveFault,
  CellularDetail,
  ChannelDetail,
  ClientDetail,
  LinkDetail,
  ModemDetail,
  ModemSummary,
  WifiDetail,
} from './messages.js';
import { registrationWord } from './registration-words.js';

/** What the modem itself does not know. */
export interface Beside {
  faults: readonly ActiveFault[];
  /** Lines of its dialogue so far. */
  lines: number;
}

export function summaryOf(modem: Modem, { faults, lines }: Beside): ModemSummary {
  const { name, dialect, surroundings, clients, links } = modem;
  const first = modem.channels[0]?.port;
  return {
    name,
    dialect: dialect.name,
    power: modem.isOn ? 'on' : 'off',
    port: first?.path ?? '',
    attached: first?.isAttached ?? false,
    bearer: dialect.bearer,
    online: surroundings.isOnline,
    network: networkOf(modem),
    dbm: dbmOf(modem),
    mqtt: clients.named.filter(isUp).length,
    links: links.named.filter(({ socket }) => socket.isOpen).length,
    faults: faults.length,
    lines,
  };
}

export function detailOf(modem: Modem, beside: Beside): ModemDetail {
  const { dialect, surroundings } = modem;
  const { reach } = surroundings;
  const { imei, imsi, iccid, mac } = surroundings.identity;
  return {
    ...summaryOf(modem, beside),
    family: dialect.family,
    title: dialect.title,
    timing: modem.timing,
    channels: modem.channels.map(channelOf),
    ...(dialect.bearer === 'cellular' ? { cellular: cellularOf(modem) } : { wifi: wifiOf(modem) }),
    ...(reach.state === 'online' ? { address: reach.address } : { offline: reach.why }),
    identity: { imei, imsi, iccid, mac },
    clients: modem.clients.named.map(clientOf),
    sockets: modem.links.named.map(linkOf),
    activeFaults: [...beside.faults],
  };
}

/** MQTT clients that are connected. */
export const connectedClients = (modem: Modem): number => modem.clients.named.filter(isUp).length;

const isUp = ({ client }: ClientSlot): boolean => client.state === 'up';

function networkOf({ dialect, surroundings: { cellular, wifi } }: Modem): ModemSummary['network'] {
  if (dialect.bearer === 'wifi') return wifi.state;
  const { registration } = cellular;
  const shown = domains.find(domain => registration.isRegistered(domain)) ?? 'eps';
  return registrationWord(registration.of(shown).stat);
}

function dbmOf({ dialect, surroundings: { cellular, wifi } }: Modem): number | null {
  return (dialect.bearer === 'wifi' ? wifi.accessPoint?.rssi : cellular.signal.dbm) ?? null;
}

function channelOf({ index, role, port, state, urcs, urcsDropped }: Channel): ChannelDetail {
  return {
    channel: index,
    kind: role === 'guest' ? 'terminal' : 'port',
    spec: port.spec,
    path: port.path,
    attached: port.isAttached,
    state,
    urcsWaiting: urcs.length,
    urcsDropped,
    queued: port.queued,
    delivered: port.delivered,
    dropped: port.dropped,
  };
}

function cellularOf({ surroundings: { cellular } }: Modem): CellularDetail {
  const { sim, radio, registration, signal, packetData } = cellular;
  const [cs, ps, eps] = domains.map(domain => registrationWord(registration.of(domain).stat));
  const camped = domains.map(domain => registration.of(domain)).find(({ cell }) => cell !== undefined);
  return {
    sim: sim.state,
    functionality: radio.functionality,
    registration: { cs: cs!, ps: ps!, eps: eps! },
    cell: camped && { area: camped.area!, cell: camped.cell!, act: camped.act! },
    operator: cellular.operator?.long,
    signal: { rssi: signal.rssi, ber: signal.ber },
    attachedToPacketService: packetData.attached,
    contexts: packetData.contexts().map(({ cid, type, apn, active, address, address6 }) => ({
      cid,
      type,
      apn,
      active,
      address: address ?? address6,
    })),
  };
}

function wifiOf({ surroundings: { wifi } }: Modem): WifiDetail {
  const { mode, state, accessPoint } = wifi;
  const { ssid, bssid, rssi } = accessPoint ?? {};
  return { mode, state, ssid, bssid, rssi, ip: state === 'addressed' ? wifi.address.ip : undefined };
}

function clientOf({ index, client }: ClientSlot): ClientDetail {
  const { state, host, port } = client;
  return { client: index, state, host, port };
}

function linkOf({ index, socket }: LinkSlot): LinkDetail {
  const { state, kind, role, peer, request, traffic, inbox } = socket;
  const { host, port } = peer ?? request ?? {};
  const { sent, received } = traffic;
  return { link: index, state, kind, role, host, port, sent, received, waiting: inbox.bytes };
}
