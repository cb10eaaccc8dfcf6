/**
 * The faults of one modem: sits at the seams that modem, ports and dialler ask, injects and lifts. Made before its modem,
 * which it joins then. With nothing injected, and nobody who listens, a point costs a number and a comparison.
 */
import type { Duplex } from 'node:stream';
import type { ByteString } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import type { Signal } from '../base/signal.js';
import type { CommandFault, FaultSeam, MetCommand, UrcPlace } from '../modem/fault-seam.js';
import type { Modem } from '../modem/modem.js';
import type { DialEnvironment } from '../net/dial.js';
import type { Port } from '../ports/port.js';
import type { ActiveFault, ArmedFault } from './armed-fault.js';
import { commandFaultOf, urcsAt } from './at-faults.js';
import { checkDialect, type Fault } from './fault.js';
import { FaultyPort } from './faulty-port.js';
import { LineFaults } from './line-faults.js';
import { actOnModule, freeze } from './module-faults.js';
import { NetworkFaults } from './network-faults.js';
import type { MetPoint } from './points.js';
import { type FaultNews, FaultRegister } from './register.js';
import { SurroundingsFaults } from './surroundings-faults.js';

export interface ModemFaultsOptions {
  /** The modem's. */
  name: string;
  /** Of the run: what is drawn for this modem follows from it and the name. */
  seed: number;
  clock: Clock;
  log: Log;
}

export class ModemFaults implements FaultSeam {
  readonly seed: number;
  readonly #options: ModemFaultsOptions;
  readonly #register: FaultRegister;
  readonly #line: LineFaults;
  readonly #network: NetworkFaults;
  readonly #ports: FaultyPort[] = [];
  /** The command that began last, by channel. */
  readonly #commands = new Map<number, string>();
  #modem: Modem | undefined;
  #surroundings: SurroundingsFaults | undefined;

