/** What may be asked, by schema: the requests are checked by these, and the OpenAPI document is made from them. */
import { z } from 'zod';
import type {
  FaultRequest,
  PowerRequest,
  PropertyRequest,
  PublishRequest,
  RegistrationRequest,
  SessionRequest,
  SignalRequest,
  UrcRequest,
} from './messages.js';
import { registrationWords } from './registration-words.js';

/** The schema of a type, with all of its keys and no other. */
type Of<T> = z.ZodType<T>;

const oneOf = <const Words extends readonly [string, ...string[]]>(...words: Words) =>
  z.enum(words, { error: words.join(', ') });
const text = (what: string) => z.string({ error: what });
const number = (what: string, least: number, most: number) =>
  z.number({ error: what }).int(what).min(least, what).max(most, what);

/** Of one line; a module's own are shorter. */
const longestLine = 4096;
const mostLines = 100;
const urcLine = text('a text')
  .min(1, 'a text')
  .max(longestLine, `at most ${longestLine} characters`)
  .regex(/^[^\r\n\0]*$/, 'a line without CR and LF: for these there is `bytes`');

const channel = number('the number of a channel', 0, 255).describe('From 0. Default: where the dialect sends URCs.');

export const urcRequest: Of<UrcRequest> = z
  .strictObject({
    text: z.union([urcLine, z.array(urcLine).min(1, 'a line or more').max(mostLines, `at most ${mostLines} lines`)], {
      error: `a line, or a list of at most ${mostLines} lines, without CR and LF`,
    }),
    bytes: text('bytes with the escapes \\r \\n \\t \\\\ \\xHH').min(1, 'bytes'),
    channel,
  })
  .partial()
  .refine(({ text, bytes }) => (text === undefined) !== (bytes === undefined), 'either `text` or `bytes`')
  .meta({ title: 'UrcRequest' });

export const signalRequest: Of<SignalRequest> = z
  .strictObject({
    rssi: number('0 to 31, or 99 for unknown', 0, 99),
    ber: number('0 to 7, or 99 for unknown', 0, 99).optional(),
  })
  .meta({ title: 'SignalRequest' });

export const registrationRequest: Of<RegistrationRequest> = z
  .strictObject({
    state: oneOf(...registrationWords),
    domain: oneOf('cs', 'ps', 'eps').optional().describe('Default: all three.'),
  })
  .meta({ title: 'RegistrationRequest' });

export const powerRequest: Of<PowerRequest> = z
  .strictObject({ to: oneOf('on', 'off', 'restart') })
  .meta({ title: 'PowerRequest' });

export const publishRequest: Of<PublishRequest> = z
  .strictObject({
    topic: text('a topic')
      .min(1, 'a topic')
      .max(65_535)
      .regex(/^[^+#\0]*$/, 'a topic without +, # and NUL'),
    payload: text('a text'),
    encoding: oneOf('utf8', 'base64').optional(),
    qos: z.union([z.literal(0), z.literal(1), z.literal(2)], { error: '0, 1 or 2' }).optional(),
    retain: z.boolean({ error: 'true or false' }).optional(),
  })
  .refine(({ payload, encoding }) => encoding !== 'base64' || isBase64(payload), {
    path: ['payload'],
    error: 'base64',
  })
  .meta({ title: 'PublishRequest' });

const isBase64 = (payload: string): boolean => payload.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(payload);

/** Its parameters are the fault's own: whoever knows the catalogue checks them. */
export const faultRequest: Of<FaultRequest> = z
  .looseObject({ fault: text('the name of a fault').min(1, 'the name of a fault') })
  .meta({ title: 'FaultRequest' });

const name = (what: string) => text(what).min(1, what);

export const propertyRequest: Of<PropertyRequest> = z
  .strictObject({
    platform: name('a platform').optional().describe('Only where two platforms have the same device.'),
    product: name('a product'),
    device: name('a device'),
    params: z.record(z.string(), z.unknown(), { error: 'an object of NAME: VALUE' }),
  })
  .meta({ title: 'PropertyRequest' });

export const sessionRequest: Of<SessionRequest> = z
  .strictObject({ token: text('the token') })
  .meta({ title: 'SessionRequest' });

export const reloadRequest = z.strictObject({}).meta({ title: 'ReloadRequest' });

const count = (what: string, most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, what)
    .transform(Number)
    .refine(value => value <= most, what);

/** Lines of one answer. */
export const mostDialogueLines = 2000;

export const dialogueQuery = z
  .strictObject({
    after: count('a number of a line', Number.MAX_SAFE_INTEGER).describe(
      'Lines after this one; without it, the newest.',
    ),
    limit: count(`1 to ${mostDialogueLines}`, mostDialogueLines).describe('Default 200.'),
  })
  .partial();

export type DialogueQuery = z.infer<typeof dialogueQuery>;
