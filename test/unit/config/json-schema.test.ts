/** The schema that editors read: as the code says, and as the example uses it. */
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { check } from '../../../src/cli/check.js';
import { jsonSchemaPath } from '../../../src/config/json-schema.js';
import { inRepository } from '../../support/repository.js';

const schema = JSON.parse(readFileSync(inRepository(jsonSchemaPath), 'utf8'));
const example = readFileSync(inRepository('examples/rig.yaml'), 'utf8');

test('the example is right by the schema, and by `atmodem check`', async () => {
  expect(z.fromJSONSchema(schema).safeParse(load(example)).error).toBeUndefined();
  const said: string[] = [];
  const output = { result: (text: string) => said.push(text), note: (text: string) => said.push(text) };
  expect(await check([inRepository('examples/rig.yaml')], output as never)).toBe(0);
  expect(said).toEqual([expect.stringMatching(/rig\.yaml: ok$/)]);
});

test('the example names the schema for editors, by a path that is there', () => {
  const [, path] = /^# yaml-language-server: \$schema=(.+)$/m.exec(example)!;
  expect(path).toBe(`../${jsonSchemaPath}`);
});

test.each([
  ['an unknown key', { modems: [{ dialekt: 'luat' }] }],
  ['a wrong word', { modems: [{ power: 'atach' }] }],
  ['a wrong type', { modems: [{ count: 'three' }] }],
  ['no modems', { broker: 'none' }],
])('the schema refuses %s', (_, document) => {
  expect(z.fromJSONSchema(schema).safeParse(document).success).toBe(false);
});

test('every key of a modem says what it is for', () => {
  const { properties } = schema.properties.modems.items;
  const undescribed = Object.entries(properties).filter(
    ([, value]) => !(value as { description?: string }).description,
  );
  expect(undescribed.map(([key]) => key)).toEqual([]);
});
