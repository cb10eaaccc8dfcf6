import { beforeEach, describe, expect, it } from 'vitest';
import { boundStore, type MessageStore, type StoredPacket } from '../../../src/broker/stored-messages.js';

/** Weighs 256 + 1 + 43 = 300. */
const message = (messageId?: number): StoredPacket => ({ messageId, topic: 't', payload: Buffer.alloc(43) });

/** The broker's store as far as it matters: queues by client, retained by topic. */
class FakeStore implements MessageStore {
  readonly queues = new Map<string, StoredPacket[]>();
  readonly retained = new Map<string, StoredPacket>();

  async outgoingEnqueue({ clientId }: { clientId: string }, packet: StoredPacket) {
    this.queues.set(clientId, [...(this.queues.get(clientId) ?? []), { ...packet }]);
  }
  async outgoingEnqueueCombi(subscriptions: readonly { clientId: string }[], packet: StoredPacket) {
    for (const subscription of subscriptions)
      await FakeStore.prototype.outgoingEnqueue.call(this, subscription, packet);
  }
  async outgoingUpdate({ id }: { id: string }, packet: StoredPacket) {
    const queue = this.queues.get(id) ?? [];
    const at = queue.findIndex(each => each.messageId === packet.messageId || each.messageId === undefined);
    queue[at] = packet;
  }
  async outgoingClearMessageId({ id }: { id: string }, packet: StoredPacket) {
    const queue = this.queues.get(id) ?? [];
    const at = queue.findIndex(each => each.messageId === packet.messageId);
    return at < 0 ? undefined : queue.splice(at, 1)[0];
  }
  async storeRetained(packet: StoredPacket) {
    this.retained.set(packet.topic!, packet);
  }
}

let store: FakeStore;
let dropped: string[];
const queued = (id: string) => store.queues.get(id)?.length ?? 0;

beforeEach(() => {
  store = new FakeStore();
  dropped = [];
  boundStore(store, { queue: 900, queues: 1200, retained: 600 }, topic => dropped.push(topic));
});

describe('queued messages', () => {
  it('are dropped past the bound of one client', async () => {
    for (let i = 0; i < 4; i++) await store.outgoingEnqueue({ clientId: 'a' }, message());
    expect(queued('a')).toBe(3);
    expect(dropped).toEqual(['t']);
  });

  it('are dropped past the bound of all, and only for whom there is no room', async () => {
    for (let i = 0; i < 3; i++) await store.outgoingEnqueue({ clientId: 'a' }, message());
    await store.outgoingEnqueueCombi([{ clientId: 'b' }, { clientId: 'c' }], message());
    expect([queued('b'), queued('c')]).toEqual([1, 0]);
  });

  it.each([
    ['PUBACK', async () => void (await store.outgoingClearMessageId({ id: 'a' }, { messageId: 7 }))],
    [
      'PUBREC and PUBCOMP',
      async () => {
        await store.outgoingUpdate({ id: 'a' }, { messageId: 7 });
        await store.outgoingClearMessageId({ id: 'a' }, { messageId: 7 });
      },
    ],
  ])('make room again with %s, exactly once', async (_, acknowledge) => {
    for (let round = 0; round < 20; round++) {
      await store.outgoingEnqueue({ clientId: 'a' }, message());
      await store.outgoingUpdate({ id: 'a' }, message(7));
      await acknowledge();
    }
    expect(dropped).toEqual([]);
    for (let i = 0; i < 4; i++) await store.outgoingEnqueue({ clientId: 'a' }, message());
    for (let i = 0; i < 2; i++) await store.outgoingEnqueue({ clientId: 'b' }, message());
    expect([queued('a'), queued('b')]).toEqual([3, 1]);
  });
});

describe('retained messages', () => {
  it('are dropped past the bound; replacing one takes no more room, and an empty one gives it back', async () => {
    const retain = (topic: string, payload = Buffer.alloc(43)) => store.storeRetained({ topic, payload });
    await retain('1');
    await retain('2');
    await retain('3');
    await retain('1');
    expect([...store.retained.keys()]).toEqual(['1', '2']);
    await retain('1', Buffer.alloc(0));
    await retain('3');
    expect([...store.retained.keys()]).toEqual(['1', '2', '3']);
    expect(dropped).toEqual(['3']);
  });
});
