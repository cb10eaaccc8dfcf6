/**
 * Faults of the network: what dials meet, what befalls bytes on links, what the module sees around it. Knows the links of the
 * modem that stand now.
 */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../base/clock.js';
import type { FaultOutcome, FaultPoint, LinkPoint } from '../net/fault.js';
import { type Direction, type Fate, ShapedLink } from '../net/shaped-link.js';
import type { ArmedFault, Subject } from './armed-fault.js';
import type { Fault } from './fault.js';
import type { FaultRegister } from './register.js';

export class NetworkFaults {
  readonly #links = new Map<ShapedLink, LinkPoint>();

  constructor(
    readonly register: FaultRegister,
    readonly clock: Clock,
  ) {}

  /** What a step of a dial meets. */
  dial(point: FaultPoint): FaultOutcome | undefined {
    if (point.step === 'dns' && isIP(point.host) !== 0) return undefined;
    const struck = this.#meet(`net.${point.step}`, point, () => peerOf(point));
    const failure = struck.map(({ fault }) => dialFailure(fault)).find(outcome => outcome !== undefined);
    if (failure) return failure;
    const ms = struck.reduce((sum, armed) => sum + 2 * latencyOf(armed), 0);
    return ms > 0 ? { fault: 'delay', ms } : undefined;
  }

  /** A link stands: what passes on it may be held up, and its peer may seem to end it. */
  shape(link: Duplex, point: LinkPoint): ShapedLink {
    const shaped = new ShapedLink(link, this.fate(point), this.clock);
    this.#links.set(shaped, point);
    shaped.once('close', () => this.#links.delete(shaped));
    return shaped;
  }

  fate(point: LinkPoint): Fate {
    return (direction, bytes) => this.#fateOf(point, direction, bytes);
  }

  /** The return code that a client reads, where its broker has accepted it. */
  connack(met: { channel: number; host: string; port: number }): number | undefined {
    const meeting = { ...met, what: () => peerOf(met), choose: firstOf };
    const [fault] = this.register.meet('net.connack', meeting).map(armed => armed.fault);
    return fault?.name === 'network.connack' ? fault.values.code : undefined;
  }

  /** @returns how many links it ended */
  endLinks({ name, when }: Fault): number {
    const ended = [...this.#links].filter(
      ([, { host, port }]) =>
        (when.host === undefined || when.host.toLowerCase() === host.toLowerCase()) &&
        (when.port === undefined || when.port === port),
    );
    for (const [link] of ended) {
      if (name === 'network.reset') link.resetByPeer();
      else link.endByPeer();
    }
    return ended.length;
  }

  #fateOf(point: LinkPoint, direction: Direction, bytes: number): number | 'lost' {
    const struck = this.#meet(`net.${direction}`, point, () => `${bytes} bytes, ${peerOf(point)}`);
    const losses = struck.filter(({ name }) => name === 'network.loss');
    if (losses.length > 0 && point.transport === 'udp') return 'lost';
    return struck.reduce((sum, armed) => sum + latencyOf(armed) + timeOfLoss(armed), 0);
  }

  #meet(
    point: `net.${FaultPoint['step'] | Direction}`,
    { host, port }: Subject,
    what: () => string,
  ): readonly ArmedFault[] {
    return this.register.meet(point, { what, host, port });
  }
}

const firstOf = (hits: readonly ArmedFault[]): readonly ArmedFault[] => hits.slice(0, 1);

const peerOf = ({ host, port }: { host: string; port: number }): string => (port === 0 ? host : `${host}:${port}`);

function dialFailure({ name, values }: Fault): FaultOutcome | undefined {
  switch (name) {
    case 'network.dns':
      if (values.how === 'late') return { fault: 'delay', ms: values.by };
      return values.how === 'hangs' ? { fault: 'hang' } : { fault: 'fail', outcome: 'dns-failed', after: values.by };
    case 'network.refuse':
      return values.how === 'hangs' ? { fault: 'hang' } : { fault: 'fail', outcome: values.how, after: values.by };
    case 'network.tls': {
      const { reason, by } = values;
      if (reason === 'hangs') return { fault: 'hang' };
      return { fault: 'fail', outcome: 'tls-failed', cause: causes[reason], after: by };
    }
    default:
      return undefined;
  }
}

const causes = {
  expired: 'the server’s certificate has expired: a fault',
  'unknown-ca': 'the server’s certificate is of an unknown CA: a fault',
  'wrong-host': 'the server’s certificate is for another host: a fault',
  handshake: 'the server ended the handshake: a fault',
} as const;

function latencyOf({ fault, random }: ArmedFault): number {
  return fault.name === 'network.latency' ? fault.values.by + random() * fault.values.jitter : 0;
}

const timeOfLoss = ({ fault }: ArmedFault): number => (fault.name === 'network.loss' ? fault.values.again : 0);
