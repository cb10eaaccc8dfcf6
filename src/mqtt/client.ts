/**
 * One MQTT client of a module: opens a link, speaks MQTT over it, keeps it alive, wins it back. Owns the link and the one
 * state that link and connection share; what is asked and answered is the dialogue's, and how any of it looks on the AT port
 * is not known here.
 *
 *   idle → dialling → linked → connecting → up → closing → idle
 *   linked, connecting, up → lost → dialling, asked for or by itself
 */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { Signal } from '../base/signal.js';
import type { Dialling, DialRequest, Transport } from '../net/dial.js';
import type { Linked } from '../net/outcome.js';
import { type ConnectOptions, connectFault } from './connect-options.js';
import { Dialogue, type Incoming } from './dialogue.js';
import { Heartbeat } from './heartbeat.js';
import { defaultLimits, type MqttLimits } from './limits.js';
import type {
  CloseResult,
  ConnectResult,
  DisconnectResult,
  LossCause,
  OpenResult,
  Progress,
  PublishResult,
  SubscribeResult,
  UnsubscribeResult,
} from './outcomes.js';
import type { IncomingPacket, Publication, Subscription } from './packets.js';
import { Redial } from './redial.js';
import type { Wire } from './wire.js';

export type ClientState = 'idle' | 'dialling' | 'linked' | 'connecting' | 'up' | 'closing' | 'lost';

export interface MqttTiming {
  /** How long CONNACK, and SUBACK or UNSUBACK, may take where the caller does not say. */
  connack: number;
  suback: number;
  /** How long PINGRESP may take at most; with a shorter keep-alive, that. */
  ping: number;
  /** How long a peer may take to close its side. */
  linger: number;
}

const defaultTiming: MqttTiming = { connack: 30_000, suback: 30_000, ping: 10_000, linger: 1_000 };

export interface MqttEnvironment {
  clock: Clock;
  log: Log;
  dial: (request: DialRequest) => Dialling;
  limits?: Partial<MqttLimits>;
  timing?: Partial<MqttTiming>;
  /** The seam for faults: the return code that is read where the broker has accepted; undefined: 0, as it is. */
  spoilConnack?: (host: string, port: number) => number | undefined;
}

export interface Loss {
  cause: LossCause;
  /** An operation was under way and ended with `lost`: its caller knows already. */
  answered: boolean;
}

/** A dial under way, and what its caller is told instead when it is given up. */
interface Attempt {
  dialling: Dialling;
  givenUp?: OpenResult;
}

export class MqttClient {
  /** Not for a link that this side closed, nor for tries to win a lost one back. */
  readonly lost = new Signal<Loss>();
  readonly reconnected = new Signal<{ session: boolean }>();

  readonly #env: MqttEnvironment;
  readonly #timing: MqttTiming;
  readonly #dialogue: Dialogue;
  readonly #heartbeat: Heartbeat;
  readonly #redial: Redial;
  #state: ClientState = 'idle';
  #reading: 'read' | 'held' = 'read';
  #request: DialRequest | undefined;
  #options: ConnectOptions | undefined;
  /** Whose session it is: another id or another broker begins another. */
  #identity = '';
  #attempt: Attempt | undefined;

