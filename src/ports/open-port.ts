/**
 * From what the operator typed to a port. It owns the choice of the driver and of what stands around it; a driver is
 * loaded only when it is used, so that `--version` does not pay for a pty.
 */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { type Port, usualSpeed } from './port.js';
import type { PortSpec } from './port-spec.js';

export { type PortSpec, parsePort } from './port-spec.js';

export interface PortOptions {
  clock: Clock;
  log: Log;
  /** Rights of a pty's device; 0600 unless set. */
  ptyMode?: number;
  /** Bytes take the time that a line at the DTE's speed needs. */
  paced?: boolean;
  /** A DTE at another speed than the module's hears garbage, and is heard as such. */
  strictBaud?: boolean;
}

/** A real line has its own time and its own garbage: nothing stands around it. */
export async function createPort(spec: PortSpec, options: PortOptions): Promise<Port> {
  let port = await createDriver(spec, options);
  if (spec.kind === 'uart') return port;
  if (options.paced) {
    const { PacedPort } = await import('./paced-port.js');
    port = new PacedPort(port, options);
  }
  if (options.strictBaud) {
    const { StrictBaudPort } = await import('./strict-baud-port.js');
    port = new StrictBaudPort(port, { dteSpeed: tellsSpeed(spec) ? usualSpeed : undefined });
  }
  return port;
}

/** Whether a host can say how fast it is: where it does not, it is what a terminal comes with. */
const tellsSpeed = ({ kind }: PortSpec): boolean => kind === 'pty' || kind === 'rfc2217';

async function createDriver(spec: PortSpec, options: PortOptions): Promise<Port> {
  const { clock, log } = options;
  switch (spec.kind) {
    case 'pty': {
      const { PtyPort } = await import('./pty.js');
      return new PtyPort({ spec: spec.spec, link: spec.link, mode: options.ptyMode, clock, log });
    }
    case 'tcp':
      return createTcp(spec, options);
    case 'rfc2217': {
      const { Rfc2217Port } = await import('./rfc2217.js');
      return new Rfc2217Port(await createTcp(spec, options), { clock, log });
    }
    case 'uart': {
      const { UartPort } = await import('./uart.js');
      return new UartPort({ ...spec, clock, log });
    }
    case 'unix': {
      const { UnixPort } = await import('./unix.js');
      return new UnixPort({ spec: spec.spec, path: spec.path, clock, log });
    }
    case 'stdio': {
      const { StdioPort } = await import('./stdio.js');
      return new StdioPort({ clock, log, input: process.stdin, output: process.stdout });
    }
  }
}

async function createTcp(spec: PortSpec & { host: string; port: number }, { clock, log }: PortOptions): Promise<Port> {
  const { TcpPort } = await import('./tcp.js');
  return new TcpPort({ spec: spec.spec, host: spec.host, port: spec.port, clock, log });
}
