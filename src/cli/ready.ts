/** The ready line: what runs and where, as JSON for programs or in words for people. Pure. */
import type { Control } from '../control/server.js';
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
  /** `http://127.0.0.1:8080`, where the control API runs. */
  control: string | null;
  /** Where faults may come: what chance in them follows from. */
  seed?: number;
}

type Told = Pick<Daemon, 'modems' | 'broker' | 'control' | 'seed'>;

export function readyOf({ modems, broker, control, seed }: Told): Ready {
  return {
    event: 'ready',
    modems: modems.map(readyModem),
    broker: broker?.url ?? null,
    control: control?.url ?? null,
    ...(seed === undefined ? {} : { seed }),
  };
}

function readyModem({ name, dialect, channels }: Modem): ReadyModem {
  const ports = channels.map(channel => channel.port.path);
  return { name, dialect: dialect.name, port: ports[0]!, ...(ports.length > 1 ? { ports } : {}) };
}

export interface Beside {
  /** The port that the broker wanted and did not get. */
  takenPort?: number;
  control?: Pick<Control, 'hasPage' | 'needsToken'>;
}

export function readyInWords(ready: Ready, { takenPort, control }: Beside = {}): string {
  const { modems, broker, control: url, seed } = ready;
  const lines = modems.map(
    ({ name, dialect, port, ports = [port] }) => `${name} speaks ${dialect} at ${ports.join(' and ')}`,
  );
  const taken = takenPort === undefined ? '' : ` (port ${takenPort} is taken)`;
  if (broker !== null) lines.push(`a broker is at ${broker}${taken}`, 'its port takes TLS and WebSocket too');
  if (url !== null && control) {
    const what = control.hasPage ? 'monitor and control API are' : 'the control API is';
    lines.push(`${what} at ${url}${control.needsToken ? ', with the token' : ''}`);
  }
  if (seed !== undefined) lines.push(`faults may come: --seed ${seed} brings the same chance again`);
  return lines.join('\n');
}
