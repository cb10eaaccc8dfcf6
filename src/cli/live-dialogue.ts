/**
 * `-v`: the dialogue of host, modem and broker as lines for people. Pure. What is secret was hidden by the modem; control
 * bytes come escaped.
 */
import type { DialogueLine } from '../modem/dialogue.js';

const arrows = { host: '→', modem: '←', out: '⇢', in: '⇠', fault: '!' } as const;

export interface Labelling {
  /** Several modems run: lines say whose they are. */
  byModem: boolean;
  /** A modem has several channels. */
  byChannel: boolean;
}

/** `12:34:56.789 → AT+MSUB="t",0` */
export function dialogueText(line: DialogueLine, { byModem, byChannel }: Labelling): string {
  const label = [byModem ? line.modem : '', byChannel ? String(line.channel + 1) : ''].filter(Boolean).join('/');
  return [timeOfDay(line.at), label, arrowOf(line), line.text].filter(part => part !== '').join(' ');
}

function arrowOf({ from, direction }: DialogueLine): string {
  return arrows[from === 'broker' ? (direction ?? 'in') : from];
}

/** Local time, as the clock on the wall of who looks at it. */
function timeOfDay(at: number): string {
  const date = new Date(at);
  const pad = (n: number, width = 2) => String(n).padStart(width, '0');
  const [h, m, s] = [date.getHours(), date.getMinutes(), date.getSeconds()].map(n => pad(n));
  return `${h}:${m}:${s}.${pad(date.getMilliseconds(), 3)}`;
}
