/**
 * Bounds, and what a host may not put on the wire. A refusal here is a value that the grammar prints. Topics that are merely
 * odd (`a#` as a filter) go to the broker, as they would from a module.
 */
import { type Publication, publishLength } from './packets.js';

export interface MqttLimits {
  /** Bytes of one packet from the broker; a longer one is never buffered, and costs the link. */
  incomingPacket: number;
  /** Bytes of one packet to the broker. */
  outgoingPacket: number;
  /** Operations and QoS 1 and 2 messages under way. */
  inflight: number;
  /** Bytes that wait for the broker to read them. */
  outgoingQueue: number;
}

export const defaultLimits: MqttLimits = {
  incomingPacket: 1024 * 1024,
  outgoingPacket: 1024 * 1024,
  inflight: 100,
  outgoingQueue: 4 * 1024 * 1024,
};

const maximumTopic = 0xffff;

export type OutgoingFault = { outcome: 'failed'; cause: string } | { outcome: 'too-large' };

/** A topic name has no wildcards [MQTT-3.3.2-2]. */
export function publicationFault(publication: Publication, limits: MqttLimits): OutgoingFault | undefined {
  if (/[+#]/.test(publication.topic)) return { outcome: 'failed', cause: 'bad-topic' };
  const fault = topicsFault([publication.topic], limits);
  if (fault) return fault;
  return publishLength(publication) > limits.outgoingPacket ? { outcome: 'too-large' } : undefined;
}

/** 1 to 65535 bytes, no NUL [MQTT-4.7.3-1..3]; and all of one packet together within the bound. */
export function topicsFault(topics: readonly string[], limits: MqttLimits): OutgoingFault | undefined {
  let total = 0;
  for (const topic of topics) {
    const length = Buffer.byteLength(topic);
    if (length < 1 || length > maximumTopic || topic.includes('\0')) return { outcome: 'failed', cause: 'bad-topic' };
    total += length + 3;
  }
  if (topics.length === 0) return { outcome: 'failed', cause: 'bad-topic' };
  return total + 7 > limits.outgoingPacket ? { outcome: 'too-large' } : undefined;
}
