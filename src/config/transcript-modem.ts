/** The modem that the header of a transcript asks for, as a config has it. Pure. */
import type { ByteString } from '../base/bytes.js';
import type { Dialect } from '../grammar/dialect.js';
import type { TranscriptHeader } from '../transcripts/transcript.js';
import type { ModemConfig } from './modem-config.js';

/** Without its port, and without what leads out of the header: routes and the contents of files. */
export function modemOf(header: TranscriptHeader): ModemConfig {
  const { name, dialect, settings, timing, power, sim, accessPoints } = header;
  return {
    name,
    dialect,
    settings: Object.fromEntries(settings.map(setting => [setting.name, setting.value])),
    timing,
    power,
    sim: sim === 'absent' ? 'none' : sim === 'pin' ? { pin: '1234' } : undefined,
    accessPoints: accessPoints.length > 0 ? accessPoints.map(point => ({ ...point })) : undefined,
  };
}

/** Is E 0 from the start, as if the host had said so? Factory values are still the module's. */
export const beginsSilent = ({ echo, power }: TranscriptHeader, { settings }: Dialect): boolean =>
  power === undefined && echo !== 'on' && settings.has('E');

/** What ends a host line where the header does not say. */
export const usualLineEnd = ({ style }: Dialect): ByteString => (style.framing === 'esp' ? '\r\n' : '\r');
