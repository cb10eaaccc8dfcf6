/**
 * What a config file may hold, by the names of the command line's options. The messages say what is expected; where and
 * what was found is added by file.ts. The descriptions are for editors (json-schema.ts). Loaded only where there is a config.
 */
import { z } from 'zod';
import { encryptions } from '../network/access-points.js';
import { registrationWords } from '../network/conditions.js';
import { portSpellings } from '../ports/port-spec.js';
import { mostAlike } from './templates.js';
import { baudPolicies, clockPolicies, dialPolicies, powerPolicies, timings } from './words.js';

export const text = z.string({ error: 'a text; digits need quotes around them' }).min(1, 'a text');
const number = z.number({ error: 'a number' }).int('a whole number');
const yesOrNo = z.boolean({ error: 'true or false' });
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: words.join(', ') });
const bounded = (least: number, most: number) =>
  number.min(least, `${least} to ${most}`).max(most, `${least} to ${most}`);

const identity = z.strictObject({
  imei: text.describe('15 digits, the last one checks the others (Luhn)'),
  imsi: text.describe('15 digits'),
  iccid: text.describe('20 digits, the last one checks the others (Luhn)'),
  mac: text.describe('Of the Wi-Fi station'),
  'ap-mac': text.describe('Of the Wi-Fi soft AP'),
  serial: text.describe('1 to 32 letters and digits'),
});

const sim = z.strictObject({
  pin: text.describe('With a PIN the card is locked after each power-on'),
  puk: text.describe('Default 12345678'),
});

const operator = z.strictObject({
  long: text.describe('As +COPS has it in format 0'),
  short: text.optional().describe('Format 1; default: as `long`'),
  numeric: text.regex(/^\d{5,6}$/, 'MCC and MNC: 5 or 6 digits in quotes').describe('Format 2: MCC and MNC'),
  act: bounded(0, 9).optional().describe('Access technology; default 7, E-UTRAN'),
});

const signal = z.union([bounded(0, 31), z.literal(99)], { error: '0 to 31 as +CSQ has it, or 99 for unknown' });

const network = z.strictObject({
  registration: oneOf(...registrationWords).describe('What the network says to the modem that registers; default home'),
  signal: signal.describe('As +CSQ has it: 0 to 31, or 99 for unknown; default 28'),
  operator: operator.describe('The one that the modem registers with by itself'),
  'packet-data': yesOrNo.describe('Does the network give packet data? Default true'),
});

const accessPoint = z.strictObject({
  ssid: text,
  password: z.string({ error: 'a text; digits need quotes around them' }).optional(),
  bssid: text.optional(),
  channel: bounded(1, 14).optional(),
  rssi: number.optional().describe('dBm'),
  encryption: oneOf(...encryptions).optional(),
  manner: oneOf('willing', 'silent', 'refusing').optional().describe('What it does with who joins'),
});

const setting = z.union([z.string(), z.number(), z.boolean()], { error: 'a text, number, true or false' });
const filesByName = z.record(z.string(), text, { error: 'a map of NAME: FILE' });

const shared = {
  dialect: text.describe('A dialect or profile by name (see `atmodem list`), or the path of a grammar; default w800'),
  profile: text.describe("One of the dialect's own profiles"),
  routes: z
    .array(text, { error: 'a list of HOST[:PORT]=HOST:PORT' })
    .describe('HOST[:PORT]=HOST:PORT or =embedded; * is any host. Where a name leads that the firmware dials'),
  dial: oneOf(...dialPolicies).describe('Where the modem may dial'),
  listen: z
    .array(text, { error: 'a list of ADDRESS or PORT=[ADDRESS:]PORT' })
    .describe("Where the module's own servers listen: ADDRESS, PORT=[ADDRESS:]PORT, *=…"),
  settings: z
    .record(z.string(), setting, { error: 'a map of NAME: VALUE' })
    .describe('Any setting of the dialect (see `atmodem explain --settings`)'),
  certs: filesByName.describe('Certificates and keys that the module was made with: slot or name → file'),
  files: filesByName.describe("Files in the module's store from the start: name in the module → file"),
  power: oneOf(...powerPolicies).describe('When the modem has power; default attach'),
  timing: oneOf(...timings).describe('Answers at once, or as slow as the module; default instant'),
  baud: oneOf(...baudPolicies).describe("Need the DTE's baud rate be the module's? Default any"),
  identity: identity.partial().describe("What is left out follows from the modem's name"),
  sim: z
    .union([z.literal('none'), sim.partial()], { error: 'none, or a map with pin and puk as texts in quotes' })
    .describe('The SIM card: none, or its PIN and PUK'),
  network: network.partial().describe('What the cellular network is like, from power-on'),
  'access-points': z
    .array(accessPoint, { error: 'a list of { ssid, password, … }' })
    .describe('The Wi-Fi that exists; without a list any SSID and password joins'),
  address: text.describe('IPv4 that the cellular network gives to context 1'),
  clock: oneOf(...clockPolicies).describe("Is the module's clock right, or was it never set? Default host"),
  scenario: text.describe('The path of a scenario that plays on this modem'),
  'pty-mode': z
    .string({ error: "octal digits in quotes, such as '660'" })
    .regex(/^0?[0-7]{3}$/, "octal digits, such as '660'")
    .describe("Rights of the pty device; default '600'"),
};

const defaults = z.strictObject(shared).partial();

const modem = z
  .strictObject({
    name: text.describe('Its own; IMEI, MAC and addresses follow from it'),
    count: bounded(1, mostAlike).describe('So many alike: {n} in any text is the number, from 1; {2300+n} adds to it'),
    port: z
      .union([text, z.array(text).min(1)], { error: `one of ${portSpellings}, or a list of these` })
      .describe(`One of ${portSpellings}; a list for several AT channels; default pty`),
    ...shared,
  })
  .partial();

const control = z.strictObject(
  {
    listen: z.union([text, number.min(0, '0 to 65535').max(65_535, '0 to 65535').transform(String)], {
      error: '[HOST:]PORT',
    }),
    'token-file': text.optional(),
  },
  { error: 'a map of listen and token-file' },
);

export const configSchema = z.strictObject({
  modems: z.array(modem, { error: 'a list of modems' }).min(1, 'at least one modem'),
  defaults: defaults.optional().describe('Under every modem: maps merge, all else is replaced'),
  broker: text.optional().describe('embedded[:PORT] or none; default embedded, on 1883 if that is free'),
  'broker-host': text.optional().describe('Where the embedded broker listens; default 127.0.0.1'),
  cloud: text.optional().describe('The path of a device list: makes the embedded broker a cloud'),
  ca: text.optional().describe('Folder of the local CA that certifies the embedded broker'),
  state: text.optional().describe("Folder for what the modems' flash keeps"),
  control: control.optional().describe('The control API, and its page'),
});

export type ConfigDocument = z.infer<typeof configSchema>;
export type ModemDocument = ConfigDocument['modems'][number];

/** Which keys a map at this place may have: for the nearest right word. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const [top, ...below] = path.filter(key => typeof key === 'string');
  if (top === undefined) return Object.keys(configSchema.shape);
  if (top === 'control') return Object.keys(control.shape);
  if (below.length === 0) return Object.keys(top === 'defaults' ? shared : modem.shape);
  return inModem[below.join('.')] ?? [];
}

const inModem: Readonly<Record<string, readonly string[]>> = {
  identity: Object.keys(identity.shape),
  sim: Object.keys(sim.shape),
  network: Object.keys(network.shape),
  'network.operator': Object.keys(operator.shape),
  'access-points': Object.keys(accessPoint.shape),
};
