/** What a packet says, and what is wrong inside of it: from its fixed header and the beginning of its body [MQTT 3]. */
import { hexByte } from '../../base/bytes.js';
import { packetKinds } from '../fixed-header.js';
import { describePacket, type PacketFacts } from '../packet-text.js';
import { readConnect } from './connect-reading.js';
import { Fields } from './fields.js';
import { hasRightFlags, type WalkedPacket } from './packet-walk.js';

export interface Finding {
  /** One line for people: a packet, or what stands where one should. */
  text: string;
  fault?: string;
}

export interface Reading extends Finding {
  /** Its name and length: no byte of its body. */
  brief: string;
  /** No field runs past its end, and none but a payload leaves bytes over. */
  fits: boolean;
}

/** A packet of a kind that there is. */
export function readPacket(packet: WalkedPacket): Reading {
  const { first, length, head, size } = packet;
  const kind = packetKinds[first >> 4]!;
  const fields = new Fields(head, size);
  const facts = readFacts(first, fields);
  const fault = fields.fault ?? flagsFault(first) ?? fields.remark;
  const brief = `${kind.name}, remaining length ${length}`;
  // Fields that do not fit were perhaps none: a client id may hold the password.
  const fits = facts !== undefined && fields.fault === undefined;
  return { text: fits ? describePacket(facts) : brief, brief, fault, fits };
}

/** One that ends before its length says so. */
export function readCutPacket(packet: WalkedPacket): Reading {
  const { name } = packetKinds[packet.first >> 4]!;
  if (!packet.hasHeader) return { text: name, brief: name, fault: 'it ends inside its fixed header', fits: false };
  const fault = `remaining length ${packet.length} but only ${packet.size} bytes came`;
  return { ...readPacket(packet), fault };
}

function flagsFault(first: number): string | undefined {
  const kind = packetKinds[first >> 4]!;
  if (hasRightFlags(kind, first)) return undefined;
  return `${kind.name} begins with 0x${hexByte((first & 0xf0) | kind.flags!)}, not 0x${hexByte(first)}`;
}

function readFacts(first: number, fields: Fields): PacketFacts | undefined {
  const { name, least, most } = packetKinds[first >> 4]!;
  if (least === most && fields.size !== most) {
    fields.fault = most === 0 ? `nothing follows the length of ${name}` : `${name} has 2 bytes after its length`;
    return undefined;
  }
  switch (name) {
    case 'CONNECT':
      return readConnect(fields);
    case 'CONNACK':
      return {
        cmd: 'connack',
        sessionPresent: ((fields.byte('flags') ?? 0) & 1) === 1,
        returnCode: fields.byte('code'),
      };
    case 'PUBLISH':
      return readPublish(first, fields);
    case 'SUBSCRIBE':
      return { cmd: 'subscribe', messageId: fields.id(), subscriptions: readSubscriptions(fields) };
    case 'SUBACK':
      return { cmd: 'suback', messageId: fields.id(), granted: readGranted(fields) };
    case 'UNSUBSCRIBE':
      return { cmd: 'unsubscribe', messageId: fields.id(), unsubscriptions: readFilters(fields) };
    default:
      return { cmd: name.toLowerCase() as 'puback', messageId: most === 0 ? undefined : fields.id() };
  }
}

/** [MQTT 3.3] */
function readPublish(first: number, fields: Fields): PacketFacts | undefined {
  const qos = (first >> 1) & 3;
  const topic = fields.text('topic');
  const messageId = qos === 0 ? undefined : fields.id();
  if (topic === undefined) return undefined;
  fields.remark ??= publicationRemark(topic, qos, fields);
  return { cmd: 'publish', topic, qos, retain: (first & 1) === 1, messageId, payload: { length: fields.left } };
}

function publicationRemark(topic: string, qos: number, fields: Fields): string | undefined {
  if (qos === 3) return 'there is no QoS 3';
  if (topic === '') return 'an empty topic';
  if (/[+#]/.test(topic)) return 'a wildcard in the topic of a PUBLISH';
  return qos === 0 ? idRemark(fields.rest()) : undefined;
}

/** An id that stands in front of JSON at QoS 0 is payload to everybody else [MQTT-2.3.1-5]. */
function idRemark(payload: Buffer): string | undefined {
  const [high, low = 0, then] = payload;
  if (high !== 0 || (then !== 0x7b && then !== 0x5b)) return undefined;
  return `the payload begins with 00 ${hexByte(low)} before its JSON: a packet id must be absent at QoS 0`;
}

/** [MQTT 3.8.3] */
function readSubscriptions(fields: Fields): { topic: string; qos: number }[] {
  const subscriptions = [];
  while (fields.goesOn) {
    const topic = filterOf(fields);
    const qos = fields.byte('QoS') ?? 0;
    if (qos > 2) fields.remark ??= `a requested QoS of ${qos}`;
    subscriptions.push({ topic, qos });
  }
  wantSome(subscriptions.length, fields);
  return subscriptions;
}

function readFilters(fields: Fields): string[] {
  const filters = [];
  while (fields.goesOn) filters.push(filterOf(fields));
  wantSome(filters.length, fields);
  return filters;
}

function filterOf(fields: Fields): string {
  const filter = fields.text('topic filter') ?? '…';
  if (filter === '') fields.remark ??= 'an empty topic filter';
  return filter;
}

function wantSome(count: number, fields: Fields): void {
  if (count === 0) fields.fault ??= 'it ends before its topic filter';
}

/** [MQTT 3.9.3] */
function readGranted(fields: Fields): number[] {
  if (fields.left === 0) fields.fault ??= 'it ends before its return code';
  return [...fields.rest()];
}
