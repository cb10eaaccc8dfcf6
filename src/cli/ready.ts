/** The ready line: what runs and where, as JSON for programs or in words for people. Pure. */
import type { Daemon } from '../daemon.js';
import type { Modem } from '../modem/modem.js';

export interface ReadyModem {
  name: string;
  dialect: string;
  /** Of the first channel: a device path or link, or `host:port`. */
  port: string;
  /** Of every channel, where there are several. */
  ports?: readonly string[];
}

export interface Ready {
  event: 'ready';
  modems: readonly ReadyModem[];
  broker: string | null;
  /** The address of the control API. */
  control: string | null;
  /** Where faults may come: what chance in them follows from. */
  seed?: number;
}

export function readyOf({ modems, broker, seed }: Pick<Daemon, 'modems' | 'broker' | 'seed'>): Ready {
  const ready: Ready = { event: 'ready', modems: modems.map(readyModem), broker: broker?.url ?? null, control: null };
  return seed === undefined ? ready : { ...ready, seed };
}

function readyModem({ name, dialect, channels }: Modem): ReadyModem {
  const ports = channels.map(channel => channel.port.path);
  return { name, dialect: dialect.name, port: ports[0]!, ...(ports.length > 1 ? { ports } : {}) };
}

/** @param takenPort the port that the broker wanted and did not get */
export function readyInWords({ modems, broker, seed }: Ready, takenPort: number | undefined): string {
  const lines = modems.map(
    ({ name, dialect, port, ports = [port] }) => `${name} speaks ${dialect} at ${ports.join(' and ')}`,
  );
  const taken = takenPort === undefined ? '' : ` (port ${takenPort} is taken)`;
  if (broker !== null) lines.push(`a broker is at ${broker}${taken}`, 'its port takes TLS and WebSocket too');
  if (seed !== undefined) lines.push(`faults may come: --seed ${seed} brings the same chance again`);
  return lines.join('\n');
}
