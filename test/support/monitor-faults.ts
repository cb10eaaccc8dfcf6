/** Faults for the page: one of each layer by name, of which `at.error` strikes at the modem's own seam. */
import { Signal } from '../../src/base/signal.js';
import type { FaultControl, FaultNews, ModemFaultControl } from '../../src/control/faults.js';
import type { ActiveFault, FaultSpec } from '../../src/control/messages.js';
import type { CommandFault, FaultSeam, MetCommand } from '../../src/modem/fault-seam.js';
import type { Modem } from '../../src/modem/modem.js';

const command = { kind: 'text', title: 'only this command, such as `+MPUB`' } as const;
const nth = { kind: 'number', least: 1, title: 'the nth point from now on that fits' } as const;
const lasting = { kind: 'duration', title: 'lifted after so long' } as const;

const catalogue: readonly FaultSpec[] = [
  { name: 'line.drop', layer: 'line', title: 'A byte is lost.', parameters: { nth, for: lasting } },
  {
    name: 'line.insert',
    layer: 'line',
    title: 'Bytes that nobody sent come in front of a byte.',
    parameters: {
      bytes: { kind: 'bytes', title: 'these' },
      direction: {
        kind: 'word',
        words: ['out', 'in'],
        default: 'out',
        title: 'to the host (`out`), or from it (`in`)',
      },
      nth,
    },
  },
  {
    name: 'at.error',
    layer: 'at',
    title: 'A command is not executed, and answered ERROR.',
    parameters: { command, nth },
  },
  {
    name: 'at.late',
    layer: 'at',
    title: 'A command is answered late.',
    parameters: { by: { kind: 'duration', required: true, title: 'how late' }, command, nth },
  },
  { name: 'module.reboot', layer: 'module', title: 'The module starts anew, with its boot lines.', parameters: {} },
  { name: 'network.dns', layer: 'network', title: 'A name is not found.', parameters: { nth, for: lasting } },
];

export class TestFaults implements FaultControl {
  readonly catalogue = catalogue;
  readonly #of: ReadonlyMap<string, FaultsOfModem>;

  constructor(modems: readonly Modem[]) {
    this.#of = new Map(modems.map(modem => [modem.name, new FaultsOfModem(modem)]));
  }

  of(modem: string): ModemFaultControl | undefined {
    return this.#of.get(modem);
  }
}

class FaultsOfModem implements ModemFaultControl, FaultSeam {
  readonly seed = 1;
  readonly news = new Signal<FaultNews>();
  active: ActiveFault[] = [];
  struck = 0;
  #id = 0;

  constructor(modem: Modem) {
    Object.defineProperty(modem, 'faults', { get: () => this });
  }

  inject(request: unknown): ActiveFault {
    const { fault, ...parameters } = request as { fault: string };
    const { layer } = catalogue.find(({ name }) => name === fault)!;
    const text = [fault, ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`)].join(' ');
    this.#id += 1;
    const active: ActiveFault = { id: this.#id, fault, layer, text, parameters, state: 'armed', struck: 0 };
    this.active.push(active);
    this.news.emit({ what: 'injected', id: active.id, fault });
    return active;
  }

  lift(id: number): boolean {
    const found = this.active.find(each => each.id === id);
    this.active = this.active.filter(each => each !== found);
    if (found) this.news.emit({ what: 'lifted', id, fault: found.fault });
    return found !== undefined;
  }

  /** `at.error` strikes once, and is over. */
  command({ name }: MetCommand): CommandFault | undefined {
    const met = this.active.find(
      ({ fault, parameters }) => fault === 'at.error' && [undefined, name].includes(parameters.command as string),
    );
    if (!met) return undefined;
    this.struck += 1;
    this.news.emit({ what: 'struck', id: met.id, fault: met.fault });
    this.lift(met.id);
    return { does: 'answer', text: 'ERROR' };
  }

  place() {
    return [];
  }
}
