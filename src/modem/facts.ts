/** What a grammar can ask of a modem: the facts of src/grammar/vocabulary.ts, each read where it lives. */
import { utf8ToBytes } from '../base/bytes.js';
import type { Entry, Value } from '../grammar/values.js';
import type { Address } from '../grammar/vocabulary.js';
import type { Domain } from '../network/registration.js';
import type { Modem } from './modem.js';
import { socketFacts, socketLists } from './socket-facts.js';

type Fact = (modem: Modem, address: Address) => Value;
type FactList = (modem: Modem, address: Address) => Entry[];

const clientOf = (modem: Modem, { client }: Address) => modem.clients.ifAny(client ?? 0)?.client;
const contextOf = (modem: Modem, { cid }: Address) => modem.surroundings.cellular.packetData.context(cid ?? 1);
const registrationOf = (modem: Modem, domain: Domain) => modem.surroundings.cellular.registration.of(domain);
const hasSim = (modem: Modem) => modem.surroundings.cellular.sim.state !== 'absent';

/** A heap that a module of this kind would report. It shrinks by what the modem really holds, so that it moves. */
const heap = 122_880;

function registration(domain: Domain): Record<string, Fact> {
  return {
    [`${domain}.stat`]: modem => registrationOf(modem, domain).stat,
    [`${domain}.area`]: modem => registrationOf(modem, domain).area,
    [`${domain}.cell`]: modem => registrationOf(modem, domain).cell,
    [`${domain}.act`]: modem => registrationOf(modem, domain).act,
  };
}

const clockFields = ['yyyy', 'yy', 'MM', 'dd', 'd', 'hh', 'mm', 'ss', 'weekday', 'month', 'zone'] as const;

export const facts: Readonly<Record<string, Fact>> = {
  'mqtt.state': (modem, address) => clientOf(modem, address)?.state ?? 'idle',
  'mqtt.host': (modem, address) => modem.clients.ifAny(address.client ?? 0)?.opened?.host,
  'mqtt.port': (modem, address) => modem.clients.ifAny(address.client ?? 0)?.opened?.port,
  'mqtt.topics': (modem, address) => ((clientOf(modem, address)?.subscriptions.size ?? 0) > 0 ? 'some' : 'none'),
  'mqtt.unconfirmed': (modem, address) => clientOf(modem, address)?.unconfirmed ?? 0,
  ...socketFacts,
  'mailbox.full': (modem, address) => modem.mailboxes?.at(address).occupied ?? [],
  'mailbox.full-backwards': (modem, address) => [...(modem.mailboxes?.at(address).occupied ?? [])].reverse(),
  'ip.state': modem => modem.surroundings.cellular.ipSession.state,
  'ip.address': modem => modem.surroundings.cellular.ipSession.askAddress(),
  ...registration('cs'),
  ...registration('ps'),
  ...registration('eps'),
  'ps.attached': modem => (modem.surroundings.cellular.packetData.attached ? 1 : 0),
  'pdp.state': (modem, address) => (contextOf(modem, address)?.active ? 1 : 0),
  'pdp.address': (modem, address) => contextOf(modem, address)?.address,
  'sim.state': modem => modem.surroundings.cellular.sim.state,
  'radio.functionality': modem => modem.surroundings.cellular.radio.functionality,
  'signal.rssi': modem => modem.surroundings.cellular.signal.rssi,
  'signal.ber': modem => modem.surroundings.cellular.signal.ber,
  'operator.mode': modem => modem.surroundings.cellular.operators.mode,
  'operator.long': modem => modem.surroundings.cellular.operator?.long,
  'operator.short': modem => modem.surroundings.cellular.operator?.short,
  'operator.numeric': modem => modem.surroundings.cellular.operator?.numeric,
  'operator.mcc': modem => modem.surroundings.cellular.operator?.numeric.slice(0, 3),
  'operator.mnc': modem => modem.surroundings.cellular.operator?.numeric.slice(3),
  'identity.imei': modem => modem.surroundings.identity.imei,
  'identity.serial': modem => modem.surroundings.identity.serial,
  'identity.imsi': modem => (hasSim(modem) ? modem.surroundings.identity.imsi : undefined),
  'identity.iccid': modem => (hasSim(modem) ? modem.surroundings.identity.iccid : undefined),
  'identity.mac': modem => modem.surroundings.identity.mac,
  'identity.ap-mac': modem => modem.surroundings.identity.apMac,
  'wifi.state': modem => modem.surroundings.wifi.state,
  'wifi.mode': modem => modem.surroundings.wifi.mode,
  'wifi.ssid': modem => optionalUtf8(modem.surroundings.wifi.accessPoint?.ssid),
  'wifi.bssid': modem => modem.surroundings.wifi.accessPoint?.bssid,
  'wifi.channel': modem => modem.surroundings.wifi.accessPoint?.channel,
  'wifi.rssi': modem => modem.surroundings.wifi.accessPoint?.rssi,
  'wifi.ip': modem => modem.surroundings.wifi.address.ip,
  'wifi.gateway': modem => modem.surroundings.wifi.address.gateway,
  'wifi.netmask': modem => modem.surroundings.wifi.address.netmask,
  'wifi.ap-ip': modem => modem.surroundings.wifi.softAp.ip,
  'clock.synchronised': modem => modem.surroundings.time.synchronised,
  ...Object.fromEntries(
    clockFields.map(field => [`clock.${field}`, ((modem: Modem) => modem.surroundings.time.fields()[field]) as Fact]),
  ),
  'files.free': modem => modem.files.free,
  'files.used': modem => modem.files.used,
  'files.capacity': modem => modem.files.capacity,
  'memory.free': modem => heap - modem.held,
  'memory.minimum': modem => heap - modem.mostHeld,
};

export const factLists: Readonly<Record<string, FactList>> = {
  'mqtt.clients': modem => modem.clients.indexes.map(index => ({ fields: {}, address: { client: index } })),
  ...socketLists,
  'tls.contexts': modem => addressesOf(modem, 'tls-context'),
  'mqtt.subscriptions': (modem, address) =>
    [...(clientOf(modem, address)?.subscriptions ?? [])].map(([topic, qos]) => ({
      fields: { topic: utf8ToBytes(topic), qos },
    })),
  'mailbox.slots': (modem, address) =>
    (modem.mailboxes?.at(address).occupied ?? []).map((full, slot) => ({ fields: { slot, full } })),
  'pdp.contexts': modem =>
    modem.surroundings.cellular.packetData.contexts().map(({ cid, type, apn, active, address }) => ({
      fields: { cid, type, apn, state: active ? 1 : 0, address },
      address: { cid },
    })),
};

/** Every one that the dialect's parameters can name. */
function addressesOf(modem: Modem, kind: 'tls-context'): Entry[] {
  const { from, to } = modem.dialect.addresses.get(kind) ?? { from: 0, to: -1 };
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    fields: {},
    address: { [kind]: from + i },
  }));
}

const optionalUtf8 = (text: string | undefined): Value => (text === undefined ? undefined : utf8ToBytes(text));
