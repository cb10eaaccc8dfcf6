/** What a CONNECT says [MQTT 3.1], and its packet. */
import type { MqttVersion, OutgoingPacket, Qos } from './packets.js';

export interface Will {
  topic: string;
  payload: Buffer | string;
  qos: Qos;
  retain: boolean;
}

export interface Retry {
  after: number;
  times: number;
  /** What follows when all were in vain: the operation fails alone, or the link is given up with it. */
  inVain?: 'fail' | 'give-up';
}

export interface ConnectOptions {
  clientId: string;
  username?: string;
  /** Cannot be sent without a user name [MQTT-3.1.2-22], and then is not. */
  password?: Buffer | string;
  /** Seconds; 0 is none. */
  keepalive: number;
  clean: boolean;
  version: MqttVersion;
  will?: Will;
  /** A lost connection is won back by itself, one try `every` so many ms. */
  reconnect?: { every: number };
  /** What the broker leaves unanswered is sent again after so many ms, so many times; then it is a `timeout`. */
  retry?: Retry;
  /** PINGRESP may take `within` ms; an unanswered PINGREQ is repeated so many times before the broker is taken for dead. */
  ping?: { within: number; retries: number };
  /** How long CONNACK may take, in ms. */
  within?: number;
}

const maximumField = 0xffff;

/** Why these options cannot be put into a CONNECT, if so. */
export function connectFault(options: ConnectOptions): string | undefined {
  const { clientId, username = '', password = '', keepalive, will } = options;
  const fields = { clientId, username, password, 'will topic': will?.topic ?? '', 'will message': will?.payload ?? '' };
  for (const [name, value] of Object.entries(fields)) {
    if (Buffer.byteLength(value) > maximumField) return `${name} is longer than ${maximumField} bytes`;
  }
  if (will && (will.topic === '' || /[\0+#]/.test(will.topic))) return 'the will topic is not a topic name';
  if (!Number.isInteger(keepalive) || keepalive < 0 || keepalive > 0xffff)
    return `keepalive ${keepalive} is not 0 to 65535`;
  return undefined;
}

export function connectPacket(options: ConnectOptions): OutgoingPacket {
  const { clientId, username, password, keepalive, clean, version, will } = options;
  return {
    cmd: 'connect',
    protocolId: version === 3 ? 'MQIsdp' : 'MQTT',
    protocolVersion: version,
    // An empty id where MQTT wants one is for the broker to refuse, with code 2, as with a real module; mqtt-packet would
    // throw at '' and takes an empty buffer.
    clientId: clientId === '' ? (Buffer.alloc(0) as unknown as string) : clientId,
    username,
    password: username === undefined || password === undefined ? undefined : Buffer.from(password as string),
    keepalive,
    clean,
    will,
  };
}