  constructor(env: MqttEnvironment) {
    const { clock, log } = env;
    this.#env = env;
    this.#timing = { ...defaultTiming, ...env.timing };
    this.#dialogue = new Dialogue(clock, log, { ...defaultLimits, ...env.limits }, incoming => this.#take(incoming));
    this.#heartbeat = new Heartbeat(clock, {
      ping: () => this.#dialogue.send({ cmd: 'pingreq' }),
      dead: () => this.#lose('ping-timeout'),
    });
    this.#redial = new Redial(clock, { attempt: () => this.#tryAgain(), failed: () => this.#stayLost() });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** As it last said who it is. */
  get clientId(): string | undefined {
    return this.#options?.clientId;
  }

  /** The last peer that was asked for, before routes. */
  get host(): string | undefined {
    return this.#request?.host;
  }

  get port(): number | undefined {
    return this.#request?.port;
  }

  get transport(): Transport | undefined {
    return this.#request?.transport;
  }

  /** Topic to granted QoS: the module's own list. A broker that lost the session does not change it. */
  get subscriptions(): ReadonlyMap<string, number> {
    return this.#dialogue.session.subscriptions;
  }

  /** Publications of QoS 1 and 2 that the broker has not confirmed. */
  get unconfirmed(): number {
    return this.#dialogue.unconfirmed;
  }

  get message(): Dialogue['message'] {
    return this.#dialogue.message;
  }

  /** Every packet, both ways, as it is: the password is in CONNECT. */
  get packet(): Dialogue['packet'] {
    return this.#dialogue.packet;
  }

  // ---- the link

  async open(request: DialRequest): Promise<OpenResult> {
    if (this.#state !== 'idle' && this.#state !== 'lost') return { outcome: 'already' };
    this.#redial.stop();
    this.#request = request;
    return this.#dial(request, 'idle');
  }

  /** Says DISCONNECT and leaves the link to the peer to close, as several modules do; that close is silent. */
  disconnect(): DisconnectResult {
    if (this.#state !== 'up') return { outcome: 'not-open' };
    this.#dialogue.send({ cmd: 'disconnect' });
    this.#heartbeat.stop();
    this.#interruptSession();
    this.#enter('closing');
    this.#dialogue.interrupt('closed');
    return { outcome: 'disconnected' };
  }

  /** Closes whatever there is, a dial or a winning back included; says DISCONNECT first if up [MQTT 3.14]. */
  async close(): Promise<CloseResult> {
    const wire = this.#dialogue.wire;
    if (this.#state === 'up') this.#dialogue.send({ cmd: 'disconnect' });
    const wasTrying = this.#giveUp({ outcome: 'cancelled', cause: 'closed' });
    const wasRedialling = this.#redial.stop();
    this.#forgetLink();
    this.#interruptSession();
    this.#enter('idle');
    this.#dialogue.interrupt('closed');
    await wire?.end(this.#env.clock, this.#timing.linger);
    return { outcome: wire || wasTrying || wasRedialling ? 'closed' : 'not-open' };
  }

  /** A power cut: the link is reset, nothing is said on either side, and nothing is remembered. */
  destroy(): void {
    this.#redial.stop();
    this.#giveUp({ outcome: 'cancelled', cause: 'power cut' });
    this.#dialogue.wire?.reset();
    this.#forgetLink();
    this.forget();
    this.#enter('idle');
    this.#dialogue.interrupt('power cut');
  }

  /** The network went away under the link (PDP context, Wi-Fi, a fault): the same as a loss with that cause. */
  drop(cause: LossCause): void {
    if (this.#state === 'idle' || this.#state === 'lost') return;
    if (this.#giveUp({ outcome: 'lost', cause })) this.#enter(this.#redial.isActive ? 'lost' : 'idle');
    else this.#lose(cause);
  }

  /** Forgets the session and the list of subscriptions; for a client that is not up. */
  forget(): void {
    this.#dialogue.session.reset();
    this.#dialogue.session.forgetSubscriptions();
    this.#identity = '';
  }

  /** Stops reading the link. A missing PINGRESP is not held against the broker meanwhile. */
  pause(): void {
    this.#reading = 'held';
    this.#dialogue.wire?.pause();
    this.#heartbeat.hold();
  }

  resume(): void {
    this.#reading = 'read';
    this.#dialogue.wire?.resume();
    this.#heartbeat.release();
  }

  // ---- MQTT

  async connect(options: ConnectOptions, progress?: Progress): Promise<ConnectResult> {
    if (this.#state === 'connecting' || this.#state === 'up') return { outcome: 'already' };
    if (this.#state !== 'linked') return { outcome: 'not-open' };
    const fault = connectFault(options);
    if (fault !== undefined) return { outcome: 'failed', cause: fault };
    this.#options = options;
    this.#takeIdentity(options);
    if (options.clean) this.#dialogue.session.forgetSubscriptions();
    return this.#greet(options, progress);
  }

  /** QoS 0 is `sent` at once; with QoS 1 and 2 the broker's answer is awaited. The payload belongs to the client now. */
  publish(publication: Publication, progress?: Progress, within?: number): PublishResult | Promise<PublishResult> {
    if (this.#state !== 'up') return { outcome: 'not-online' };
    return this.#dialogue.publish(publication, { within, progress });
  }

  async subscribe(
    subscriptions: readonly Subscription[],
    within = this.#subackTime,
    progress?: Progress,
  ): Promise<SubscribeResult> {
    if (this.#state !== 'up') return { outcome: 'not-online' };
    return this.#dialogue.subscribe(subscriptions, { within, progress });
  }

  async unsubscribe(
    topics: readonly string[],
    within = this.#subackTime,
    progress?: Progress,
  ): Promise<UnsubscribeResult> {
    if (this.#state !== 'up') return { outcome: 'not-online' };
    return this.#dialogue.unsubscribe(topics, { within, progress });
  }

  /** With repetitions, those have the time. */
  get #subackTime(): number | undefined {
    return this.#options?.retry ? undefined : this.#timing.suback;
  }

  // ---- dialling

  async #dial(request: DialRequest, ifFailed: 'idle' | 'lost'): Promise<OpenResult> {
    this.#enter('dialling');
    const attempt: Attempt = { dialling: this.#env.dial(request) };
    this.#attempt = attempt;
    // Loaded while the network answers: mqtt-packet takes 30 ms, which a modem without MQTT never spends.
    const [{ Wire }, outcome] = await Promise.all([import('./wire.js'), attempt.dialling.done]);
    if (attempt.givenUp) {
      if (outcome.outcome === 'linked') discard(outcome);
      return attempt.givenUp;
    }
    this.#attempt = undefined;
    if (outcome.outcome !== 'linked') {
      this.#enter(ifFailed);
      return { ...outcome };
    }
    this.#dialogue.wire = this.#newWire(Wire, outcome);
    this.#enter('linked');
    return { outcome: 'linked', address: outcome.address, port: outcome.port };
  }

  #newWire(Class: typeof Wire, { link, reset }: Linked): Wire {
    const { inbox, limits } = this.#dialogue;
    const wire = new Class(link, reset, limits, {
      packet: packet => inbox.put({ packet }),
      sent: () => this.#heartbeat.sent(),
      closed: (closed, detail) => inbox.put({ closed, detail }),
    });
    if (this.#reading === 'held') wire.pause();
    return wire;
  }

  /** Ends a dial under way; whether there was one. */
  #giveUp(instead: OpenResult): boolean {
    if (!this.#attempt) return false;
    this.#attempt.givenUp = instead;
    this.#attempt.dialling.cancel();
    this.#attempt = undefined;
    return true;
  }

  /** One try to win a lost connection back, with the same request and options. */
  async #tryAgain(): Promise<void> {
    await this.#dial(this.#request!, 'lost');
    if (this.#state === 'linked') await this.#greet(this.#options!);
  }

  #stayLost(): void {
    this.#dialogue.wire?.reset();
    this.#forgetLink();
    this.#enter('lost');
  }

  // ---- what comes from the link

  #take(incoming: Incoming): void {
    if ('closed' in incoming) {
      this.#lose(incoming.closed, incoming.detail);
      return;
    }
    const { packet } = incoming;
    this.packet.emit({ direction: 'in', packet });
    if (this.#state === 'up') this.#received(packet);
    else if (this.#state === 'linked') this.#lose('protocol-error', `${packet.cmd} before CONNECT`);
    else if (this.#state === 'connecting') this.#greeted(packet);
    // After DISCONNECT nothing that comes matters.
  }

  #received(packet: IncomingPacket): void {
    if (packet.cmd === 'pingresp') this.#heartbeat.answered();
    else if (packet.cmd === 'connack') this.#env.log.debug({ packet }, 'mqtt: a second CONNACK');
    else this.#dialogue.receive(packet);
  }

  /** CONNACK is the first packet of a broker [MQTT-3.2.0-1]. */
  #greeted(packet: IncomingPacket): void {
    if (packet.cmd !== 'connack') {
      this.#lose('protocol-error', `${packet.cmd} before CONNACK`);
      return;
    }
    const spoilt = packet.returnCode === 0 ? this.#env.spoilConnack?.(this.host ?? '', this.port ?? 0) : undefined;
    const code = spoilt ?? packet.returnCode;
    if (code === 0) return this.#accepted(packet.sessionPresent);
    this.#enter('linked');
    this.#dialogue.rejected(code ?? 0);
    if (spoilt) this.#closeAsBroker();
  }

  /** Who refuses closes the link [MQTT-3.2.2-5]; of what the real broker sends nothing is heard any more. */
  #closeAsBroker(): void {
    this.#dialogue.wire?.reset();
    this.#dialogue.inbox.clear();
    this.#dialogue.inbox.put({ closed: 'peer-closed' });
  }

  #accepted(sessionPresent: boolean): void {
    const { clean, version, keepalive, ping } = this.#options!;
    const { session } = this.#dialogue;
    this.#enter('up');
    const pingTime = ping?.within ?? Math.min(keepalive * 1000, this.#timing.ping);
    this.#heartbeat.start(keepalive * 1000, pingTime, ping?.retries);
    // MQTT 3.1 cannot say whether the broker has the session: then it is taken to have it.
    if (clean) session.reset();
    else for (const packet of session.resume(version === 3 || sessionPresent)) this.#dialogue.send(packet);
    if (this.#redial.stop()) this.reconnected.emit({ session: sessionPresent });
    this.#dialogue.accepted(sessionPresent);
  }

  /** A second CONNECT on a link would be a fault [MQTT-3.1.0-2]: its repetitions are told, and TCP makes them. */
  #greet(options: ConnectOptions, progress?: Progress): Promise<ConnectResult> {
    this.#enter('connecting');
    const { retry } = options;
    return this.#dialogue.connect(options, {
      within: retry ? retry.after * (retry.times + 1) : (options.within ?? this.#timing.connack),
      expired: () => this.#lose('connack-timeout', 'no CONNACK', 'answered'),
      retry: retry && { ...retry, inVain: undefined, again: () => {} },
      progress,
    });
  }

  // ---- states

  #lose(cause: LossCause, detail?: string, told?: 'answered'): void {
    const before = this.#state;
    this.#dialogue.wire?.reset();
    this.#forgetLink();
    if (before === 'closing') {
      this.#enter('idle');
      return;
    }
    this.#env.log.info({ cause, detail, host: this.host, port: this.port }, `mqtt: link lost, ${cause}`);
    this.#interruptSession();
    this.#enter('lost');
    const answered = this.#dialogue.interrupt(cause) > 0 || told === 'answered';
    if (this.#redial.isActive) return;
    if (before === 'up' && this.#options?.reconnect) this.#redial.start(this.#options.reconnect.every);
    this.lost.emit({ cause, answered });
  }

  #forgetLink(): void {
    this.#dialogue.wire = undefined;
    this.#dialogue.inbox.clear();
    this.#heartbeat.stop();
  }

  #interruptSession(): void {
    if (this.#options?.clean) this.#dialogue.session.reset();
    else this.#dialogue.session.interrupted();
  }

  #takeIdentity({ clientId }: ConnectOptions): void {
    const identity = JSON.stringify([clientId, this.host, this.port]);
    if (identity !== this.#identity) this.forget();
    this.#identity = identity;
  }

  #enter(state: ClientState): void {
    if (state === this.#state) return;
    this.#env.log.debug({ from: this.#state, to: state }, `mqtt: ${this.#state} → ${state}`);
    this.#state = state;
  }
}

function discard({ link, reset }: Linked): void {
  if (reset) reset();
  else link.destroy();
}
