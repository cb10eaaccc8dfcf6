/**
 * What the framer and the response writer obey: the settings that E, Q, V, S3, S4 and S5 change [V.250 6.2].
 * The channel owns them and writes to them while a command line runs, so they are read anew for every byte.
 */
import { BS, CR, LF } from './control-bytes.js';

export interface Registers {
  echo: boolean;
  quiet: 0 | 1 | 2;
  verbose: boolean;
  /** S3: ends a command line, and is the CR of every answer. */
  lineEnd: number;
  /** S4: the LF of every answer. */
  responseFormat: number;
  /** S5: deletes the character before it. */
  editing: number;
}

/** Factory values [V.250 6.2.1-6.2.6]. */
export const factoryRegisters = (): Registers => ({
  echo: true,
  quiet: 0,
  verbose: true,
  lineEnd: CR,
  responseFormat: LF,
  editing: BS,
});
