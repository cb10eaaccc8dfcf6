import type { IPublishPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { PacketIds } from '../../../src/mqtt/packet-ids.js';
import type { Publication, Qos } from '../../../src/mqtt/packets.js';
import { Session, type SessionPacket } from '../../../src/mqtt/session.js';

const payload = Buffer.from('x');
const publication = (qos: Qos, topic = 't'): Publication => ({ topic, payload, qos, retain: false });
const publish = (qos: Qos, messageId?: number, dup = false): IPublishPacket => {
  return { cmd: 'publish', topic: 't', payload, qos, retain: false, dup, messageId, length: qos ? 6 : 4 };
};

describe('packet ids', () => {
  test('from 1, in order, wrapping at 65535', () => {
    const ids = new PacketIds();
    const taken = Array.from({ length: 65_537 }, () => ids.take(() => false));
    expect(taken.slice(0, 3)).toEqual([1, 2, 3]);
    expect(taken.slice(-3)).toEqual([65_535, 1, 2]);
  });

  test('never one in use, and none when all are', () => {
    const ids = new PacketIds();
    expect(ids.take(id => id < 5)).toBe(5);
    expect(ids.take(id => id !== 3)).toBe(3);
    expect(ids.take(() => true)).toBeUndefined();
  });

  test('publish, subscribe and unsubscribe share them', () => {
    const session = new Session(10);
    const ids = [
      session.publish(publication(1)),
      session.subscribe([{ topic: 'a', qos: 0 }]),
      session.unsubscribe(['a']),
    ];
    expect(ids.map(launched => launched?.id)).toEqual([1, 2, 3]);
  });
});

describe('outgoing', () => {
  test('QoS 1 ends with PUBACK', () => {
    const session = new Session(10);
    expect(session.publish(publication(1))).toEqual({
      id: 1,
      packet: { cmd: 'publish', messageId: 1, topic: 't', payload, qos: 1, retain: false, dup: false },
    });
    expect(session.receive({ cmd: 'puback', messageId: 1 })).toEqual({ event: { event: 'acknowledged', id: 1 } });
    expect(session.underWay).toBe(0);
  });

  test('QoS 2: PUBREC → PUBREL, PUBCOMP', () => {
    const session = new Session(10);
    session.publish(publication(2));
    expect(session.receive({ cmd: 'pubrec', messageId: 1 })).toEqual({
      write: { cmd: 'pubrel', messageId: 1 },
      event: { event: 'received', id: 1 },
    });
    // A repeated PUBREC is answered again and told nobody.
    expect(session.receive({ cmd: 'pubrec', messageId: 1 })).toEqual({ write: { cmd: 'pubrel', messageId: 1 } });
    expect(session.receive({ cmd: 'pubcomp', messageId: 1 })).toEqual({ event: { event: 'completed', id: 1 } });
    expect(session.underWay).toBe(0);
  });

  test('DUP that the host itself asked for', () => {
    expect(new Session(1).publish({ ...publication(1), dup: true })?.packet).toMatchObject({ dup: true });
  });

  test('no more under way than allowed', () => {
    const session = new Session(1);
    session.publish(publication(1));
    expect(session.publish(publication(1))).toBeUndefined();
    expect(session.subscribe([{ topic: 'a', qos: 0 }])).toBeUndefined();
    session.receive({ cmd: 'puback', messageId: 1 });
    expect(session.publish(publication(1))?.id).toBe(2);
  });

  test('SUBACK and UNSUBACK keep the list of subscriptions', () => {
    const session = new Session(10);
    session.subscribe([
      { topic: 'a', qos: 2 },
      { topic: 'b', qos: 1 },
      { topic: 'c', qos: 0 },
    ]);
    session.receive({ cmd: 'suback', messageId: 1, granted: [1, 0x80, 0] });
    expect([...session.subscriptions]).toEqual([
      ['a', 1],
      ['c', 0],
    ]);
    session.unsubscribe(['a', 'never']);
    expect(session.receive({ cmd: 'unsuback', messageId: 2, granted: [] })).toEqual({
      event: { event: 'unsubscribed', id: 2 },
    });
    expect([...session.subscriptions.keys()]).toEqual(['c']);
  });
});

describe('answers to nothing that was asked', () => {
  test.each<[SessionPacket, object]>([
    [{ cmd: 'puback', messageId: 9 }, { unexpected: 'PUBACK 9' }],
    [
      { cmd: 'pubrec', messageId: 9 },
      { unexpected: 'PUBREC 9', write: { cmd: 'pubrel', messageId: 9 } },
    ],
    [{ cmd: 'pubcomp', messageId: 9 }, { unexpected: 'PUBCOMP 9' }],
    [{ cmd: 'suback', messageId: 9, granted: [0] }, { unexpected: 'SUBACK 9' }],
    [{ cmd: 'unsuback', messageId: 9, granted: [] }, { unexpected: 'UNSUBACK 9' }],
    [{ cmd: 'pubrel', messageId: 9 }, { write: { cmd: 'pubcomp', messageId: 9 } }],
    // Of the wrong kind for what is under way: 1 is QoS 1, 2 is QoS 2, 3 a subscribe.
    [{ cmd: 'puback', messageId: 2 }, { unexpected: 'PUBACK 2' }],
    [{ cmd: 'puback', messageId: 3 }, { unexpected: 'PUBACK 3' }],
    [
      { cmd: 'pubrec', messageId: 1 },
      { unexpected: 'PUBREC 1', write: { cmd: 'pubrel', messageId: 1 } },
    ],
    [{ cmd: 'pubcomp', messageId: 2 }, { unexpected: 'PUBCOMP 2' }],
    [{ cmd: 'unsuback', messageId: 3, granted: [] }, { unexpected: 'UNSUBACK 3' }],
  ])('%j changes nothing', (packet, reaction) => {
    const session = new Session(10);
    session.publish(publication(1));
    session.publish(publication(2));
    session.subscribe([{ topic: 'a', qos: 0 }]);
    expect(session.receive(packet)).toEqual(reaction);
    expect(session.underWay).toBe(3);
    expect(session.subscriptions.size).toBe(0);
  });
});

describe('incoming', () => {
  test.each<[Qos, object | undefined]>([
    [0, undefined],
    [1, { cmd: 'puback', messageId: 7 }],
    [2, { cmd: 'pubrec', messageId: 7 }],
  ])('QoS %i is delivered, and answered', (qos, write) => {
    const reaction = new Session(1).receive(publish(qos, qos ? 7 : undefined));
    expect(reaction.write).toEqual(write);
    expect(reaction.event).toMatchObject({
      event: 'message',
      message: qos ? { topic: 't', qos, id: 7 } : { topic: 't', qos },
    });
  });

  test('QoS 2 exactly once, until PUBREL frees the id', () => {
    const session = new Session(1);
    expect(session.receive(publish(2, 7)).event).toBeDefined();
    expect(session.receive(publish(2, 7, true))).toEqual({ write: { cmd: 'pubrec', messageId: 7 } });
    session.receive({ cmd: 'pubrel', messageId: 7 });
    expect(session.receive(publish(2, 7)).event).toBeDefined();
  });

  test('the header counts all bytes before the payload', () => {
    const header = (topic: string, qos: Qos, size: number) => {
      const length = 2 + Buffer.byteLength(topic) + (qos ? 2 : 0) + size;
      const { event } = new Session(1).receive({ ...publish(qos, 1), topic, payload: Buffer.alloc(size), length });
      return event?.event === 'message' ? event.message.header : undefined;
    };
    expect(header('a/b', 0, 0)).toBe(2 + 2 + 3);
    expect(header('a/b', 1, 10)).toBe(2 + 2 + 3 + 2);
    expect(header('温度', 1, 200)).toBe(3 + 2 + 6 + 2);
    expect(header('a', 0, 20_000)).toBe(4 + 2 + 1);
  });

  test('the payload is a copy: the read buffer may be used again', () => {
    const shared = Buffer.from('original');
    const { event } = new Session(1).receive({ ...publish(0), payload: shared, length: 11 });
    shared.fill(0);
    expect(event?.event === 'message' && event.message.payload.toString()).toBe('original');
  });
});

describe('after a lost link', () => {
  function interruptedSession(): Session {
    const session = new Session(10);
    for (const [qos, topic] of [
      [1, 'one'],
      [2, 'two'],
      [2, 'three'],
      [1, 'four'],
    ] as const) {
      session.publish(publication(qos, topic));
    }
    session.subscribe([{ topic: 'a', qos: 0 }]);
    session.receive({ cmd: 'suback', messageId: 5, granted: [0] });
    session.subscribe([{ topic: 'b', qos: 0 }]);
    session.unsubscribe(['a']);
    session.receive({ cmd: 'pubrec', messageId: 2 });
    session.receive({ cmd: 'puback', messageId: 4 });
    session.receive(publish(2, 7));
    session.interrupted();
    return session;
  }

  test('a broker with the session gets PUBLISH again with DUP and its id, and PUBREL, but no SUBSCRIBE', () => {
    expect(interruptedSession().resume(true)).toMatchObject([
      { cmd: 'publish', messageId: 1, topic: 'one', qos: 1, dup: true },
      { cmd: 'publish', messageId: 3, topic: 'three', qos: 2, dup: true },
      { cmd: 'pubrel', messageId: 2 },
    ]);
  });

  test('a broker without it gets no PUBREL, may use its ids anew, and the list of subscriptions stays', () => {
    const session = interruptedSession();
    expect(session.resume(false)).toMatchObject([
      { cmd: 'publish', messageId: 1 },
      { cmd: 'publish', messageId: 3 },
    ]);
    expect(session.receive(publish(2, 7)).event).toBeDefined();
    expect([...session.subscriptions.keys()]).toEqual(['a']);
  });

  test('a broker with it repeats a QoS 2 message that was delivered, and it is not delivered again', () => {
    const session = interruptedSession();
    session.resume(true);
    expect(session.receive(publish(2, 7, true)).event).toBeUndefined();
  });

  test('the late answer to a repeated message ends it', () => {
    const session = interruptedSession();
    session.resume(true);
    expect(session.receive({ cmd: 'puback', messageId: 1 }).event).toEqual({ event: 'acknowledged', id: 1 });
  });

  test('reset forgets all but the list of subscriptions, and counts from 1', () => {
    const session = interruptedSession();
    session.reset();
    expect(session.resume(true)).toEqual([]);
    expect(session.receive(publish(2, 7)).event).toBeDefined();
    expect(session.publish(publication(1))?.id).toBe(1);
    expect(session.subscriptions.size).toBe(1);
    session.forgetSubscriptions();
    expect(session.subscriptions.size).toBe(0);
  });

  test('repeat is for what is unanswered only', () => {
    const session = new Session(2);
    session.publish(publication(1));
    session.subscribe([{ topic: 'a', qos: 1 }]);
    expect(session.repeat(1)).toMatchObject({ cmd: 'publish', messageId: 1, dup: true });
    expect(session.repeat(2)).toMatchObject({ cmd: 'subscribe', messageId: 2 });
    session.receive({ cmd: 'puback', messageId: 1 });
    expect(session.repeat(1)).toBeUndefined();
  });
});
