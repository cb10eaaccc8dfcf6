/** `atmodem term`: a terminal on a port, for a person or for a script that pipes its lines in. */
import { type Clock, systemClock } from '../../base/clock.js';
import { OperatorError } from '../../base/errors.js';
import type { ExitCode } from '../failure.js';
import type { Output } from '../output.js';
import { addressOf } from './address.js';
import { historyFile } from './history.js';
import { type HostLink, openHostLink } from './host-link.js';
import { interactiveSession } from './interactive.js';
import { scriptedSession } from './scripted.js';
import { type LineEnd, lineEnds } from './typed-line.js';

export interface TermOptions {
  end: LineEnd;
  baud: number;
  /** Milliseconds. */
  quiet: number;
}

/** Who talks to the modem, and how it is shown. */
export interface Session {
  heard(bytes: string): void;
  /** Resolves when the user has no more to say. */
  converse(link: HostLink, end: string): Promise<undefined>;
  close?(): void;
}

export async function term(port: string | undefined, options: TermOptions, output: Output): Promise<ExitCode> {
  const address = addressOf(port);
  const { session, isInteractive } = createSession(options, output, systemClock);
  let lose: (reason: string) => void = () => {};
  const lost = new Promise<string>(resolve => {
    lose = resolve;
  });
  const link = await openHostLink(address, options.baud, { bytes: bytes => session.heard(bytes), lost: lose });
  if (isInteractive) output.note(`connected to ${link.name}; Ctrl-D leaves, \`atmodem term --help\` shows the keys`);
  try {
    const reason = await Promise.race([session.converse(link, lineEnds[options.end]), lost]);
    if (reason !== undefined) throw new OperatorError('port', `${link.name} is gone`, { found: reason });
    return 0;
  } finally {
    session.close?.();
    await link.close();
  }
}

function createSession(
  { quiet }: TermOptions,
  output: Output,
  clock: Clock,
): { session: Session; isInteractive: boolean } {
  const { stdin, stdout } = process;
  const isInteractive = stdin.isTTY === true && stdout.isTTY === true;
  const session = isInteractive
    ? interactiveSession({ input: stdin, output: stdout }, historyFile(), clock, quiet)
    : scriptedSession(stdin, output, clock, quiet);
  return { session, isInteractive };
}
