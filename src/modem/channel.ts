/**
 * One AT channel: a port, its framer, its registers (E, Q, V, S3 …), and the command line it is executing. Owns what is
 * written to the port, and when. One command line runs at a time; network results come in through the URC queue.
 */
import { type Command, parseCommandLine } from '../at/command-line.js';
import { Framer } from '../at/framer.js';
import { factoryRegisters, type Registers } from '../at/registers.js';
import { ResponseWriter } from '../at/response-writer.js';
import { isFailure } from '../at/result-codes.js';
import type { ByteString } from '../base/bytes.js';
import type { Log } from '../base/log.js';
import type { Unsubscribe } from '../base/signal.js';
import {
  type DataRequest,
  drive,
  type OnlineRequest,
  perform,
  type Result,
  refuse,
  type Waiting,
} from '../grammar/exchange.js';
import type { Scope } from '../grammar/values.js';
import type { Address } from '../grammar/vocabulary.js';
import type { Port } from '../ports/port.js';
import { Answer } from './answer.js';
import { Backlog } from './backlog.js';
import { CommandStage } from './command-stage.js';
import { DataEntry, type DataTimeout } from './data-entry.js';
import { hideSecrets, hideUnread, hideValues } from './dialogue.js';
import type { CommandFault } from './fault-seam.js';
import type { HeardCommand } from './heard.js';
import { invoke, scopeOf } from './invoke.js';
import { LineExecution } from './line-execution.js';
import type { Modem } from './modem.js';
import { OnlineState } from './online-state.js';
import { PortOutput } from './port-output.js';
import { applyRegister, registerNames } from './register-settings.js';
import { type DtrMeaning, SerialLine } from './serial-line.js';
import { UrcQueue } from './urc-queue.js';

/**
 * `port`: what the operator gave the modem, with its host. `guest`: a further one for who looks on, such as the terminal of a
 * page. A guest comes and goes while the modem runs, and the hosts of its ports never notice.
 */
export type ChannelRole = 'port' | 'guest';

/** What the host's next byte is part of: a line that will run at once, one that comes while another runs, data, or a link's. */
export type ChannelState = 'command' | 'executing' | 'data' | 'online';

/** AT alone, to whom commands are counted. */
const bare = { name: '', form: 'execute', args: '' } as const;

export class Channel {
  readonly registers: Registers = factoryRegisters();
  readonly urcs: UrcQueue;
  readonly log: Log;
  readonly #framer: Framer;
  readonly #writer: ResponseWriter;
  readonly #backlog: Backlog;
  readonly #output: PortOutput;
  readonly #line: LineExecution;
  readonly #answer: Answer;
  readonly #serial: SerialLine;
  readonly #unfollow: Unsubscribe;
  #data: DataEntry | undefined;
  #online: OnlineState | undefined;
  /** Bytes are on their way to a link, by a command of this channel. */
  #sending = 0;
  /** Of the line that is being typed. */
  #echoed: 'nothing' | 'something' = 'nothing';
  /** Repeated by A/ [V.250 5.2.4]. */
  #lastBody: ByteString | undefined;

