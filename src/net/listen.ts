/**
 * Where a module's own servers really listen: on 127.0.0.1 at the port of the AT command, unless the operator says
 * otherwise. `HOST` moves all of them to that address; `PORT=[HOST:]PORT` moves one, `*=…` those that no other rule names.
 */
import { isIP } from 'node:net';
import { OperatorError } from '../base/errors.js';

export interface ListenPlace {
  host: string;
  /** 0: any free one. */
  port: number;
}

export interface ListenRule {
  /** The port of the AT command; undefined: any. */
  from: number | undefined;
  host: string | undefined;
  /** Undefined: the same as in the AT command. */
  port: number | undefined;
}

const loopback = '127.0.0.1';

export function parseListen(text: string): ListenRule {
  const equals = text.indexOf('=');
  const left = text.slice(0, equals);
  if (equals < 0) return { from: undefined, host: address(text, text), port: undefined };
  if (left !== '*' && !isPort(left, 1)) throw badRule(text, `\`${left}\` is not a port or \`*\``);
  const named = /^(?:(?:\[([^\]]+)\]|([^:]+)):)?(\d+)$/.exec(text.slice(equals + 1));
  if (!named || !isPort(named[3] ?? '', 0)) throw badRule(text, `\`${text.slice(equals + 1)}\` is not [HOST:]PORT`);
  const where = named[1] ?? named[2];
  return {
    from: left === '*' ? undefined : Number(left),
    host: where === undefined ? undefined : address(where, text),
    port: Number(named[3]),
  };
}

/** The place for a server at this port of the AT command. A rule for the very port counts before one for all. */
export function listenPlace(rules: readonly ListenRule[], port: number): ListenPlace {
  const rule = rules.find(({ from }) => from === port) ?? rules.find(({ from }) => from === undefined);
  return { host: rule?.host ?? loopback, port: rule?.port ?? port };
}

/** The address on which strangers may reach the module, for what has no port of its own in the rules. */
export const openAddress = (rules: readonly ListenRule[]): string =>
  rules.find(({ from, port }) => from === undefined && port === undefined)?.host ?? loopback;

const isPort = (text: string, least: number): boolean =>
  /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= 65_535;

function address(text: string, whole: string): string {
  if (text === 'localhost') return loopback;
  if (isIP(text) === 0) throw badRule(whole, `\`${text}\` is not an address`);
  return text;
}

const badRule = (text: string, why: string): OperatorError =>
  new OperatorError('usage', `a listen rule that cannot be read: ${why}`, {
    found: text,
    expected: 'ADDRESS, PORT=[ADDRESS:]PORT or *=[ADDRESS:]PORT',
    hint: 'for example --listen 0.0.0.0, or --listen 80=8080',
  });
