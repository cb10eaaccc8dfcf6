/** What the operator is told of commands that the dialect lacks: the first ones, then one in a while. */
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { nearest } from '../base/nearest.js';
import type { Dialect } from '../grammar/dialect.js';

/** All of these are told of; later ones only so often, so that a polling host does not fill the log. */
const first = 5;
const pauseBetween = 10_000;

export class UnknownCommands {
  #count = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly dialect: Dialect,
    readonly clock: Clock,
    /** Other dialects that have a command. */
    readonly whoHas: (command: string) => readonly string[],
  ) {}

  tell(command: string, log: Log): void {
    this.#count += 1;
    const now = this.clock.now();
    if (this.#count > first && now - this.#toldAt < pauseBetween) return;
    this.#toldAt = now;
    log.warn({ command, unknown: this.#count }, this.#help(command));
  }

  #help(command: string): string {
    const { name, commands } = this.dialect;
    if (commands.get(command)?.status === 'absent')
      return `AT${command} is a command of ${name} that this version does not have`;
    const others = this.whoHas(command);
    const near = nearest(command, commands.keys());
    const has =
      others.length === 0 ? '' : `; ${others.slice(0, 3).join(', ')} ${others.length === 1 ? 'has' : 'have'} it`;
    const parts = [`AT${command} is not in ${name}${has}.`];
    if (near) parts.push(`Nearest here: ${near}.`);
    if (others[0]) parts.push(`Did you mean --dialect ${others[0]}?`);
    return parts.join(' ');
  }
}
