/**
 * The daemon's log on stderr: readable on a terminal, JSON where a program reads it. pino is loaded with the first
 * message, because a start that goes well has none, and its time would count against the ready line.
 */
import { visibleText } from '../base/bytes.js';
import { type Log, silentLog } from '../base/log.js';
import type { Output } from './output.js';

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];
/** What `--log-level` may say. */
export const logLevels = [...levels, 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogForm = 'readable' | 'json';

export function createLog(level: LogLevel, form: LogForm, output: Pick<Output, 'note'>): Log {
  return level === 'silent' ? silentLog : new LateLog(new LogSource(level, () => openLog(level, form, output)), {});
}

/** pino, or what waits for it. */
class LogSource {
  #root: Log | undefined;
  #waiting: ((root: Log) => void)[] = [];

  constructor(
    readonly level: Level,
    readonly open: () => Promise<Log>,
  ) {}

  isEnabled(level: string): boolean {
    return levels.indexOf(level as Level) >= levels.indexOf(this.level);
  }

  use(write: (root: Log) => void): void {
    if (this.#root) write(this.#root);
    else if (this.#waiting.push(write) === 1) void this.#load();
  }

  async #load(): Promise<void> {
    const root = await this.open();
    this.#root = root;
    for (const write of this.#waiting.splice(0)) write(root);
  }
}

class LateLog implements Log {
  #child: Log | undefined;

  constructor(
    readonly source: LogSource,
    readonly fields: object,
  ) {}

  trace(fields: object, text?: string): void {
    this.#write('trace', fields, text);
  }
  debug(fields: object, text?: string): void {
    this.#write('debug', fields, text);
  }
  info(fields: object, text?: string): void {
    this.#write('info', fields, text);
  }
  warn(fields: object, text?: string): void {
    this.#write('warn', fields, text);
  }
  error(fields: object, text?: string): void {
    this.#write('error', fields, text);
  }

  child(fields: object): Log {
    return new LateLog(this.source, { ...this.fields, ...fields });
  }

  isLevelEnabled(level: string): boolean {
    return this.source.isEnabled(level);
  }

  #write(level: Level, fields: object, text: string | undefined): void {
    if (!this.source.isEnabled(level)) return;
    this.source.use(root => {
      this.#child ??= root.child(this.fields);
      this.#child[level](fields, text);
    });
  }
}

async function openLog(level: Level, form: LogForm, output: Pick<Output, 'note'>): Promise<Log> {
  const { pino } = await import('pino');
  const readable = form === 'json' ? undefined : await readableLines();
  // pino escapes what JSON must escape, which is not all that a terminal obeys.
  const write = (line: string) => output.note(readable?.(line).trimEnd() ?? visibleText(line.trimEnd()));
  const root: Log = pino({ level, base: null }, { write });
  return root;
}

async function readableLines(): Promise<(line: string) => string> {
  const { prettyFactory } = await import('pino-pretty');
  const pretty = prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return line => pretty(JSON.parse(line, printable));
}

/** Host names, topics and SSIDs in a message are a stranger's. The lines of a stack stay lines. */
function printable(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return key === 'stack' ? value.split('\n').map(visibleText).join('\n') : visibleText(value);
}
