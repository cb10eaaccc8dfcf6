/**
 * One modem: power, settings, what it sees of the network, its clients and files, and its AT channels over them. Owns the
 * way from a network event to the dialect's URC rules; writes nothing to a port itself.
 */
import type { ByteString } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { Signal } from '../base/signal.js';
import { type Dialect, refusalSteps } from '../grammar/dialect.js';
import {
  drive,
  type OnlineRequest,
  type OperationRequest,
  perform,
  type Result,
  type Waiting,
} from '../grammar/exchange.js';
import type { Step } from '../grammar/steps.js';
import { type Entry, type Environment, fieldsOf, type Row, type Scope, type Value } from '../grammar/values.js';
import type { Address } from '../grammar/vocabulary.js';
import { type DialEnvironment, dial } from '../net/dial.js';
import type { ListenRule } from '../net/listen.js';
import type { Timing } from '../network/pace.js';
import type { Surroundings } from '../network/surroundings.js';
import type { Port } from '../ports/port.js';
import type { FileStore } from '../store/files.js';
import type { ModuleStore } from '../store/state-folder.js';
import { Channel, type ChannelRole } from './channel.js';
import { Clients } from './clients.js';
import { Counters } from './counters.js';
import type { DialogueLine } from './dialogue.js';
import { EventStage } from './event-stage.js';
import { factLists, facts } from './facts.js';
import type { FaultSeam } from './fault-seam.js';
import type { HeardCommand, HeardLine } from './heard.js';
import { Links } from './links.js';
import { lookUp } from './look-up.js';
import { Mailboxes } from './mailbox.js';
import { followNetwork } from './network-events.js';
import type { RunOperation } from './operation.js';
import { Secrets } from './secrets.js';
import { Settings } from './settings.js';
import { UnknownCommands } from './unknown-commands.js';

/** When the module has power: see README, `--power`. */
export type PowerPolicy = 'attach' | 'start' | 'every-open' | 'manual';

export interface ModemOptions {
  name: string;
  dialect: Dialect;
  operations: ReadonlyMap<string, RunOperation>;
  surroundings: Surroundings;
  store: ModuleStore;
  /** Certificates that the module was made with, by slot: PEM or DER. */
  certificates: ReadonlyMap<string, Buffer>;
  dial: Omit<DialEnvironment, 'clock' | 'log'>;
  /** Where its own servers listen; loopback unless a rule says otherwise. */
  listen?: readonly ListenRule[];
  power: PowerPolicy;
  timing: Timing;
  clock: Clock;
  log: Log;
  /** Who may spoil what it does. */
  faults?: FaultSeam;
  /** Which other dialects have a command: for the help that an unknown one gets. */
  whoHas?: (command: string) => readonly string[];
}

export type ModemEvent =
  | { event: 'power'; state: 'on' | 'off' }
  | { event: 'attached' | 'detached'; channel: number }
  | { event: 'lines'; channel: number; dtr: boolean; rts: boolean }
  | { event: 'mqtt'; client: number; state: string }
  | { event: 'port-lost'; channel: number; reason: string };

/** Milliseconds from power-on to the first boot line, in `timing: real`. */
const bootTime = 2000;
const urcGapReal = 200;

/** Bytes of a module's heap that a client and a waiting message take, about: what is read of free memory must move. */
const clientCost = 64;
const messageCost = 256;

export class Modem {
  readonly events = new Signal<ModemEvent>();
  /** Every line of the dialogue, secrets hidden. Who speaks asks `isHeard` first: it costs nothing while nobody listens. */
  readonly dialogue = new Signal<DialogueLine>();
  /** Every line of a host, before it is taken apart. Secrets are in it, as in `commands`: never for a log. */
  readonly lines = new Signal<HeardLine>();
  /** Every command, when its turn has come and before anything of it is done. */
  readonly commands = new Signal<HeardCommand>();
  readonly name: string;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
  readonly surroundings: Surroundings;
  readonly clients: Clients;
  readonly links: Links;
  readonly mailboxes: Mailboxes | undefined;
  /** By their numbers: the ports that the operator gave it, then guests. */
  readonly channels: Channel[] = [];
  readonly counters = new Counters();
  readonly environment: Environment;
  /** Values that must not show in logs. */
  readonly secrets = new Secrets();
  readonly urcGap: number;
  /** Counts power-ons: what began in an earlier life may not go on. */
  life = 0;
  readonly #options: ModemOptions;
  readonly #unknown: UnknownCommands;
  #dial: ModemOptions['dial'];
  #power: 'on' | 'off' = 'off';
  #isFrozen = false;
  #mostHeld = 0;

