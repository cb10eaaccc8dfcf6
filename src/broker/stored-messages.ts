/**
 * Keeps within bounds what the broker stores for clients that are away, and what it retains. The broker's own store has
 * no bound; this one stands before it and counts bytes. Past a bound a message is dropped, as in any broker with a limit
 * on its queues, and the drop is reported.
 */

/** The part of the broker's store that grows. A packet without a topic is a PUBREL: it takes its message's place. */
export interface MessageStore {
  outgoingEnqueue(subscription: { clientId: string }, packet: StoredPacket): Promise<void>;
  outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: StoredPacket): Promise<void>;
  outgoingUpdate(client: { id: string }, packet: StoredPacket): Promise<void>;
  outgoingClearMessageId(client: { id: string }, packet: StoredPacket): Promise<StoredPacket | undefined>;
  storeRetained(packet: StoredPacket): Promise<void>;
}

export interface StoredPacket {
  messageId?: number;
  topic?: string;
  payload?: Uint8Array | string;
}

export interface StoreBounds {
  /** Bytes queued for one client. */
  queue: number;
  /** Bytes queued for all. */
  queues: number;
  /** Bytes retained. */
  retained: number;
}

/** Replaces the methods of `store` by ones that keep the bounds. */
export function boundStore(store: MessageStore, bounds: StoreBounds, dropped: (topic: string) => void): void {
  boundQueues(store, bounds, dropped);
  boundRetained(store, bounds, dropped);
}

function boundQueues(store: MessageStore, bounds: StoreBounds, dropped: (topic: string) => void): void {
  const queues = new QueueWeights();
  const { outgoingEnqueue, outgoingEnqueueCombi, outgoingUpdate, outgoingClearMessageId } = bindAll(store);
  const admits = (clientId: string, packet: StoredPacket): boolean => {
    const weight = weightOf(packet);
    const fits = queues.of(clientId) + weight <= bounds.queue && queues.total + weight <= bounds.queues;
    if (fits) queues.add(clientId, weight);
    else dropped(packet.topic ?? '');
    return fits;
  };

  store.outgoingEnqueue = async (subscription, packet) => {
    if (admits(subscription.clientId, packet)) await outgoingEnqueue(subscription, packet);
  };
  store.outgoingEnqueueCombi = (subscriptions, packet) => {
    const admitted = subscriptions.filter(({ clientId }) => admits(clientId, packet));
    return outgoingEnqueueCombi(admitted, packet);
  };
  store.outgoingUpdate = async (client, packet) => {
    await outgoingUpdate(client, packet);
    if (packet.topic === undefined) queues.settle(client.id, packet.messageId);
    else queues.sent(client.id, packet.messageId, weightOf(packet));
  };
  store.outgoingClearMessageId = async (client, packet) => {
    const cleared = await outgoingClearMessageId(client, packet);
    if (cleared) queues.settle(client.id, packet.messageId);
    return cleared;
  };
}

/** What waits for each client, in bytes. A message's weight goes when it is acknowledged, by PUBACK or by PUBREC. */
class QueueWeights {
  readonly #queued = new Map<string, number>();
  readonly #sent = new Map<string, number>();
  total = 0;

  of(clientId: string): number {
    return this.#queued.get(clientId) ?? 0;
  }

  add(clientId: string, weight: number): void {
    const now = this.of(clientId) + weight;
    this.total += weight;
    if (now > 0) this.#queued.set(clientId, now);
    else this.#queued.delete(clientId);
  }

  sent(clientId: string, messageId: number | undefined, weight: number): void {
    this.#sent.set(`${messageId} ${clientId}`, weight);
  }

  settle(clientId: string, messageId: number | undefined): void {
    const key = `${messageId} ${clientId}`;
    this.add(clientId, -(this.#sent.get(key) ?? 0));
    this.#sent.delete(key);
  }
}

function boundRetained(store: MessageStore, bounds: StoreBounds, dropped: (topic: string) => void): void {
  const retained = new Map<string, number>();
  let total = 0;
  const { storeRetained } = bindAll(store);

  store.storeRetained = async packet => {
    const topic = packet.topic ?? '';
    const bytes = (packet.payload?.length ?? 0) === 0 ? 0 : weightOf(packet);
    const after = total - (retained.get(topic) ?? 0) + bytes;
    if (after > bounds.retained) return dropped(topic);
    total = after;
    if (bytes === 0) retained.delete(topic);
    else retained.set(topic, bytes);
    await storeRetained(packet);
  };
}

/** Topic, payload, and about what an object costs besides. */
const weightOf = ({ topic = '', payload = '' }: StoredPacket): number => topic.length + payload.length + 256;

function bindAll(store: MessageStore): MessageStore {
  return {
    outgoingEnqueue: store.outgoingEnqueue.bind(store),
    outgoingEnqueueCombi: store.outgoingEnqueueCombi.bind(store),
    outgoingUpdate: store.outgoingUpdate.bind(store),
    outgoingClearMessageId: store.outgoingClearMessageId.bind(store),
    storeRetained: store.storeRetained.bind(store),
  };
}
