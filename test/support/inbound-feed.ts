/** Publishes as a modem's port is read: what is sent next waits for what has come out there. Every byte is checked. */
import type { MqttClient } from 'mqtt';
import { numberedPayload, ReportChecker } from './numbered-messages.js';
import type { PtyClient } from './pty-client.js';

export interface Feed {
  topic: string;
  /** Bytes of each message. */
  size: number;
  messages: number;
  /** Published at QoS 1 and not yet read at the port. */
  inFlight: number;
}

/** Resolves when the last report has come; rejects at the first wrong byte. */
export function feed(client: PtyClient, broker: MqttClient, { topic, size, messages, inFlight }: Feed): Promise<void> {
  const checker = new ReportChecker(topic, size);
  let published = 0;
  const publish = () => {
    for (; published < messages && published - checker.count < inFlight; published++)
      broker.publish(topic, numberedPayload(published, size), { qos: 1 });
  };
  return new Promise((resolve, reject) => {
    const stop = client.arrived.on(() => {
      try {
        client.pending = checker.take(client.pending);
        publish();
        if (checker.count < messages) return;
        stop();
        resolve();
      } catch (error) {
        stop();
        reject(error);
      }
    });
    publish();
  });
}