  constructor(options: ModemOptions) {
    this.#options = options;
    this.#dial = options.dial;
    this.name = options.name;
    this.dialect = options.dialect;
    this.clock = options.clock;
    this.log = options.log;
    this.settings = new Settings(options.dialect, options.store.flash);
    this.surroundings = options.surroundings;
    this.mailboxes = options.dialect.mailbox && new Mailboxes(options.dialect.mailbox);
    this.clients = new Clients(this, request => dial(request, this.#dialEnvironment));
    this.links = new Links(this, () => this.#dialEnvironment, options.listen ?? []);
    this.#unknown = new UnknownCommands(options.dialect, options.clock, options.whoHas ?? (() => []));
    const { urcGap } = options.dialect.style;
    this.urcGap = urcGap === 'by-timing' ? (options.timing === 'real' ? urcGapReal : 0) : urcGap;
    this.environment = {
      fact: (name, address) => this.#fact(name, address),
      factList: (name, address) => this.#factList(name, address),
      setting: (name, of, address) => this.settings.get(name, of, address),
    };
    this.settings.changed.on(({ name, value }) => this.#noteSecret(name, value));
    followNetwork(this);
  }

  get isOn(): boolean {
    return this.#power === 'on';
  }

  get files(): FileStore {
    return this.#options.store.files;
  }

  get faults(): FaultSeam | undefined {
    return this.#options.faults;
  }

  get timing(): Timing {
    return this.#options.timing;
  }

  async addChannel(port: Port, role: ChannelRole = 'port'): Promise<Channel> {
    const channel = new Channel(this, port, this.#freeNumber, role);
    channel.reset();
    this.channels.push(channel);
    this.channels.sort((a, b) => a.index - b.index);
    await channel.open();
    return channel;
  }

  /** A guest has gone. What it set for itself goes with it; links that it opened stay, and are the first port's. */
  async removeChannel(channel: Channel): Promise<void> {
    const place = this.channels.indexOf(channel);
    if (place < 0 || channel.role !== 'guest') return;
    this.channels.splice(place, 1);
    await channel.leave();
    this.settings.forgetChannel(channel.index);
  }

  /** The channel of that number. */
  channel(index: number): Channel | undefined {
    return this.channels.find(channel => channel.index === index);
  }

  /** Only with `start` the module is on before a DTE comes. */
  start(): void {
    if (this.#options.power === 'start') this.powerOn();
  }

  async close(): Promise<void> {
    await Promise.all([this.clients.close(), this.links.close()]);
    this.powerOff();
    await Promise.all(this.channels.map(channel => channel.port.close()));
    await this.#options.store.close();
  }

  /** From the next dial on; links that stand are left alone. */
  reroute(way: Pick<DialEnvironment, 'routes' | 'policy'>): void {
    this.#dial = { ...this.#dial, ...way };
  }

  powerOn(): void {
    if (this.isOn) return;
    this.#power = 'on';
    this.life += 1;
    this.settings.powerOn();
    for (const [name, value] of this.settings.entries()) this.#noteSecret(name, value);
    for (const channel of this.channels) channel.reset();
    this.log.info({}, 'power on');
    this.events.emit({ event: 'power', state: 'on' });
    this.surroundings.powerOn();
    this.#boot();
  }

  /** As when the supply is cut: links are reset, RAM is lost, nothing is said. */
  powerOff(): void {
    if (!this.isOn) return;
    this.#power = 'off';
    this.life += 1;
    this.clients.destroy();
    this.links.destroy();
    this.mailboxes?.clear();
    this.surroundings.powerOff();
    for (const channel of this.channels) channel.reset();
    this.log.info({}, 'power off');
    this.events.emit({ event: 'power', state: 'off' });
  }

  /** Reboots or switches off once everything that is said is said. */
  powerAfterAnswer(what: 'restart' | 'off'): void {
    const { life } = this;
    const when = (turns: number): void => {
      if (life !== this.life) return;
      if (turns > 0 && !this.channels.every(channel => channel.isQuiet)) return this.clock.soon(() => when(turns - 1));
      this.powerOff();
      if (what === 'restart') this.powerOn();
    };
    if (this.urcGap > 0) this.clock.after(this.urcGap, () => when(16));
    else this.clock.soon(() => when(16));
  }

  /** A guest is nobody's host: it moves no power, and is told to nobody. */
  attached(channel: Channel): void {
    if (channel.role === 'guest') return;
    this.events.emit({ event: 'attached', channel: channel.index });
    if (this.#options.power === 'every-open' && this.isOn && channel.index === 0) this.powerOff();
    if (this.#options.power === 'attach' || this.#options.power === 'every-open') this.powerOn();
  }

  detached(channel: Channel): void {
    if (channel.role === 'guest') return;
    this.events.emit({ event: 'detached', channel: channel.index });
  }

  portLost(channel: Channel, reason: Error): void {
    this.log.error({ err: reason, port: channel.port.path }, 'the port is gone');
    this.events.emit({ event: 'port-lost', channel: channel.index, reason: reason.message });
  }

  // What it has for its host.

  /** The certificate or key of that name: a file of the store, else what the module was made with. */
  certificate(name: ByteString): Buffer | undefined {
    const file = this.files.read(name);
    return file.outcome === 'done' ? file.bytes : this.#options.certificates.get(name);
  }

  /** The address that a name has for this modem: routes first. */
  lookUp(name: string): Promise<Result> {
    return lookUp(name, this.#dialEnvironment);
  }

  /** Bytes of its heap that are taken, as a module would count them. */
  get held(): number {
    const held =
      clientCost * (this.clients.size + this.links.open.length) + messageCost * (this.mailboxes?.messages ?? 0);
    this.#mostHeld = Math.max(this.#mostHeld, held);
    return held;
  }

  get mostHeld(): number {
    return Math.max(this.#mostHeld, this.held);
  }

  // What stages need.

  operate(request: OperationRequest, channel: Channel | undefined): Result | Waiting {
    const run = this.#options.operations.get(request.name);
    if (!run) throw new Error(`no operation ${request.name}`);
    const { scope, mapped, within, progress } = request;
    const result = run(request.with, {
      modem: this,
      channel,
      scope,
      mapped,
      within,
      progress: (word, fields = {}) => progress(word, fields),
    });
    return within === undefined || !(result instanceof Promise) ? result : this.#limited(result, within);
  }

  #limited(result: PromiseLike<Result>, within: number): Promise<Result> {
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(within, () => resolve({ outcome: 'timeout' }));
      result.then(resolve, reject).then(() => timer.cancel());
    });
  }

  /** Time passes only in `timing: real`; else what is about to happen may happen first. */
  pause(ms: number): Waiting {
    return new Promise(resolve => {
      const over = () => resolve({ outcome: 'done' });
      if (this.timing === 'real') this.clock.after(ms, over);
      else this.clock.soon(() => this.clock.soon(over));
    });
  }

  /** An event rule, or booting, brings a port online: the one of its command, else the first. */
  goOnline(request: OnlineRequest, origin: Channel | undefined): Result | Waiting {
    const channel = this.#present(origin) ?? this.channels[0];
    return channel?.state === 'command' ? channel.goOnline(request) : { outcome: 'failed' };
  }

  refusal(word: string): readonly Step[] {
    return refusalSteps(this.dialect, word);
  }

  /** Where a URC goes: to the channel that caused it, to all, to the first, or where the host wants it. */
  routeUrc(origin: Channel | undefined, write: (channel: Channel) => void): void {
    const wanted = this.dialect.urcPort?.(this.#eventScope({}, {})) ?? this.dialect.style.urcPort;
    if (wanted === 'all') return this.channels.forEach(write);
    const channel =
      typeof wanted === 'number'
        ? this.channels.filter(({ role }) => role === 'port')[wanted - 1]
        : ((wanted === 'issuer' ? this.#present(origin) : undefined) ?? this.channels[0]);
    if (channel && wanted !== 'none') write(channel);
  }

  /** An event of the core: every rule of the dialect whose condition holds, in order. */
  event(name: string, fields: Row = {}, address: Address = {}, origin?: Channel): void {
    const rules = this.dialect.events.get(name);
    if (!rules || !this.isOn) return;
    for (const rule of rules) {
      const scope = this.#eventScope(fieldsOf(fields), address);
      if (!rule.holds || rule.holds(scope)) this.#performEvent(rule.steps, scope, origin);
    }
  }

  /** The network waits: a host does not keep up, or the module hangs. */
  get holdsNetwork(): boolean {
    return this.#isFrozen || this.channels.some(channel => channel.isOverfull);
  }

  /** The network is read only while every host keeps up. */
  backlogChanged(): void {
    const { holdsNetwork } = this;
    this.clients.hold(holdsNetwork);
    this.links.hold(holdsNetwork);
    this.log.debug({ holdsNetwork }, holdsNetwork ? 'the host is slow: the network waits' : 'the host keeps up again');
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** By a fault: the module hangs, and reads the network no more until it goes on. Its ports are who strikes' business. */
  freeze(isFrozen: boolean): void {
    if (this.#isFrozen === isFrozen) return;
    this.#isFrozen = isFrozen;
    this.backlogChanged();
  }

  // The dialogue, for people.

  say(line: Omit<DialogueLine, 'at' | 'modem'>): void {
    this.dialogue.emit({ at: this.clock.wall(), modem: this.name, ...line });
  }

  /** @param length of all, where `bytes` are only the first of them */
  heardData(channel: Channel, bytes: ByteString, length = bytes.length): void {
    if (!this.dialogue.isHeard) return;
    const text = length > 80 ? `${length} bytes` : JSON.stringify(bytes).slice(1, -1);
    this.say({ channel: channel.index, from: 'host', text: `(data) ${text}` });
  }

  unknownCommand(command: string, channel: Channel): void {
    this.#unknown.tell(command, channel.log);
  }

  /** A number that a channel had may be another's by now. */
  get #freeNumber(): number {
    const taken = new Set(this.channels.map(({ index }) => index));
    let free = 0;
    while (taken.has(free)) free += 1;
    return free;
  }

  /** Who caused something may have gone since. */
  #present(channel: Channel | undefined): Channel | undefined {
    return channel && this.channels.includes(channel) ? channel : undefined;
  }

  get #dialEnvironment(): DialEnvironment {
    return { ...this.#dial, clock: this.clock, log: this.log };
  }

  #fact(name: string, address: Address): Value {
    const fact = facts[name];
    if (!fact) throw new Error(`no fact ${name}`);
    return fact(this, address);
  }

  #factList(name: string, address: Address): readonly Entry[] {
    const list = factLists[name];
    if (!list) throw new Error(`no list ${name}`);
    return list(this, address);
  }

  /** What names mean at an address, to who is no command. */
  scopeAt(address: Address): Scope {
    return this.#eventScope({}, address);
  }

  #eventScope(fields: Record<string, Value>, address: Address): Scope {
    return { fields, address, environment: this.environment };
  }

  #performEvent(steps: readonly Step[], scope: Scope, origin: Channel | undefined): void {
    const { life } = this;
    drive(perform(steps, scope, new EventStage(this, origin), true), {
      paused: () => {},
      failed: error => this.log.error({ err: error }, 'a bug in atmodem: an event rule is dropped'),
      isAlive: () => life === this.life,
    });
  }

  #boot(): void {
    const steps = this.dialect.boot;
    const { life } = this;
    const go = () => {
      if (life === this.life) this.#performEvent(steps, this.#eventScope({}, {}), undefined);
    };
    if (this.timing === 'real') this.clock.after(bootTime, go);
    else go();
  }

  #noteSecret(name: string, value: Value): void {
    if (typeof value === 'string' && value !== '' && this.dialect.settings.get(name)?.secret) this.secrets.add(value);
  }
}
