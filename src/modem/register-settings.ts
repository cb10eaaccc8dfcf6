/** The settings that framer and response writer obey: E, Q, V, S3, S4, S5 of a channel [V.250 6.2]. */
import type { Registers } from '../at/registers.js';
import type { Value } from '../grammar/values.js';

type Apply = (registers: Registers, value: number) => void;

const apply: Readonly<Record<string, Apply>> = {
  E: (registers, value) => {
    registers.echo = value !== 0;
  },
  Q: (registers, value) => {
    registers.quiet = value as Registers['quiet'];
  },
  V: (registers, value) => {
    registers.verbose = value !== 0;
  },
  S3: (registers, value) => {
    registers.lineEnd = value;
  },
  S4: (registers, value) => {
    registers.responseFormat = value;
  },
  S5: (registers, value) => {
    registers.editing = value;
  },
};

export const registerNames = Object.keys(apply);

/** A dialect without the setting leaves the register as it is. */
export function applyRegister(registers: Registers, name: string, value: Value): void {
  if (typeof value === 'number') apply[name]?.(registers, value);
}
