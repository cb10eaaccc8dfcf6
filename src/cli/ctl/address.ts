/** Which daemon is meant: the one of --url, else the only one that runs here with a control API, or has that modem. */
import { OperatorError } from '../../base/errors.js';
import { type Running, runningDaemons } from '../running.js';

/** @param modem the name that was typed, where the command has one @throws OperatorError (usage) */
export function controlUrl(url: string | undefined, modem?: string, running = runningDaemons): string {
  return url === undefined ? onlyControl(running(), modem) : parseUrl(url);
}

/** `http://host:port`, `host:port` or a port of this machine. */
export function parseUrl(text: string): string {
  const whole = /^\d+$/.test(text) ? `127.0.0.1:${text}` : text;
  const url = /^https?:\/\//i.test(whole) ? whole : `http://${whole}`;
  if (URL.canParse(url)) return new URL(url).origin;
  throw new OperatorError('usage', 'the address of the control API is not understood', {
    found: text,
    expected: 'http://HOST:PORT, HOST:PORT or PORT',
  });
}

export function onlyControl(running: readonly Running[], modem?: string): string {
  const controlled = running.filter(({ control }) => control !== null);
  const meant = controlled.filter(({ modems }) => modems.some(({ name }) => name === modem));
  const [first, ...others] = meant.length > 0 ? meant : controlled;
  if (first && others.length === 0) return first.control!;
  if (first)
    throw new OperatorError('usage', 'several atmodems run: name one', {
      found: [first, ...others].map(describe).join(', '),
      hint: 'Such as --url 127.0.0.1:8080',
    });
  throw new OperatorError('usage', 'no control API runs here that could be found', {
    found: running.length === 0 ? undefined : `${running.length} that run without one`,
    hint: 'Start atmodem with `--control 8080`, or say where it is: --url HOST:PORT.',
  });
}

const describe = ({ control, modems }: Running): string =>
  `${control} (${modems.length === 1 ? modems[0]!.name : `${modems.length} modems`})`;
