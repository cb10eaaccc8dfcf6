/** Between the header of a transcript and the config of a modem, both ways. Pure. */
import type { ByteString } from '../base/bytes.js';
import type { Dialect } from '../grammar/dialect.js';
import { isGrammarPath } from '../grammar/library.js';
import { parseRoute } from '../net/route.js';
import type { Route, Setting, TranscriptHeader } from '../transcripts/transcript.js';
import type { ModemConfig } from './modem-config.js';

/** What the modem's clock says where a transcript does not, in ms since 1970. */
export const usualDate = Date.UTC(2026, 0, 1);

/** What a transcript has its PIN for. */
const usualPin = '1234';

/** Where a transcript does not say whose identity it shows. */
const namelessModem = { name: 'test', address: '10.83.214.110' };

/** Without its port, and without what leads out of the header: routes and the contents of files. */
export function modemOf(header: TranscriptHeader): ModemConfig {
  const { name, dialect, settings, timing, power, sim, accessPoints } = header;
  return {
    name: name ?? namelessModem.name,
    address: name === undefined ? namelessModem.address : undefined,
    dialect,
    settings: Object.fromEntries(settings.map(setting => [setting.name, setting.value])),
    timing,
    power,
    sim: sim === 'absent' ? 'none' : sim === 'pin' ? { pin: usualPin } : undefined,
    accessPoints: accessPoints.length > 0 ? accessPoints.map(point => ({ ...point })) : undefined,
  };
}

/** Is E 0 from the start, as if the host had said so? Factory values are still the module's. */
export const beginsSilent = ({ echo, power }: TranscriptHeader, { settings }: Dialect): boolean =>
  power === undefined && echo !== 'on' && settings.has('E');

/** What ends a host line where the header does not say. */
export const usualLineEnd = ({ style }: Dialect): ByteString => (style.framing === 'esp' ? '\r\n' : '\r');

export interface HeaderOfModem {
  header: TranscriptHeader;
  /** Options of the config that a header cannot say. */
  unsaid: readonly string[];
}

/** The header of a dialogue that begins when this modem starts. */
export function headerOf(name: string, config: ModemConfig): HeaderOfModem {
  const {
    dialect: family = 'w800',
    profile,
    settings = {},
    routes = [],
    certs = {},
    accessPoints = [],
    sim,
    timing,
  } = config;
  const { power = 'attach' } = config;
  // A profile has a name of its own where its dialect is built in.
  const isNamed = profile === undefined || !isGrammarPath(family);
  const dialect = isNamed ? (profile ?? family) : family;
  const given = Object.entries(settings).map(([key, value]): Setting => ({ name: key, value: String(value) }));
  const files = Object.entries(certs).flatMap(([key, path]) => (typeof path === 'string' ? [{ name: key, path }] : []));
  const header: TranscriptHeader = {
    dialect,
    name,
    settings: given.filter(({ value }) => isOneLine(value)),
    routes: routes.map(routeOf),
    files,
    accessPoints: accessPoints
      .filter(isSayable)
      .map(({ ssid, password }) => ({ ssid, ...(password ? { password } : {}) })),
    ...(sim === 'none' ? { sim: 'absent' } : sim?.pin === usualPin ? { sim: 'pin' } : {}),
    // Its boot lines come before there is anybody to read them.
    ...(power === 'start' ? {} : { power }),
    echo: 'on',
    ...(timing === 'real' ? { timing } : {}),
  };
  const unsaid = [
    ...(isNamed ? [] : ['profile']),
    ...(['identity', 'address', 'clock', 'listen', 'network', 'files', 'faults', 'scenario'] as const).filter(option =>
      hasContent(config[option]),
    ),
    ...(sim !== undefined && header.sim === undefined ? ['sim'] : []),
    ...(header.settings.length < given.length ? ['settings'] : []),
    ...(files.length < Object.keys(certs).length ? ['certs'] : []),
    ...(accessPoints.every(isSayable) ? [] : ['access points']),
  ];
  return { header, unsaid };
}

function routeOf(text: string): Route {
  const { target } = parseRoute(text);
  const pattern = text.slice(0, text.indexOf('='));
  return target === 'embedded'
    ? { pattern, target: { kind: 'endpoint', name: 'broker' } }
    : { pattern, target: { kind: 'address', ...target } };
}

const hasContent = (value: unknown): boolean =>
  typeof value === 'string' || (typeof value === 'object' && value !== null && Object.keys(value).length > 0);

/** A header trims its values, and ends them at the line. */
const isOneLine = (text: string): boolean => text !== '' && text === text.trim() && !/[\r\n]/.test(text);

/** A comma ends the SSID there. */
const isSayable = (point: { ssid: string; password?: string }): boolean =>
  Object.keys(point).every(key => key === 'ssid' || key === 'password') &&
  isOneLine(point.ssid) &&
  !point.ssid.includes(',') &&
  (point.password === undefined || isOneLine(point.password));
