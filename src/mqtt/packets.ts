/**
 * The MQTT packets that cross this client's link, by direction, and their bytes. mqtt-packet spells them; what it would throw
 * at is refused before, in limits.ts.
 */
import type {
  IConnackPacket,
  IConnectPacket,
  IDisconnectPacket,
  IPingreqPacket,
  IPingrespPacket,
  IPubackPacket,
  IPubcompPacket,
  IPublishPacket,
  IPubrecPacket,
  IPubrelPacket,
  ISubackPacket,
  ISubscribePacket,
  IUnsubackPacket,
  IUnsubscribePacket,
  Packet,
} from 'mqtt-packet';
import { lengthBytes } from './fixed-header.js';

export type Qos = 0 | 1 | 2;

/** 3 is MQTT 3.1 (`MQIsdp`), 4 is MQTT 3.1.1 (`MQTT`). */
export type MqttVersion = 3 | 4;

export type OutgoingPacket =
  | IConnectPacket
  | IPublishPacket
  | IPubackPacket
  | IPubrecPacket
  | IPubrelPacket
  | IPubcompPacket
  | ISubscribePacket
  | IUnsubscribePacket
  | IPingreqPacket
  | IDisconnectPacket;

export type IncomingPacket =
  | IConnackPacket
  | IPublishPacket
  | IPubackPacket
  | IPubrecPacket
  | IPubrelPacket
  | IPubcompPacket
  | ISubackPacket
  | IUnsubackPacket
  | IPingrespPacket;

/** For the dialogue log. */
export interface PacketSeen {
  direction: 'in' | 'out';
  packet: Packet;
}

export interface Subscription {
  topic: string;
  qos: Qos;
}

/** What a host publishes. The payload belongs to the client from then on. */
export interface Publication {
  /** Without wildcards; UTF-8 on the wire. */
  topic: string;
  payload: Buffer;
  qos: Qos;
  retain: boolean;
  /** Hosts of some modules set DUP themselves; with QoS 0 it is never sent [MQTT-3.3.1-2]. */
  dup?: boolean;
}

/** What a broker delivers. The payload belongs to the receiver. */
export interface Message {
  topic: string;
  payload: Buffer;
  qos: Qos;
  retain: boolean;
  dup: boolean;
  /** With QoS 1 and 2. */
  id?: number;
  /** Bytes of the MQTT packet before the payload: some modules split long messages with these counted in. */
  header: number;
}

/** A publish packet's bytes before its payload: type, length, topic, packet id [MQTT 3.3]. */
export function headerLength(packet: { length?: number }, payload: Buffer): number {
  const remaining = packet.length ?? 0;
  return 1 + lengthBytes(remaining) + remaining - payload.length;
}

/** The size of a publish packet on the wire. */
export function publishLength({ topic, payload, qos }: Publication): number {
  const remaining = 2 + Buffer.byteLength(topic) + (qos > 0 ? 2 : 0) + payload.length;
  return 1 + lengthBytes(remaining) + remaining;
}
