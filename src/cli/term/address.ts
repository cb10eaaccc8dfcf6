/** What PORT means: a device, link or socket, or an address; without one, the port of the only modem that runs here. */
import { existsSync, statSync } from 'node:fs';
import { OperatorError } from '../../base/errors.js';
import { linkPath } from '../../ports/link.js';
import type { ReadyModem } from '../ready.js';
import { runningModems } from '../running.js';

export type Address =
  | { kind: 'device'; path: string }
  | { kind: 'unix'; path: string }
  /** Of an RFC 2217 port too, which speaks plainly with who does not negotiate. */
  | { kind: 'tcp'; host: string; port: number };

/** @throws OperatorError (usage) */
export function addressOf(port: string | undefined): Address {
  return port === undefined ? onlyRunning(runningModems()) : parseAddress(port);
}

export function parseAddress(text: string): Address {
  const tcp = /^(?:tcp:|rfc2217:)?(?:(?:\[([^\]]+)\]|([^:[\]/]+)):)?(\d{1,5})$/.exec(text);
  if (tcp && Number(tcp[3]) <= 65_535)
    return { kind: 'tcp', host: tcp[1] ?? tcp[2] ?? '127.0.0.1', port: Number(tcp[3]) };
  if (text.startsWith('unix:')) return { kind: 'unix', path: text.slice('unix:'.length) };
  const name = text.replace(/^(?:pty|uart):/, '');
  const path = name.includes('/') ? name : named(name);
  return isSocket(path) ? { kind: 'unix', path } : { kind: 'device', path };
}

export function onlyRunning(modems: readonly ReadyModem[]): Address {
  const ports = modems.flatMap(({ name, dialect, port, ports = [port] }) =>
    ports.filter(isReachable).map(path => ({ path, what: `${path} (${name}, ${dialect})` })),
  );
  if (ports.length === 1) return parseAddress(ports[0]!.path);
  if (ports.length === 0)
    throw new OperatorError('usage', 'no atmodem runs here that could be found', {
      hint: 'Start one with `atmodem run`, or name its port: `atmodem term /dev/pts/3`, `atmodem term 127.0.0.1:2323`.',
    });
  throw new OperatorError('usage', 'several ports are there: name one', {
    found: ports.map(({ what }) => what).join(', '),
  });
}

/** Its standard streams are another process's. */
const isReachable = (path: string): boolean => path !== 'stdio';

const isSocket = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isSocket() === true;

/** A bare name is a link in the default folder, as `--port pty:NAME` makes it; else a device here (COM3). */
function named(name: string): string {
  const link = linkPath(name);
  return existsSync(link) ? link : name;
}
