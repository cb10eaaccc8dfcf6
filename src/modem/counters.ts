/** What a modem has done since it was made, for who measures: plain numbers that only grow. */
export class Counters {
  /** Commands that were started, each of a line by itself. */
  commands = 0;
  /** Bytes from hosts. */
  bytesIn = 0;
  /** Bytes handed to ports. */
  bytesOut = 0;
  urcsDropped = 0;
  /** MQTT application messages that came to its clients, and that they published. */
  messagesIn = 0;
  messagesOut = 0;
}
