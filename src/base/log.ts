/** What a part of the house may say. pino's logger satisfies it; nothing here loads pino. */
export interface Log {
  trace(fields: object, text?: string): void;
  debug(fields: object, text?: string): void;
  info(fields: object, text?: string): void;
  warn(fields: object, text?: string): void;
  error(fields: object, text?: string): void;
  child(fields: object): Log;
  isLevelEnabled(level: string): boolean;
}

const nothing = () => {};

/** Says nothing. The default of the library and of tests. */
export const silentLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
  isLevelEnabled: () => false,
};
