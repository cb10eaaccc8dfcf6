/**
 * What SIGHUP means: by the kernel, that the terminal is gone, and nobody else would remove the links; by a person or a
 * service manager, that the config is to be read again.
 */
import { closeSync, openSync } from 'node:fs';

/** Told before the first signal, and asked at each. */
export class ControllingTerminal {
  readonly #hadOne: boolean;

  constructor(readonly isThere: () => boolean = canBeOpened) {
    this.#hadOne = isThere();
  }

  get isGone(): boolean {
    return this.#hadOne && !this.isThere();
  }
}

/** tty(4): /dev/tty is the terminal of this process, and cannot be opened where it has none, or no longer. */
function canBeOpened(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
