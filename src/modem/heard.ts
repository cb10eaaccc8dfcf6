/** What a host said, word for word: for who waits for it. Secrets are not hidden, so it is never for a log. */
import type { Command } from '../at/command-line.js';
import type { ByteString } from '../base/bytes.js';

export interface HeardLine {
  channel: number;
  /** Without what ends it. Also of a line that is lost, or is none; one past the limit is ''. */
  line: ByteString;
}

export interface HeardCommand extends Pick<Command, 'name' | 'form' | 'args'> {
  channel: number;
}
