/** MQTT packets as firmware spells them out, and what the inspector says to them. The device is that of the platform's example. */
import { type Inspected, LinkInspector } from '../../../src/mqtt/inspector.js';

export const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** Hex digits and quoted text, such as `00 04 "MQTT"`. */
export const bytes = (spelt: string) =>
  Buffer.concat(spelt.split('"').map((part, index) => (index % 2 ? Buffer.from(part) : hex(part))));
export const sized = (text: string) =>
  Buffer.concat([hex(text.length.toString(16).padStart(4, '0')), Buffer.from(text)]);

export const shown = ({ direction, text, fault }: Inspected) =>
  `${direction === 'out' ? '>' : '<'} ${text}${fault === undefined ? '' : ` ! ${fault}`}`;

/** What is told of each of these writes on one link, and at its end. */
export function told(...writes: Buffer[]): string[] {
  const inspector = new LinkInspector();
  return [...writes.flatMap(write => inspector.sent(write)), ...inspector.ended()].map(shown);
}

const userName = 'device&pk';
const password = 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14';
const clientId = '12345|securemode=3,signmethod=hmacsha1,timestamp=789|';
export const connectBody = Buffer.concat([
  bytes('00 04 "MQTT" 04 C2 00 64'),
  sized(clientId),
  sized(userName),
  sized(password),
]);
export const connect = Buffer.concat([hex('10 76'), connectBody]);
export const connectLine = `> CONNECT "${clientId}" user *** keepalive 100 clean`;

const setTopic = '/sys/pk/device/thing/service/property/set';
export const subscribe = Buffer.concat([hex('82 2E 00 0A'), sized(setTopic), hex('00')]);
export const subscribeLine = `> SUBSCRIBE ${setTopic} qos 0 id 10`;

export const postTopic = '/sys/pk/device/thing/event/property/post';
export const json = '{"id":"1562283421","version":"1.0.0","params":{"temp":12},"method":"thing.event.property.post"}';
export const publishBody = Buffer.concat([sized(postTopic), Buffer.from(json)]);
export const publish = Buffer.concat([hex('30 89 01'), publishBody]);
export const publishLine = `> PUBLISH ${postTopic} qos 0, 95 bytes`;

export const ping = hex('C0 00');
