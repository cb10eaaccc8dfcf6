/**
 * The daemon's log on stderr: readable on a terminal, JSON where a program reads it. pino is loaded with the first
 * message, because a start that goes well has none, and its time would count against the ready line.
 */
import { fstatSync } from 'node:fs';
import { type Log, silentLog } from '../base/log.js';

const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];
export type LogLevel = Level | 'silent';

export interface DaemonLog {
  log: Log;
  /** Resolves when what was logged is written, as far as anybody reads it. */
  flush(): Promise<void>;
}

const stderr = 2;
/** Bytes of messages that wait for a reader of stderr; past it they are dropped, for a modem waits for nobody. */
const mostWaiting = 1024 * 1024;

export function createLog(level: LogLevel): DaemonLog {
  if (level === 'silent') return { log: silentLog, flush: async () => {} };
  const source = new LogSource(level);
  return { log: new LateLog(source, {}), flush: () => source.flush() };
}

/** pino, or what waits for it. */
class LogSource {
  #root: Log | undefined;
  #waiting: ((root: Log) => void)[] = [];
  #loading: Promise<void> | undefined;
  #flush: () => Promise<void> = async () => {};

  constructor(readonly level: Level) {}

  isEnabled(level: string): boolean {
    return levels.indexOf(level as Level) >= levels.indexOf(this.level);
  }

  use(write: (root: Log) => void): void {
    if (this.#root) write(this.#root);
    else {
      this.#waiting.push(write);
      this.#loading ??= this.#load();
    }
  }

  async flush(): Promise<void> {
    await this.#loading;
    await this.#flush();
  }

  async #load(): Promise<void> {
    const { root, flush } = process.stderr.isTTY ? await prettyLog(this.level) : await jsonLog(this.level);
    this.#flush = flush;
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

interface Opened {
  root: Log;
  flush(): Promise<void>;
}

async function jsonLog(level: Level): Promise<Opened> {
  const { pino } = await import('pino');
  // A file takes what it gets at once; a pipe may be full, and must not stop the modems.
  const isFile = fstatSync(stderr).isFile();
  const destination = pino.destination({ dest: stderr, sync: isFile, maxLength: mostWaiting });
  destination.on('error', () => {});
  const flush = () => new Promise<void>(resolve => destination.flush(() => resolve()));
  return { root: pino({ level, base: null }, destination), flush: isFile ? async () => {} : flush };
}

async function prettyLog(level: Level): Promise<Opened> {
  const [{ pino }, { default: pretty }] = await Promise.all([import('pino'), import('pino-pretty')]);
  const stream = pretty({ destination: stderr, sync: true, translateTime: 'SYS:HH:MM:ss.l', singleLine: true });
  return { root: pino({ level, base: null }, stream), flush: async () => {} };
}
