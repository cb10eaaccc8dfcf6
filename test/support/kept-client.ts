/** Another client whose session the broker keeps: what comes while it is away waits for it, over a restart of the broker. */
import { connect, type MqttClient } from 'mqtt';
import { type ByteString, fromBuffer } from '../../src/base/bytes.js';
import { Signal } from '../../src/base/signal.js';
import { eventually } from './patience.js';
import type { Address } from './sockets.js';

const lastTopic = 'kept/last';

export class KeptClient {
  constructor(
    private readonly broker: Address,
    private readonly clientId: string,
  ) {}

  /** Makes the session, and goes. */
  async subscribe(topic: string): Promise<void> {
    const client = await this.#connect();
    await client.subscribeAsync({ [topic]: { qos: 2 }, [lastTopic]: { qos: 2 } });
    await client.endAsync();
  }

  /** Everything that waited, in order. A last message of its own says that nothing more comes. */
  async collect(): Promise<ByteString[]> {
    const received: ByteString[] = [];
    const came = new Signal<void>();
    let isOver = false;
    const client = await this.#connect((topic, payload) => {
      if (topic === lastTopic) isOver = true;
      else received.push(fromBuffer(payload));
      came.emit();
    });
    await client.publishAsync(lastTopic, '', { qos: 2 });
    if (!(await eventually(() => isOver, came, 10_000))) throw new Error('the broker does not deliver');
    await client.endAsync();
    return received;
  }

  /** The listener is there before the first message can come. */
  async #connect(take: (topic: string, payload: Buffer) => void = () => {}): Promise<MqttClient> {
    const { host, port } = this.broker;
    const client = connect(`mqtt://${host}:${port}`, { clientId: this.clientId, clean: false, reconnectPeriod: 0 });
    client.on('message', take);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve()).once('error', reject);
    });
    return client;
  }
}
