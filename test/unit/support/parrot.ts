/** A small modem that the replay runner is tested on: it answers from a table and speaks MQTT through MQTT.js. */
import { connectAsync, type MqttClient } from 'mqtt';
import { fromBuffer } from '../../../src/base/bytes.js';
import type { MemoryPort } from '../../../src/ports/memory.js';
import type { CreateTestModem } from '../../support/test-modem.js';
import { openParrotPorts, say, sayingFaults } from './parrot-port.js';

export const createParrot: CreateTestModem = async ({ channels, clock, content, header, routes }) => {
  const clients: MqttClient[] = [];

  async function dial(port: MemoryPort, session: 'clean' | 'kept'): Promise<void> {
    const will = { topic: 'will', payload: Buffer.from('gone'), qos: 1 as const, retain: true };
    const kept = session === 'kept' ? { clean: false, will } : { clean: true };
    const options = { ...routes[0], clientId: 'parrot', reconnectPeriod: 0, ...kept };
    const client = await connectAsync({ protocol: 'mqtt', ...options });
    clients.push(client);
    client.on('close', () => say(port, 'CLOSED'));
    client.on('message', (topic, payload) => say(port, `+MSUB: ${topic},${fromBuffer(payload)}`));
    await client.subscribeAsync('to/parrot', { qos: 1 });
    say(port, 'CONNECT OK');
  }

  function answer(port: MemoryPort, line: string): void {
    const [command = '', ...rest] = line.split('=');
    const [topic = '', payload = '', retain] = rest.join('=').split(',');
    say(port, command === 'AT+ERR' ? 'ERROR' : 'OK');
    if (command === 'AT+DIAL') void dial(port, topic === 'keep' ? 'kept' : 'clean');
    if (command === 'AT+PUB') clients[0]?.publish(topic, payload, { qos: 1, retain: retain === 'retain' });
    if (command === 'AT+LATER') clock.after(500, () => say(port, '+LATER'));
    if (command === 'AT+SOON') clock.soon(() => say(port, '+SOON'));
    if (command === 'AT+SIZE') say(port, String(content(topic).length));
    if (command === 'AT+ECHO') say(port, header.echo ?? 'off');
  }

  const ports = await openParrotPorts(channels, answer);
  return {
    ports,
    lineEnd: '\r',
    faults: sayingFaults(ports[0]!),
    async stop() {
      for (const client of clients) {
        client.removeAllListeners('close');
        client.stream.destroy();
      }
    },
  };
};
