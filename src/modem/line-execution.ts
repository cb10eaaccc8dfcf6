/**
 * The command line that a channel is executing: its commands in order, which of them has the port, and whether the line is
 * answered. Writes nothing itself; who owns it starts commands and writes results.
 */
import type { Command, CommandLine } from '../at/command-line.js';

export interface LineEvents {
  /** The next command has the port. */
  start(command: Command): void;
  /** The line is AT alone, and has the port as a command has. */
  bare(): void;
  /** What follows in the line cannot be read. */
  unreadable(): void;
  /** Every command was done, and none has written the line's OK. */
  unanswered(): void;
  /** The port is free. */
  done(): void;
}

interface Execution {
  line: CommandLine;
  next: number;
  /** `running`: a command has the port. `free`: its last final result is written, or swallowed because more follow. */
  state: 'running' | 'free' | 'failed';
  /** The final result of the last command is on the port. */
  isAnswered: boolean;
  /** Does anybody hear the answer? */
  isHeard: boolean;
}

export class LineExecution {
  #now: Execution | undefined;
  #isGoingOn = false;

  constructor(readonly events: LineEvents) {}

  /** A line is being executed. */
  get isActive(): boolean {
    return this.#now !== undefined;
  }

  /** A command has the port. */
  get isRunning(): boolean {
    return this.#now?.state === 'running';
  }

  /** Nobody hears what is answered: the host whose line it is has gone. */
  get isOrphan(): boolean {
    return this.#now?.isHeard === false;
  }

  /** Starts the commands of the line one after the other, as long as each ends at once. */
  begin(line: CommandLine): void {
    this.#now = { line, next: 0, state: 'free', isAnswered: false, isHeard: true };
    this.goOn();
  }

  /** A line that is none: `answer` writes what it gets. */
  refuse(answer: () => void): void {
    this.#now = { line: { commands: [] }, next: 0, state: 'running', isAnswered: false, isHeard: true };
    answer();
    this.goOn();
  }

  /** A stretch of the running command was performed. */
  goOn(): void {
    if (this.#isGoingOn) return;
    this.#isGoingOn = true;
    try {
      this.#perform();
    } finally {
      this.#isGoingOn = false;
    }
  }

  /** An OK within a line is swallowed: the line has one, after its last command [V.250 5.2.2]. */
  swallows(text: string): boolean {
    return text === 'OK' && this.#now !== undefined && hasMore(this.#now);
  }

  /** The running command's last final result was written, or swallowed. */
  settle(how: 'failed' | 'answered' | 'swallowed'): void {
    if (!this.#now) return;
    this.#now.state = how === 'failed' ? 'failed' : 'free';
    this.#now.isAnswered = how !== 'swallowed';
  }

  /** The host has gone, or a fault keeps it in the dark: what was asked for goes on, unheard. */
  mute(): void {
    if (this.#now) this.#now.isHeard = false;
  }

  /** Nothing more of it happens. */
  forget(): void {
    this.#now = undefined;
  }

  /** The same, and the port is free. */
  end(): void {
    this.#now = undefined;
    this.events.done();
  }

  #perform(): void {
    for (let now = this.#now; now && now.state !== 'running'; now = this.#now) {
      const { line } = now;
      if (now.state === 'failed') return this.end();
      if (now.next < line.commands.length) this.#start(now, () => this.events.start(line.commands[now.next++]!));
      else if (line.fault) this.#start(now, () => this.events.unreadable());
      else if (line.commands.length === 0 && !now.isAnswered) this.#start(now, () => this.events.bare());
      else {
        if (!now.isAnswered) this.events.unanswered();
        return this.end();
      }
    }
  }

  #start(now: Execution, run: () => void): void {
    now.state = 'running';
    now.isAnswered = false;
    run();
  }
}

const hasMore = ({ next, line }: Execution): boolean => next < line.commands.length || line.fault !== undefined;
