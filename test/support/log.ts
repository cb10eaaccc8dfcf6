/** A log that remembers what was said. */
import type { Log } from '../../src/base/log.js';

export interface Said {
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  fields: object;
  text: string;
}

export function recordingLog(said: Said[] = []): Log & { said: Said[] } {
  const at =
    (level: Said['level']) =>
    (fields: object, text = '') =>
      void said.push({ level, fields, text });
  return {
    said,
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => recordingLog(said),
    isLevelEnabled: () => true,
  };
}
