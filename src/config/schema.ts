/**
 * What a config file may hold, by the names of the command line's options. The messages say what is expected; where and
 * what was found is added by file.ts. Loaded only where there is a config.
 */
import { z } from 'zod';
import { encryptions } from '../network/access-points.js';
import { clockPolicies, dialPolicies, powerPolicies, timings } from './words.js';

export const text = z.string({ error: 'a text; digits need quotes around them' }).min(1, 'a text');
const number = z.number({ error: 'a number' }).int('a whole number');
const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: words.join(', ') });

const identity = z.strictObject({
  imei: text,
  imsi: text,
  iccid: text,
  mac: text,
  'ap-mac': text,
  serial: text,
});

const sim = z.strictObject({ pin: text, puk: text });

const accessPoint = z.strictObject({
  ssid: text,
  password: z.string({ error: 'a text; digits need quotes around them' }).optional(),
  bssid: text.optional(),
  channel: number.min(1, '1..14').max(14, '1..14').optional(),
  rssi: number.optional(),
  encryption: oneOf(...encryptions).optional(),
  manner: oneOf('willing', 'silent', 'refusing').optional(),
});

const shared = {
  dialect: text,
  routes: z.array(text, { error: 'a list of HOST[:PORT]=HOST:PORT' }),
  dial: oneOf(...dialPolicies),
  listen: z.array(text, { error: 'a list of ADDRESS or PORT=[ADDRESS:]PORT' }),
  settings: z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean()], { error: 'a text, number, true or false' }),
    {
      error: 'a map of NAME: VALUE',
    },
  ),
  certs: z.record(z.string(), text, { error: 'a map of NAME: FILE' }),
  power: oneOf(...powerPolicies),
  timing: oneOf(...timings),
  identity: identity.partial(),
  sim: z.union([z.literal('none'), sim.partial()], { error: 'none, or a map with pin and puk as texts in quotes' }),
  'access-points': z.array(accessPoint, { error: 'a list of { ssid, password, … }' }),
  address: z.ipv4({ error: 'an IPv4 address' }),
  clock: oneOf(...clockPolicies),
  'pty-mode': z
    .string({ error: "octal digits in quotes, such as '660'" })
    .regex(/^0?[0-7]{3}$/, "octal digits, such as '660'"),
};

const defaults = z.strictObject(shared).partial();

const modem = z
  .strictObject({
    ...shared,
    name: text,
    port: z.union([text, z.array(text).min(1)], { error: 'pty[:LINK] or tcp:[HOST:]PORT, or a list of these' }),
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
  defaults: defaults.optional(),
  broker: text.optional(),
  'broker-host': text.optional(),
  cloud: text.optional(),
  ca: text.optional(),
  state: text.optional(),
  control: control.optional(),
});

export type ConfigDocument = z.infer<typeof configSchema>;
export type ModemDocument = ConfigDocument['modems'][number];

/** Which keys a map at this place may have: for the nearest right word. */
export function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  const [top, second, third] = path.filter(key => typeof key === 'string');
  if (top === undefined) return Object.keys(configSchema.shape);
  const section = second === undefined ? undefined : third === undefined ? inModem[second] : undefined;
  if (top === 'control') return Object.keys(control.shape);
  if (second !== undefined) return section ?? [];
  return top === 'defaults' ? Object.keys(shared) : Object.keys(modem.shape);
}

const inModem: Readonly<Record<string, readonly string[]>> = {
  identity: Object.keys(identity.shape),
  sim: Object.keys(sim.shape),
  'access-points': Object.keys(accessPoint.shape),
};
