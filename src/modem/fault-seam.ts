/**
 * Where a run of a modem can be spoilt on purpose. Each of these points is met in the order of the run, and whoever sits at
 * the seam numbers them, so that a scenario can say "the seventh answer, late". With nobody there a point costs one
 * comparison.
 */
import type { Command } from '../at/command-line.js';
import type { ByteString } from '../base/bytes.js';

/** A place in a dialogue where a module may write a URC though its manual does not let it. */
export const urcPlaces = ['echo', 'before', 'between', 'prompt'] as const;
/**
 * `echo`: behind the first byte that is echoed of a line. `before`: in front of a command's first line. `between`: after its
 * information response, in front of the final result. `prompt`: inside the bytes of a prompt.
 */
export type UrcPlace = (typeof urcPlaces)[number];

export interface MetCommand {
  channel: number;
  /** `+MPUB`; '' for the line AT alone. */
  name: string;
  form: Command['form'];
}

export type CommandFault =
  /** Nothing happens, and nothing is said. */
  | { does: 'swallow' }
  /** It is executed, and nothing is said. */
  | { does: 'mute' }
  /** It is executed so many ms later; the port is its own meanwhile. */
  | { does: 'delay'; ms: number }
  /** It is not executed, and answered so. */
  | { does: 'answer'; text: ByteString }
  | { does: 'cme'; code: number; text: string }
  /** Neither executed nor answered, and the port stays its own: what a module does that is about to reset. */
  | { does: 'hang' };

export interface FaultSeam {
  /** A command is about to be executed. */
  command(met: MetCommand): CommandFault | undefined;
  /** @returns lines that are written here as URCs */
  place(met: { channel: number; place: UrcPlace; command: string }): readonly ByteString[];
  /** A broker has accepted a client. @returns the return code that the client reads instead */
  connack(met: { channel: number; host: string; port: number }): number | undefined;
}
