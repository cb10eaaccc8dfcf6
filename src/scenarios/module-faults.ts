/** Faults of the module itself: it resets, hangs, loses its supply. */
import { toBuffer } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import type { Modem } from '../modem/modem.js';
import type { Fault } from './fault.js';
import type { FaultyPort } from './faulty-port.js';

export interface ModuleParts {
  modem: Modem;
  clock: Clock;
  /** By channel. */
  ports: readonly FaultyPort[];
}

/** @param at the channel whose command it strikes; undefined: it strikes at once @returns what ends it; undefined where it has no end */
export function actOnModule(fault: Fault, parts: ModuleParts, at: number | undefined): (() => void) | undefined {
  const { modem, clock } = parts;
  // A command that is being executed is not cut short in its own turn.
  const fall = (off: number) => (at === undefined ? powerCycle(parts, off) : clock.soon(() => powerCycle(parts, off)));
  switch (fault.name) {
    case 'module.reboot':
      fall(fault.values.off);
      return undefined;
    case 'module.brown-out': {
      const { after, glitch, off } = fault.values;
      const port = at === undefined ? undefined : parts.ports[at];
      if (port) port.breakNextWrite(after, toBuffer(glitch), () => fall(off));
      else if (modem.isOn) {
        for (const each of parts.ports) each.disturb(toBuffer(glitch));
        fall(off);
      }
      return undefined;
    }
    default:
      return undefined;
  }
}

/** Without effect on a module that is off. Who switches it on or off meanwhile has the last word. */
function powerCycle({ modem, clock }: ModuleParts, off: number): void {
  if (!modem.isOn) return;
  modem.powerOff();
  const { life } = modem;
  if (off === 0) modem.powerOn();
  else clock.after(off, () => life === modem.life && modem.powerOn());
}

/** All freezes that are on now, as one. */
export function freeze({ modem, ports }: ModuleParts, freezes: readonly Fault[]): void {
  const isDeaf = freezes.some(({ name, values }) => name === 'module.freeze' && values.loses);
  const to = freezes.length === 0 ? 'moves' : isDeaf ? 'deaf' : 'frozen';
  for (const port of ports) port.freeze(to);
  modem.freeze(to !== 'moves');
}
