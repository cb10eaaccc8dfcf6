/** An MQTT packet as one line of the dialogue, without what is secret. Its topics are a stranger's, and may hold anything. */
import { shorten, visibleText } from '../base/bytes.js';

/** What is told of a packet; mqtt-packet's packets have it all. */
export type PacketFacts =
  | { cmd: 'connect'; clientId: string; username?: string; keepalive?: number; clean?: boolean }
  | { cmd: 'connack'; returnCode?: number; sessionPresent: boolean }
  | {
      cmd: 'publish';
      topic: string;
      qos: number;
      retain: boolean;
      messageId?: number;
      payload: { readonly length: number };
    }
  | { cmd: 'subscribe'; messageId?: number; subscriptions: readonly { topic: string; qos: number }[] }
  | { cmd: 'suback'; messageId?: number; granted: readonly unknown[] }
  | { cmd: 'unsubscribe'; messageId?: number; unsubscriptions: readonly string[] }
  | {
      cmd: 'puback' | 'pubrec' | 'pubrel' | 'pubcomp' | 'unsuback' | 'pingreq' | 'pingresp' | 'disconnect' | 'auth';
      messageId?: number;
    };

export const describePacket = (packet: PacketFacts): string => shorten(visibleText(textOf(packet)));

function textOf(packet: PacketFacts): string {
  const name = packet.cmd.toUpperCase();
  switch (packet.cmd) {
    case 'connect':
      return `${name} ${JSON.stringify(packet.clientId)}${packet.username === undefined ? '' : ' user ***'} keepalive ${packet.keepalive ?? 0}${packet.clean ? ' clean' : ''}`;
    case 'connack':
      return `${name} ${packet.returnCode ?? 0}${refusal(packet.returnCode)}${packet.sessionPresent ? ' session' : ''}`;
    case 'publish':
      return `${name} ${packet.topic} qos ${packet.qos}${packet.retain ? ' retain' : ''}${idOf(packet)}, ${packet.payload.length} bytes`;
    case 'subscribe':
      return `${name} ${packet.subscriptions.map(({ topic, qos }) => `${topic} qos ${qos}`).join(', ')}${idOf(packet)}`;
    case 'suback':
      return `${name} ${packet.granted.join(',')}${idOf(packet)}`;
    case 'unsubscribe':
      return `${name} ${packet.unsubscriptions.join(', ')}${idOf(packet)}`;
    default:
      return `${name}${idOf(packet)}`;
  }
}

const idOf = ({ messageId }: { messageId?: number }): string => (messageId === undefined ? '' : ` id ${messageId}`);

/** CONNACK's return codes [MQTT 3.2.2.3]. */
const refusals: readonly string[] = [
  '',
  'protocol version refused',
  'client id refused',
  'server unavailable',
  'bad user name or password',
  'not authorised',
];

function refusal(code = 0): string {
  const said = refusals[code];
  return said ? ` (${said})` : '';
}