  constructor(options: ModemFaultsOptions) {
    const { name, seed, clock, log } = options;
    this.seed = seed;
    this.#options = options;
    const say = (channel: number, text: () => string) => {
      if (this.#modem?.dialogue.isHeard) this.#modem.say({ channel, from: 'fault', text: text() });
    };
    this.#register = new FaultRegister({ name, seed, clock, log, say });
    this.#line = new LineFaults(this.#register, channel => this.#commands.get(channel));
    this.#network = new NetworkFaults(this.#register, clock);
  }

  // How it is built in.

  /** The modem whose faults these are. */
  join(modem: Modem): void {
    this.#modem = modem;
    this.#surroundings = new SurroundingsFaults(modem.surroundings);
    modem.events.on(event => {
      if (event.event === 'power' && event.state === 'off') this.#powerWentOff();
    });
  }

  /** Ports of the modem, in the order of its channels. */
  wrap(port: Port): FaultyPort {
    const channel = this.#ports.length;
    const faulty = new FaultyPort(port, {
      clock: this.#options.clock,
      passage: (direction, bytes) => this.#line.pass(direction, channel, bytes),
      lost: bytes => this.#options.log.debug({ channel, bytes }, 'typed while nothing moves: lost'),
    });
    this.#ports.push(faulty);
    return faulty;
  }

  /** For the modem's dialler. */
  get dial(): Pick<DialEnvironment, 'fault' | 'shape' | 'fate'> {
    return {
      fault: point => this.#network.dial(point),
      shape: (link: Duplex, point) => this.#network.shape(link, point),
      fate: point => this.#network.fate(point),
    };
  }

  // For who injects.

  /** Each point where a fault can strike, in the order in which the run meets them. */
  get met(): Signal<MetPoint> {
    return this.#register.met;
  }

  /** What becomes of each fault. */
  get news(): Signal<FaultNews> {
    return this.#register.news;
  }

  /** How often faults have struck. */
  get struck(): number {
    return this.#register.struck;
  }

  /** Those that are not over, in the order of their injection. */
  get active(): readonly ActiveFault[] {
    return this.#register.all;
  }

  /** @throws OperatorError (config): a command that the dialect lacks, a point that is past, too many faults */
  inject(fault: Fault): ActiveFault {
    if (this.#modem) checkDialect(fault, this.#modem.dialect);
    const armed = this.#register.add(fault);
    if (fault.spec.begins === 'at-points') this.#liftLater(armed);
    else if (!armed.waits) {
      this.#register.strikeNow(armed);
      this.#begin(armed, undefined);
    }
    return armed;
  }

  /** Takes a fault away, and ends what it brought about. @returns false where it is over, or never was */
  lift(id: number): boolean {
    const armed = this.#register.all.find(each => each.id === id);
    if (armed) this.#register.remove(armed);
    return armed !== undefined;
  }

  clear(): void {
    for (const armed of this.#register.all) this.#register.remove(armed);
  }

  /** The modem is no more: nothing of a fault runs on, and nothing is put right. */
  stop(): void {
    this.#register.forget();
  }

  // What the modem asks.

  command({ channel, name }: MetCommand): CommandFault | undefined {
    const command = name || 'AT';
    this.#commands.set(channel, command);
    const refusals = this.#modem?.dialect.errors ?? new Map();
    const struck = this.#register.meet('at.command', { what: () => command, channel, command, choose: oneAnswer });
    for (const armed of struck) if (armed.fault.spec.begins === 'at-once') this.#begin(armed, channel);
    return struck.map(armed => commandFaultOf(armed, refusals)).find(fault => fault !== undefined);
  }

  place(met: { channel: number; place: UrcPlace; command: string }): readonly ByteString[] {
    return urcsAt(this.#register, { ...met, command: met.place === 'echo' ? undefined : met.command || 'AT' });
  }

  connack(met: { channel: number; host: string; port: number }): number | undefined {
    return this.#network.connack(met);
  }

  /** What begins at once does so, or at the command of a channel. */
  #begin(armed: ArmedFault, channel: number | undefined): void {
    const { spec } = armed.fault;
    if (spec.lasts === 'until-lifted') {
      armed.state = 'on';
      armed.undo = this.#act(armed, channel);
      this.#liftLater(armed);
      return;
    }
    this.#act(armed, channel);
    if (armed.isSpent || channel === undefined) this.#register.remove(armed);
  }

  #act({ fault }: ArmedFault, channel: number | undefined): (() => void) | undefined {
    if (!this.#modem) throw new Error('these faults have joined no modem');
    const parts = { modem: this.#modem, clock: this.#options.clock, ports: this.#ports };
    if (fault.name === 'module.freeze') {
      const again = () => freeze(parts, this.#freezes);
      again();
      return again;
    }
    if (fault.spec.layer === 'module') return actOnModule(fault, parts, channel);
    return this.#actOnNetwork(fault, channel);
  }

  /** At a command, in the turn after it began: links and contexts are lost under it. */
  #actOnNetwork(fault: Fault, channel: number | undefined): (() => void) | undefined {
    let end: (() => void) | undefined;
    let isOver = false;
    const act = () => {
      if (isOver) return;
      if (fault.name === 'network.close' || fault.name === 'network.reset') {
        const links = this.#network.endLinks(fault);
        this.#options.log.info({ fault: fault.name, links }, `fault: ${links} links ended`);
      } else end = this.#surroundings?.act(fault);
    };
    if (channel === undefined) act();
    else this.#options.clock.soon(act);
    return () => {
      isOver = true;
      end?.();
    };
  }

  get #freezes(): readonly Fault[] {
    return this.#register.all.filter(isFreeze).map(({ fault }) => fault);
  }

  #liftLater(armed: ArmedFault): void {
    const { for: ms } = armed.fault.when;
    if (ms !== undefined) armed.expiry = this.#options.clock.after(ms, () => this.#register.remove(armed));
  }

  /** A module without power does not hang, and what its line held up is gone. */
  #powerWentOff(): void {
    this.#commands.clear();
    for (const port of this.#ports) port.powerOff();
    for (const armed of this.#register.all.filter(isFreeze)) this.#register.remove(armed);
  }
}

const isFreeze = ({ name, state }: ArmedFault): boolean => name === 'module.freeze' && state === 'on';

/** Of the faults that decide what becomes of a command, the first; and all others. */
function oneAnswer(hits: readonly ArmedFault[]): readonly ArmedFault[] {
  const decides = ({ fault }: ArmedFault) => fault.spec.layer === 'at' || fault.name === 'module.slow';
  const first = hits.find(decides);
  return hits.filter(hit => hit === first || !decides(hit));
}
