/** What each modem has for itself: its name, and its ports. Two cannot have one. */
import { OperatorError } from '../base/errors.js';
import { ClaimedPorts } from '../ports/claimed-ports.js';
import { parsePort } from '../ports/open-port.js';
import type { Port } from '../ports/port.js';
import { type ModemConfig, modemName } from './modem-config.js';

export type NamedModem = ModemConfig & { name: string };

/** Each with a name: its own, else `modem`, `modem-2`, … by its place in the list. */
export const withNames = (modems: readonly ModemConfig[]): NamedModem[] =>
  modems.map((modem, i) => ({ ...modem, name: modemName(modem, i) }));

export const portsOf = ({ port = 'pty' }: ModemConfig): readonly (string | Port)[] =>
  Array.isArray(port) ? port : [port as string | Port];

/** Told of each that has what another has; throws, or goes on. @param index of the modem in the list */
export type Refuse = (error: OperatorError, index: number, what: 'name' | 'port') => void;

export function claim(modems: readonly NamedModem[], refuse: Refuse): void {
  const names = new Set<string>();
  const ports = new ClaimedPorts();
  for (const [index, modem] of modems.entries()) {
    if (names.has(modem.name)) refuse(twoCalled(modem.name), index, 'name');
    names.add(modem.name);
    for (const port of portsOf(modem)) {
      if (typeof port !== 'string') continue;
      try {
        ports.claim(modem.name, parsePort(port));
      } catch (error) {
        // What is misspelt takes nothing from anybody.
        if (!(error instanceof OperatorError)) throw error;
        if (error.code === 'config') refuse(error, index, 'port');
      }
    }
  }
}

const twoCalled = (name: string): OperatorError =>
  new OperatorError('config', `two modems are called \`${name}\``, {
    hint: 'Give each its own `name`; with `count`, one that has {n} in it.',
  });
