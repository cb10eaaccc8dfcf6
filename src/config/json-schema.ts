/** The schema of a config file as JSON Schema, from which editors complete and check: docs/config.schema.json. */
import { z } from 'zod';
import { configSchema } from './schema.js';

export const jsonSchemaPath = 'docs/config.schema.json';

/** As text, with its line end. */
export function configJsonSchema(): string {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' });
  const whole = { $schema, title: 'atmodem config', description: 'What `atmodem run FILE` starts', ...schema };
  return `${JSON.stringify(whole, null, 2)}\n`;
}
