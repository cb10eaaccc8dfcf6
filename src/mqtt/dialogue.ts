/**
 * What is asked of the broker, and what it answers: brings together the session, the callers that wait and the wire of the
 * moment. Knows nothing of dialling, states or keep-alive.
 */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { Signal } from '../base/signal.js';
import { type ConnectOptions, connectPacket } from './connect-options.js';
import { Inbox } from './inbox.js';
import { type MqttLimits, publicationFault, topicsFault } from './limits.js';
import {
  type ConnectResult,
  connackReason,
  type LossCause,
  type PublishResult,
  type Result,
  type SubscribeResult,
  type UnsubscribeResult,
} from './outcomes.js';
import type { IncomingPacket, Message, OutgoingPacket, PacketSeen, Publication, Subscription } from './packets.js';
import { connectId, type Patience, Pending } from './pending.js';
import { type Launched, Session, type SessionEvent, type SessionPacket, subscriptionRefused } from './session.js';
import type { Wire } from './wire.js';

/** From the wire, in order; the loss of the link is the last. */
export type Incoming = { packet: IncomingPacket } | { closed: LossCause; detail?: string };

export class Dialogue {
  readonly message = new Signal<Message>();
  readonly packet = new Signal<PacketSeen>();
  readonly session: Session;
  readonly inbox: Inbox<Incoming>;
  wire: Wire | undefined;
  retry: ConnectOptions['retry'];
  readonly #pending: Pending;

  constructor(
    clock: Clock,
    readonly log: Log,
    readonly limits: MqttLimits,
    take: (incoming: Incoming) => void,
  ) {
    this.session = new Session(limits.inflight);
    this.#pending = new Pending(clock);
    this.inbox = new Inbox(clock, take);
  }

  send(packet: OutgoingPacket): void {
    this.wire?.send(packet);
    this.packet.emit({ direction: 'out', packet });
  }

  connect(options: ConnectOptions, patience: Patience): Promise<ConnectResult> {
    this.retry = options.retry;
    this.send(connectPacket(options));
    return this.#pending.wait(connectId, patience) as Promise<ConnectResult>;
  }

  /** Publications of QoS 1 and 2 that the broker has not confirmed. */
  get unconfirmed(): number {
    return this.session.publications;
  }

  publish(publication: Publication, patience: Patience): PublishResult | Promise<PublishResult> {
    const fault = publicationFault(publication, this.limits);
    if (fault) return fault;
    if ((this.wire?.queued ?? 0) > this.limits.outgoingQueue) return { outcome: 'too-many' };
    if (publication.qos > 0) return this.#ask(this.session.publish(publication), patience);
    const { topic, payload, retain } = publication;
    this.send({ cmd: 'publish', topic, payload, qos: 0, retain, dup: false });
    return { outcome: 'sent' };
  }

  async subscribe(subscriptions: readonly Subscription[], patience: Patience): Promise<SubscribeResult> {
    const topics = subscriptions.map(subscription => subscription.topic);
    return topicsFault(topics, this.limits) ?? this.#ask(this.session.subscribe(subscriptions), patience);
  }

  async unsubscribe(topics: readonly string[], patience: Patience): Promise<UnsubscribeResult> {
    return topicsFault(topics, this.limits) ?? this.#ask(this.session.unsubscribe(topics), patience);
  }

  accepted(sessionPresent: boolean): void {
    this.#answer(connectId, { outcome: 'connected', session: sessionPresent });
  }

  rejected(code: number): void {
    this.#answer(connectId, { outcome: 'rejected', code, reason: connackReason(code) });
  }

  receive(packet: SessionPacket): void {
    const { write, event, unexpected } = this.session.receive(packet);
    if (unexpected !== undefined) this.log.debug({ unexpected }, 'mqtt: an answer to nothing that was asked');
    if (write) this.send(write);
    if (event) this.#tell(event);
  }

  /** The link is gone, or given up: how many callers were told so. */
  interrupt(cause: string): number {
    return this.#pending.settleAll({ outcome: 'lost', cause });
  }

  #tell(event: SessionEvent): void {
    switch (event.event) {
      case 'message':
        this.message.emit(event.message);
        break;
      case 'received':
        this.#pending.tell(event.id, 'received', { id: event.id });
        break;
      case 'acknowledged':
      case 'completed':
      case 'unsubscribed':
        this.#answer(event.id, { outcome: event.event, id: event.id });
        break;
      case 'subscribed': {
        const { id, granted } = event;
        const denied = granted.length > 0 && granted.every(code => code === subscriptionRefused);
        this.#answer(id, { outcome: denied ? 'denied' : 'subscribed', granted, id });
      }
    }
  }

  #ask<Word extends string>(launched: Launched | undefined, patience: Patience): Promise<Result<Word>> | Result<Word> {
    if (!launched) return { outcome: 'too-many' as Word };
    const { id, packet } = launched;
    this.send(packet);
    return this.#pending.wait(id, { ...patience, retry: this.#retryOf(id) }) as Promise<Result<Word>>;
  }

  #retryOf(id: number): Patience['retry'] {
    if (!this.retry) return undefined;
    const { after, times, inVain } = this.retry;
    const again = () => this.#repeat(id);
    const { wire } = this;
    const giveUp = () => wire && wire === this.wire && this.inbox.put({ closed: 'unanswered' });
    return { after, times, again, inVain: inVain === 'give-up' ? giveUp : undefined };
  }

  #repeat(id: number): void {
    const packet = this.session.repeat(id);
    if (packet) this.send(packet);
  }

  #answer(id: number, result: Result): void {
    if (this.#pending.settle(id, result)) this.inbox.answered();
  }
}