  constructor(
    readonly modem: Modem,
    readonly port: Port,
    /** Its number for as long as it is there: commands and settings go by it. */
    readonly index: number,
    readonly role: ChannelRole = 'port',
  ) {
    const { dialect, clock, urcGap } = modem;
    this.log = modem.log.child({ channel: index });
    this.urcs = new UrcQueue(clock, () => this.#gate(), urcGap);
    this.#output = new PortOutput(port, bytes => {
      modem.counters.bytesOut += bytes;
      this.#backlog.grew();
    });
    this.#writer = new ResponseWriter(dialect.style.framing, this.registers, bytes => this.#output.write(bytes));
    this.#framer = new Framer(dialect.style, this.registers, {
      echo: bytes => this.#echo(bytes),
      commandLine: body => this.#commandLine(body),
      repeat: () => this.#repeat(),
      overlong: () => this.#refuseLine('line-too-long', ''),
      notACommand: line => this.#refuseLine('not-a-command', line),
      data: (bytes, end) => this.#dataEnded({ outcome: end === 'done' ? 'done' : 'cancelled', bytes }),
      online: bytes => this.#online?.fromHost(bytes),
    });
    this.#line = new LineExecution({
      start: command => this.#start(command, () => this.#invoke(command)),
      bare: () => this.#start(bare, () => this.final('OK', false, true)),
      unreadable: () => this.#refuse('bad-line', scopeOf(this, '')),
      unanswered: () => this.final('OK', false, true),
      done: () => this.#lineDone(),
    });
    this.#answer = new Answer({
      line: this.#line,
      writer: this.#writer,
      say: (text, how) => this.#say(text, how),
      placed: (place, command) => this.#faults?.place({ channel: index, place, command }) ?? [],
    });
    this.#backlog = new Backlog(this);
    this.#serial = new SerialLine(this, {
      flush: () => this.#output.flush(),
      dtrDropped: meaning => this.#turn(() => this.#dtrDropped(meaning)),
    });
    this.#unfollow = modem.settings.changed.on(({ name, channel }) => {
      if (registerNames.includes(name) && (channel ?? index) === index) this.#readRegister(name);
      // What a command sets is in force once its line is answered.
      if (!this.#line.isActive) this.#serial.refresh();
    });
  }

  get address(): Address {
    return { channel: this.index };
  }

  async open(): Promise<void> {
    await this.port.open({
      attached: () => this.#turn(() => this.modem.attached(this)),
      detached: () => this.#detached(),
      bytes: chunk => this.#bytes(chunk),
      drained: () => this.#backlog.drained(),
      lineSpeed: baud => this.log.debug({ baud }, 'line speed'),
      lines: lines => this.#serial.heard(lines),
      lost: reason => this.modem.portLost(this, reason),
    });
    this.#serial.opened();
  }

  /** A guest goes: its port is closed, a prompt is cancelled, and what it asked for goes on unheard. */
  async leave(): Promise<void> {
    this.#line.mute();
    this.#turn(() => this.#onlineEnded({ outcome: 'escaped' }));
    this.#detached();
    this.#unfollow();
    await this.port.close();
  }

  /** Power on or off: nothing of the old life stays. */
  reset(): void {
    this.#abandonData();
    this.#online?.abandon();
    this.#online = undefined;
    this.#line.forget();
    this.#lastBody = undefined;
    this.#framer.reset();
    this.urcs.clear();
    this.#output.discard();
    Object.assign(this.registers, factoryRegisters());
    for (const name of registerNames) this.#readRegister(name);
    this.#serial.powered();
  }

  /** Nothing runs and no URC waits. */
  get isQuiet(): boolean {
    return !this.#line.isActive && this.urcs.length === 0;
  }

  get state(): ChannelState {
    if (this.#data) return 'data';
    if (this.#online) return 'online';
    return this.#line.isActive ? 'executing' : 'command';
  }

  get urcsDropped(): number {
    return this.#backlog.dropped;
  }

  /** Has its host so much to read that the network must wait? Nothing waits for a guest. */
  get isOverfull(): boolean {
    return this.role === 'port' && this.#backlog.state !== 'normal';
  }

  // What stages write.

  info(text: ByteString): void {
    this.#answer.info(text);
  }

  prompt(bytes: ByteString): void {
    this.#answer.prompt(bytes);
  }

  response(bytes: ByteString): void {
    this.#answer.response(bytes);
  }

  /** A final result. @param isLast the command has written all that it writes, and the port is free */
  final(text: ByteString, isFailure: boolean, isLast: boolean): void {
    const isSwallowed = isLast && !isFailure && this.#line.swallows(text);
    if (!isSwallowed && this.#answer.final(text)) this.urcs.settle();
    if (isLast) this.#line.settle(isFailure ? 'failed' : isSwallowed ? 'swallowed' : 'answered');
  }

  urc(text: ByteString): void {
    this.#queueUrc(text.length, () => {
      this.#say(text, { urc: true });
      this.#serial.ring();
      this.#writer.urc(text);
    });
  }

  rawUrc(bytes: ByteString): void {
    this.#queueUrc(bytes.length, () => {
      this.#say(bytes, { urc: true });
      this.#serial.ring();
      this.#writer.raw(bytes);
    });
  }

  /** Opens a data phase; the result carries on in the turn of the last byte. Nobody types for a host that has gone. */
  expectData(request: DataRequest): Result | Waiting {
    if (this.#isOrphan || !this.port.isAttached) return { outcome: 'cancelled' };
    const { later } = this.#openData(request);
    const phase =
      request.count !== undefined
        ? { count: request.count, mark: request.mark, quote: request.quote }
        : { until: request.until, cancel: request.cancel, quote: request.quote, limit: request.limit };
    this.#framer.expectData(phase, request.echo);
    this.#framer.release();
    return later;
  }

  /** Port and link are one, until the host escapes or the link is lost: the result carries on in that turn. */
  goOnline(request: OnlineRequest): Result | Waiting {
    const { links } = this.modem;
    const slot = links.ifAny(request.address.link ?? links.first);
    const canBe = slot && !slot.online && (slot.socket.isOpen || request.redial !== undefined);
    if (!canBe || this.#online || this.#data || this.#isOrphan) return { outcome: 'failed' };
    const online = new OnlineState(this, slot, request, outcome => this.#turn(() => this.#onlineEnded({ outcome })));
    this.#online = online;
    this.#framer.goOnline();
    this.#serial.refresh();
    online.takeWaiting();
    this.#framer.release();
    return online.later;
  }

  /** Bytes of a link, as they are. */
  writeOnline(bytes: Buffer): void {
    this.#output.pass(bytes);
  }

  /** The exchange ends without a word. */
  release(): void {
    this.#line.settle('answered');
  }

  /** A command of this channel sends on a link: a line that comes meanwhile may be told so. */
  sends(sending: Promise<unknown>): void {
    this.#sending += 1;
    const over = () => {
      this.#sending -= 1;
    };
    sending.then(over, over);
  }

  /** What is written in one turn goes out in one burst. A bug ends the command it strikes, and nothing else. */
  #turn(work: () => void): void {
    this.#output.turn(() => {
      try {
        work();
      } catch (error) {
        this.#bug(error);
      }
    });
  }

  /** A stretch of an exchange was performed, now or after a wait. */
  exchangePaused(): void {
    this.#turn(() => {
      this.#line.goOn();
    });
    this.urcs.pump();
  }

  exchangeFailed(error: unknown): void {
    this.#turn(() => this.#bug(error));
  }

  /** The exchange of the running command ended without a final result: a hole in the grammar. */
  unfinished(command: string): void {
    this.log.error({ command }, 'the grammar ends this exchange without a final result');
    this.final('ERROR', true, true);
  }

  #bytes(chunk: Buffer): void {
    this.modem.counters.bytesIn += chunk.length;
    // The port of a guest is nobody's who strikes: what hangs does not hear it either.
    if (!this.modem.isOn || (this.role === 'guest' && this.modem.isFrozen)) return;
    if (this.log.isLevelEnabled('trace')) this.log.trace({ bytes: chunk.length }, 'from the host'); // no content: it may be half a password
    this.#turn(() => {
      this.#framer.feed(chunk);
      if (this.#data) this.#acknowledge(this.#data.heard(this.#framer.received));
    });
    this.urcs.pump();
  }

  #commandLine(body: ByteString): void {
    this.#echoed = 'nothing';
    this.modem.lines.emit({ channel: this.index, line: `AT${body}` });
    if (this.#line.isActive) return this.#busy(body);
    this.#lastBody = body;
    this.#execute(body);
  }

  #repeat(): void {
    this.modem.lines.emit({ channel: this.index, line: 'A/' });
    if (this.#line.isActive) return this.#busy('A/');
    this.#execute(this.#lastBody ?? '');
  }

  /** A line while another runs. With `queue` the framer is held, so this is a dialect that loses it. */
  #busy(body: ByteString): void {
    const { busy, busySending } = this.modem.dialect.style;
    this.log.warn({ line: hideUnread(body) }, 'a command line while another runs is lost');
    if (typeof busy !== 'object') return;
    const text = this.#sending > 0 && busySending !== undefined ? busySending : busy.text;
    this.#say(text);
    this.#writer.raw(`\r\n${text}\r\n`);
  }

  #execute(body: ByteString): void {
    const { dialect } = this.modem;
    const line = parseCommandLine(body, dialect.style);
    this.#heard(() => `AT${hideSecrets(body, line, dialect)}`);
    this.#line.begin(line);
    this.#holdWhileBusy();
  }

  #refuseLine(word: string, line: ByteString): void {
    this.#echoed = 'nothing';
    this.modem.lines.emit({ channel: this.index, line });
    if (this.#line.isActive) return this.#busy(line);
    this.#heard(() => (word === 'line-too-long' ? '(a line past the limit)' : hideUnread(line)));
    this.#line.refuse(() => this.#perform(stage => refuse(word, scopeOf(this, ''), stage)));
  }

  /** Where lines that come meanwhile are lost, so is one that is half typed now. */
  #lineDone(): void {
    if (this.modem.dialect.style.busy !== 'queue') this.#framer.forgetLine();
    if (this.#framer.mode === 'held') this.modem.clock.soon(() => this.#release());
    this.#serial.refresh();
  }

  #holdWhileBusy(): void {
    const isWaiting = this.#line.isActive && !this.#data && !this.#online;
    if (isWaiting && this.modem.dialect.style.busy === 'queue') this.#framer.hold();
  }

  /** In a later turn, when something else may run by then: power came back, with a host that types. */
  #release(): void {
    if (!this.#line.isActive) this.#turn(() => this.#framer.release());
  }

  /** What a guest does is no point of the run. */
  get #faults() {
    return this.role === 'port' ? this.modem.faults : undefined;
  }

  /** Is the line that runs one of a host that has gone? */
  get #isOrphan(): boolean {
    return this.#line.isOrphan;
  }

  #start({ name, form, args }: Omit<HeardCommand, 'channel'>, run: () => void): void {
    this.modem.counters.commands += 1;
    this.#answer.begin(name);
    this.modem.commands.emit({ channel: this.index, name, form, args });
    const fault = this.#faults?.command({ channel: this.index, name, form });
    if (fault) this.#spoil(fault, run);
    else run();
  }

  #invoke(command: Command): void {
    const invocation = invoke(command, this);
    const { scope } = invocation;
    if ('refusal' in invocation) return this.#refuse(invocation.refusal, scope);
    for (const { setting, value } of invocation.store) this.modem.settings.set(setting, value, scope.address);
    this.#perform(stage => perform(invocation.form.steps, scope, stage));
  }

  /** A fault strikes the command that `run` would execute. */
  #spoil(fault: CommandFault, run: () => void): void {
    switch (fault.does) {
      case 'swallow':
        return this.#line.settle('answered');
      case 'mute':
        this.#line.mute();
        return run();
      case 'delay':
        return this.#later(fault.ms, run);
      case 'answer':
        return this.final(fault.text, isFailure(fault.text), true);
      case 'cme':
        return new CommandStage(this).cme(fault.code, fault.text);
      case 'hang':
        return;
      default:
        return fault satisfies never;
    }
  }

  /** The command goes on after so many ms, unless the power was cut. */
  #later(ms: number, run: () => void): void {
    const { clock, life } = this.modem;
    clock.after(ms, () => {
      if (life !== this.modem.life) return;
      this.#turn(run);
      this.exchangePaused();
    });
  }

  /** What a fault puts into an echo stands behind its first byte. */
  #echo(bytes: ByteString): void {
    const isFirst = this.#echoed === 'nothing';
    this.#echoed = 'something';
    const lines = (isFirst && this.#faults?.place({ channel: this.index, place: 'echo', command: '' })) || [];
    this.#output.write(lines.length === 0 ? bytes : bytes.slice(0, 1));
    for (const line of lines) {
      this.#say(line, { urc: true });
      this.#writer.urc(line);
    }
    if (lines.length > 0) this.#output.write(bytes.slice(1));
  }

  #refuse(word: string, scope: Scope): void {
    this.log.debug({ command: scope.fields.command, refusal: word }, 'refused');
    this.#perform(stage => refuse(word, scope, stage));
  }

  #perform(exchange: (stage: CommandStage) => ReturnType<typeof perform>): void {
    const stage = new CommandStage(this);
    const { life } = this.modem;
    drive(exchange(stage), {
      paused: () => this.exchangePaused(),
      failed: error => this.exchangeFailed(error),
      isAlive: () => life === this.modem.life,
    });
  }

  #dataEnded(result: Result): void {
    const data = this.#data;
    if (!data) return;
    this.#data = undefined;
    data.close();
    this.#acknowledge(data.acknowledgement(this.#framer.received));
    if (this.#framer.received > data.request.limit)
      this.log.warn({ received: this.#framer.received, kept: data.request.limit }, 'data past the limit is dropped');
    this.modem.heardData(this, data.request.secret ? '***' : String(result.bytes));
    data.resolve(result);
    this.#holdWhileBusy();
  }

  #onlineEnded(result: Result): void {
    const online = this.#online;
    if (!online) return;
    this.#online = undefined;
    online.close();
    this.#framer.leaveOnline();
    this.#serial.refresh();
    online.later.resolve(result);
    this.#holdWhileBusy();
    this.modem.clock.soon(() => this.urcs.pump());
  }

  #dtrDropped(meaning: DtrMeaning): void {
    if (!this.#online) return;
    if (meaning === 'hang-up') void this.modem.links.hangUp(this.#online.slot);
    else this.#onlineEnded({ outcome: 'escaped' });
  }

  #openData(request: DataRequest): DataEntry {
    const ended = (outcome: DataTimeout) =>
      this.#turn(() => this.#dataEnded({ outcome, bytes: this.#framer.endData() }));
    this.#data = new DataEntry(request, this.modem.clock, () => this.#framer.collected, ended);
    return this.#data;
  }

  #acknowledge(bytes: ByteString): void {
    if (bytes !== '') this.response(bytes);
  }

  #abandonData(): void {
    this.#data?.close();
    this.#data = undefined;
  }

  /** The DTE closed the port: a prompt it left open is cancelled, and nothing waits for it. A command goes on, unheard. */
  #detached(): void {
    if (this.#online) return this.#leftOnline();
    this.#line.mute();
    this.#turn(() => {
      if (this.#data) this.#dataEnded({ outcome: 'cancelled', bytes: this.#framer.endData() });
      this.#framer.reset();
      this.#output.discard();
      this.#holdWhileBusy();
    });
    this.urcs.clear();
    this.#backlog.detached();
    this.modem.detached(this);
  }

  /** A module does not see its host go: port and link stay one, and the next host meets them so. */
  #leftOnline(): void {
    this.#output.discard();
    this.#backlog.detached();
    this.modem.detached(this);
  }

  #gate(): 'open' | 'closed' | 'typing' {
    if (this.#data || this.#online) return 'closed';
    if (this.#line.isActive && !this.modem.dialect.style.urcBetween) return 'closed';
    return this.#framer.isTyping ? 'typing' : 'open';
  }

  /** A URC is a write of its own: hosts take each burst for a frame. */
  #queueUrc(bytes: number, write: () => void): void {
    if (!this.modem.isOn) return;
    if (this.#backlog.state === 'stalled') return this.#dropUrc();
    const isQueued = this.urcs.push(bytes, () => {
      this.#output.flush();
      write();
      this.#output.flush();
    });
    if (isQueued) this.#backlog.grew();
    else this.#dropUrc();
  }

  #dropUrc(): void {
    this.modem.counters.urcsDropped += 1;
    this.#backlog.drop();
  }

  #readRegister(name: string): void {
    applyRegister(this.registers, name, this.modem.settings.get(name, 'channel', this.address));
  }

  #bug(error: unknown): void {
    this.log.error({ err: error }, 'a bug in atmodem: the command is answered with ERROR');
    this.#abandonData();
    this.#online?.abandon();
    this.#online = undefined;
    this.#framer.leaveOnline();
    if (this.#framer.mode === 'data') this.#framer.endData();
    if (!this.#line.isActive) return;
    if (this.#line.isRunning) this.final('ERROR', true, true);
    this.#line.end();
  }

  #heard(text: () => string): void {
    if (this.modem.dialogue.isHeard) this.modem.say({ channel: this.index, from: 'host', text: text() });
  }

  #say(text: ByteString, how?: { urc: true }): void {
    if (this.modem.dialogue.isHeard)
      this.modem.say({ channel: this.index, from: 'modem', ...how, text: hideValues(text, this.modem.secrets) });
  }
}
