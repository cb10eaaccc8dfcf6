/** An MQTT packet as one line of the dialogue, without what is secret. Its topics are the broker's, and may hold anything. */
import type { Packet } from 'mqtt-packet';
import { visibleText } from '../base/bytes.js';
import { shorten } from './dialogue.js';

export const describePacket = (packet: Packet): string => shorten(visibleText(textOf(packet)));

function textOf(packet: Packet): string {
  const name = packet.cmd.toUpperCase();
  switch (packet.cmd) {
    case 'connect':
      return `${name} ${JSON.stringify(packet.clientId)}${packet.username === undefined ? '' : ' user ***'} keepalive ${packet.keepalive ?? 0}${packet.clean ? ' clean' : ''}`;
    case 'connack':
      return `${name} ${packet.returnCode ?? 0}${packet.sessionPresent ? ' session' : ''}`;
    case 'publish':
      return `${name} ${packet.topic} qos ${packet.qos}${packet.retain ? ' retain' : ''}${packet.messageId === undefined ? '' : ` id ${packet.messageId}`}, ${packet.payload.length} bytes`;
    case 'subscribe':
      return `${name} ${packet.subscriptions.map(({ topic, qos }) => `${topic} qos ${qos}`).join(', ')}`;
    case 'suback':
      return `${name} ${packet.granted.join(',')}`;
    case 'unsubscribe':
      return `${name} ${packet.unsubscriptions.join(', ')}`;
    default:
      return packet.messageId === undefined ? name : `${name} id ${packet.messageId}`;
  }
}
