/** The OpenAPI 3.1 document of the API, from the list of its paths and the schemas that check requests. */
import { z } from 'zod';
import type { Route } from './routes/route.js';

interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: object;
}

export function openApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][route.method] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'atmodem control API',
      version,
      description: 'Drives the modems of one daemon. Names of results are types of src/control/messages.ts.',
    },
    paths,
    components: {
      schemas: { Error: errorSchema },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    // Either: a daemon on loopback needs no token.
    security: [{}, { token: [] }],
  };
}

function operation({ method, path, summary, body, query, result, status = 200, isSocket }: Route): object {
  return {
    summary,
    operationId: operationId(method, path),
    parameters: [...pathParameters(path), ...(query ? queryParameters(query) : [])],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } } : {}),
    responses: {
      [isSocket ? 101 : status]: success(result, isSocket),
      default: {
        description: 'What is wrong, and what to do',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  };
}

/** `post /api/modems/:name/urc` → `postModemsNameUrc` */
function operationId(method: string, path: string): string {
  const words = path.split(/[/.:]/).filter(word => word !== '' && word !== 'api');
  return method + words.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function success(result: string, isSocket: true | undefined): object {
  if (result === '') return { description: 'Done' };
  if (isSocket) return { description: `A WebSocket, on which ${result} comes first` };
  if (result.includes('/')) return { description: result, content: { [result]: {} } };
  return { description: result, content: { 'application/json': { schema: { type: 'object', title: result } } } };
}

const pathParameters = (path: string): Parameter[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

function queryParameters(query: z.ZodType): Parameter[] {
  const { properties = {} } = schemaOf(query) as { properties?: Record<string, { description?: string }> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
  }));
}

function schemaOf(schema: z.ZodType): object {
  const { $schema: _, ...made } = z.toJSONSchema(schema, { io: 'input' });
  return made;
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        found: { type: 'string' },
        expected: { type: 'string' },
        hint: { type: 'string', description: 'What to do about it' },
      },
    },
  },
};
