/**
 * From what the operator typed to a port. It owns the spelling of port specs and the choice of the driver; a driver is
 * loaded only when it is used, so that `--version` does not pay for a pty.
 */
import type { Clock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { didYouMean } from '../base/nearest.js';
import type { Port } from './port.js';

/** `spec` is what the operator typed. */
export type PortSpec = { spec: string } & (
  | { kind: 'pty'; link?: string }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'uart'; device: string; baud?: number }
  | { kind: 'unix'; path: string }
  | { kind: 'stdio' }
);

export interface PortOptions {
  clock: Clock;
  log: Log;
  /** Rights of a pty's device; 0600 unless set. */
  ptyMode?: number;
}

const spellings = {
  pty: 'pty[:LINK]',
  tcp: 'tcp:[HOST:]PORT',
  uart: 'uart:DEVICE[@BAUD]',
  unix: 'unix:PATH',
  stdio: 'stdio',
} as const satisfies Record<PortSpec['kind'], string>;

const allSpellings = Object.values(spellings).join(', ');

export function parsePort(spec: string): PortSpec {
  const colon = spec.indexOf(':');
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const rest = colon < 0 ? undefined : spec.slice(colon + 1);
  switch (kind) {
    case 'pty':
      return parsePty(spec, rest);
    case 'tcp':
      return parseTcp(spec, rest);
    case 'uart':
      return parseUart(spec, rest);
    case 'unix':
      if (!rest) throw misspelt(spec, 'unix');
      return { spec, kind: 'unix', path: rest };
    case 'stdio':
      if (rest !== undefined) throw misspelt(spec, 'stdio');
      return { spec, kind: 'stdio' };
    default:
      throw unknownKind(spec, kind);
  }
}

export async function createPort(spec: PortSpec, options: PortOptions): Promise<Port> {
  const { clock, log } = options;
  switch (spec.kind) {
    case 'pty': {
      const { PtyPort } = await import('./pty.js');
      return new PtyPort({ spec: spec.spec, link: spec.link, mode: options.ptyMode, clock, log });
    }
    case 'tcp': {
      const { TcpPort } = await import('./tcp.js');
      return new TcpPort({ spec: spec.spec, host: spec.host, port: spec.port, clock, log });
    }
    // A driver plugs in here: one file beside tcp.ts with a class that implements Port, and its case above.
    case 'uart':
    case 'unix':
    case 'stdio':
      throw new OperatorError('usage', `${spec.kind} ports are not in this version`, {
        found: spec.spec,
        expected: `${spellings.pty}, ${spellings.tcp}`,
        hint: insteadOf(spec.kind),
      });
  }
}

function parsePty(spec: string, link: string | undefined): PortSpec {
  if (link === undefined) return { spec, kind: 'pty' };
  if (link === '') throw misspelt(spec, 'pty', 'name the link, or leave the colon out');
  if (!link.startsWith('/') && /\/|^\.\.?$/.test(link)) {
    throw misspelt(spec, 'pty', 'LINK is a plain name (made in the default folder) or an absolute path');
  }
  return { spec, kind: 'pty', link };
}

function parseTcp(spec: string, rest = ''): PortSpec {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(rest);
  const port = Number(match?.[3]);
  if (!match) throw misspelt(spec, 'tcp', 'PORT is a number; an IPv6 address stands in brackets: tcp:[::1]:2323');
  if (port > 65535) throw misspelt(spec, 'tcp', 'PORT is 0 (any free one) to 65535');
  return { spec, kind: 'tcp', host: match[1] ?? match[2] ?? '127.0.0.1', port };
}

function parseUart(spec: string, rest = ''): PortSpec {
  const [, device, baud] = /^(.+?)(?:@([^@/]*))?$/.exec(rest) ?? [];
  if (!device) throw misspelt(spec, 'uart');
  if (baud === undefined) return { spec, kind: 'uart', device };
  if (!/^[1-9]\d{0,7}$/.test(baud)) throw misspelt(spec, 'uart', 'BAUD is a number such as 115200');
  return { spec, kind: 'uart', device, baud: Number(baud) };
}

function misspelt(spec: string, kind: PortSpec['kind'], hint?: string): OperatorError {
  return new OperatorError('usage', 'port not understood', { found: spec, expected: spellings[kind], hint });
}

function unknownKind(spec: string, kind: string): OperatorError {
  return new OperatorError('usage', 'unknown kind of port', {
    found: spec === '' ? 'an empty port' : spec,
    expected: allSpellings,
    hint: nearestSpec(spec, kind) || undefined,
  });
}

/** What a bare device, path or number most likely meant; else the kind whose name is near. */
function nearestSpec(spec: string, kind: string): string {
  if (/^\d+$/.test(spec)) return `did you mean \`tcp:${spec}\`?`;
  if (/^(?:COM\d+$|\/dev\/)/i.test(spec)) return `did you mean \`uart:${spec}\`?`;
  if (spec.startsWith('/')) return `did you mean \`pty:${spec}\`?`;
  return didYouMean(kind, Object.keys(spellings));
}

function insteadOf(kind: 'uart' | 'unix' | 'stdio'): string {
  switch (kind) {
    case 'uart':
      return 'join the device to a TCP port: `--port tcp:2323`, and socat or ser2net beside it';
    case 'unix':
      return 'a TCP port on loopback reaches no further: `--port tcp:0`';
    case 'stdio':
      return '`atmodem term` speaks to a pty or TCP port from this terminal';
  }
}
