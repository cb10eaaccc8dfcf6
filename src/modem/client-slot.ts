/** One MQTT client of the modem: the core's client, and what the modem must know around it. */
import type { MqttClient } from '../mqtt/client.js';
import type { Channel } from './channel.js';

export interface ClientSlot {
  readonly index: number;
  readonly client: MqttClient;
  /** The channel that opened it: its URCs go there. */
  owner: Channel | undefined;
  /** An operation runs on it whose outcome a loss will be, so that the loss is no event. */
  operations: number;
}
