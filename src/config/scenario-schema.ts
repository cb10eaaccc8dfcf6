/**
 * What a scenario may hold: the shape of its YAML. The messages say what is expected. What needs more than a shape, such as
 * faults and the commands of a dialect, is checked in scenario-file.ts. Loaded only where there is one.
 */
import { z } from 'zod';
import { largestSeed } from '../base/random.js';
import { parseDuration } from '../grammar/times.js';
import { patternForms, readPattern } from '../scenarios/pattern.js';
import { text } from './schema.js';

const most = 1000;
const longestTime = 7 * 86_400_000;

const timeForms = 'a time, such as 500ms, 2s or 5m; a number is ms';
const time = z
  .union([z.string(), z.number()], { error: timeForms })
  .transform(raw => (typeof raw === 'number' ? raw : (parseDuration(raw) ?? Number.NaN)))
  .refine(ms => ms >= 0 && ms <= longestTime, { error: `${timeForms}; at most seven days` });

/** Numbers are what they look like: `arguments: 0`. */
const pattern = z
  .union([z.string(), z.number(), z.boolean()], { error: patternForms })
  .transform(raw => readPattern(String(raw)))
  .refine(read => read !== undefined, { error: patternForms })
  .transform(read => read!);

const times = z
  .number({ error: 'a number' })
  .int('a whole number')
  .min(1, '1 or more')
  .max(1_000_000, 'a million at most');
const moment = text.describe('the id of a step, or start');

const message = z.strictObject(
  { topic: pattern, payload: pattern.optional(), client: pattern.optional() },
  { error: issue => (issue.code === 'unrecognized_keys' ? undefined : 'a map with topic, and payload or client') },
);
const state = z.record(z.string(), pattern, { error: 'a map of FACT: VALUE, such as { mqtt.state: up }' });

const command = {
  command: text.regex(/^\S+$/, 'one command by its name, such as +MPUB'),
  form: z.enum(['test', 'read', 'set', 'execute'], { error: 'test, read, set, execute' }),
  arguments: pattern,
};
const said = { ...command, line: pattern };
const seen = { ...said, message, state };

const when = z
  .strictObject(
    { ...seen, time, after: moment, nth: times, count: times },
    { error: issue => (issue.code === 'unrecognized_keys' ? undefined : 'a map such as { command: +MPUB, nth: 3 }') },
  )
  .partial();

const step = z.strictObject(
  {
    id: text.regex(/^[\w.-]+$/, 'letters, digits, - _ and .').optional(),
    when,
    do: z
      .array(
        z.union([z.string(), z.record(z.string(), z.unknown())], { error: 'a map such as { fault: network.reset }' }),
        {
          error: 'a list of { fault: … }, { urc: … }, { publish: … }, …',
        },
      )
      .max(most, `${most} at most`)
      .optional(),
  },
  { error: issue => (issue.code === 'unrecognized_keys' ? undefined : 'a map with when and do') },
);

const host = z.strictObject(said).partial();
const never = z.strictObject(seen).partial();
const expectation = z
  .strictObject({ name: text, host, message, state, never, nth: times, after: moment, within: time })
  .partial();

export const scenarioSchema = z
  .strictObject({
    scenario: text,
    dialect: text,
    seed: z
      .number({ error: 'a number' })
      .int('a whole number')
      .min(0, '0 or more')
      .max(largestSeed, `${largestSeed} at most`),
    until: time,
    steps: z.array(step, { error: 'a list of { when: …, do: … }' }).max(most, `${most} at most`),
    expect: z
      .array(expectation, { error: 'a list of { host: …, within: … } and { never: … }' })
      .max(most, `${most} at most`),
  })
  .partial();

const onTheWire = (length: number) =>
  z
    .union([z.string(), z.number()], { error: 'a text' })
    .transform(String)
    .refine(one => one.length <= length, {
      error: `a text of ${length} characters at most`,
    });

/** What a step does, but for faults. */
export const actionSchema = z
  .strictObject({
    urc: onTheWire(400),
    channel: z.number({ error: 'a number from 1' }).int('a whole number').min(1, '1 or more').max(16, '16 at most'),
    publish: z.strictObject({
      topic: text.regex(/^[^+#\0]+$/, 'a topic without + and #'),
      payload: onTheWire(262_144).optional(),
      qos: z.union([z.literal(0), z.literal(1), z.literal(2)], { error: '0, 1 or 2' }).optional(),
      retain: z.boolean({ error: 'true or false' }).optional(),
    }),
    power: z.enum(['on', 'off', 'restart'], { error: 'on, off, restart' }),
    set: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]), { error: 'a map of NAME: VALUE' }),
    lift: text,
  })
  .partial();

export type ScenarioDocument = z.infer<typeof scenarioSchema>;
export type StepDocument = z.infer<typeof step>;
export type WhenDocument = z.infer<typeof when>;
export type ExpectationDocument = z.infer<typeof expectation>;
export type SeenDocument = z.infer<typeof never>;
export type ActionDocument = z.infer<typeof actionSchema>;

/** Which keys a map at this place may have: for the nearest right word. */
export function knownScenarioKeys(path: readonly PropertyKey[]): readonly string[] {
  const last = path.findLast(key => typeof key === 'string');
  switch (last) {
    case undefined:
      return Object.keys(scenarioSchema.shape);
    case 'steps':
      return Object.keys(step.shape);
    case 'when':
      return Object.keys(when.shape);
    case 'expect':
      return Object.keys(expectation.shape);
    case 'host':
      return Object.keys(said);
    case 'never':
      return Object.keys(seen);
    case 'message':
      return Object.keys(message.shape);
    case 'do':
      return ['fault', ...Object.keys(actionSchema.shape)];
    case 'publish':
      return Object.keys(actionSchema.shape.publish.unwrap().shape);
    default:
      return [];
  }
}
