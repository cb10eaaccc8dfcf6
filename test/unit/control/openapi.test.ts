import { describe, expect, test } from 'vitest';
import { controlApp } from '../../../src/control/app.js';
import { routes } from '../../../src/control/routes/index.js';
import { startRig } from './rig-under-test.js';

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; schema: object }[];
  requestBody?: { content: { 'application/json': { schema: { properties: Record<string, unknown> } } } };
  responses: Record<string, object>;
}

interface Document {
  openapi: string;
  info: { version: string };
  paths: Record<string, Record<string, Operation>>;
}

async function document(): Promise<{ served: Document; rig: Awaited<ReturnType<typeof startRig>>['rig'] }> {
  const { ask, rig } = await startRig('v250');
  return { served: (await ask('GET', '/openapi.json')).json as Document, rig };
}

describe('the OpenAPI document', () => {
  test('has every path and method that the server takes, and no other', async () => {
    const { served, rig } = await document();
    const taken = controlApp(rig, new Map())
      .routes.filter(({ method, path }) => method !== 'ALL' && path !== '*' && path !== '/*')
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')}`);
    const told = Object.entries(served.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map(method => `${method} ${path}`),
    );
    expect(told.sort()).toEqual([...new Set(taken)].sort());
    expect(told).toHaveLength(routes.length);
  });

  test('is version 3.1 and has the daemon’s version', async () => {
    const { served } = await document();
    expect([served.openapi, served.info.version]).toEqual(['3.1.0', '1.2.3']);
  });

  test('names each operation once, and each parameter of a path', async () => {
    const { served } = await document();
    const all = Object.entries(served.paths).flatMap(([path, operations]) =>
      Object.values(operations).map(operation => ({ path, ...operation })),
    );
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length);
    for (const { path, parameters } of all) {
      const named = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => `{${name}}`);
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(named);
    }
  });

  test('has the schemas that check requests', async () => {
    const { served } = await document();
    const post = (path: string) => served.paths[path]!.post!.requestBody!.content['application/json'].schema;
    expect(post('/api/modems/{name}/power')).toMatchObject({
      type: 'object',
      properties: { to: { enum: ['on', 'off', 'restart'] } },
      required: ['to'],
      additionalProperties: false,
    });
    for (const { method, path, body } of routes) {
      if (method === 'post') expect(body, path).toBeDefined();
    }
    const { parameters } = served.paths['/api/modems/{name}/dialogue']!.get!;
    expect(parameters.map(({ name }) => name)).toEqual(['name', 'after', 'limit']);
  });

  test('says which paths are WebSockets', async () => {
    const { served } = await document();
    expect(Object.keys(served.paths['/api/events']!.get!.responses)).toEqual(['101', 'default']);
  });

  test('refers to nothing that is not there', async () => {
    const { served } = await document();
    const references = JSON.stringify(served).match(/"\$ref":"[^"]+"/g) ?? [];
    expect(new Set(references)).toEqual(new Set(['"$ref":"#/components/schemas/Error"']));
  });
});
