import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Flash, flashPath, type JsonValue } from '../../../src/store/flash.js';
import { temporaryFolder } from './temporary.js';

type Step = { do: 'set'; key: string; value: JsonValue } | { do: 'delete'; key: string } | { do: 'clear' };

const key = fc.constantFrom('a', 'profile.0', '__proto__', 'constructor', '', '温度');
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('set' as const), key, value: fc.jsonValue() as fc.Arbitrary<JsonValue> }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
  { weight: 1, arbitrary: fc.constant({ do: 'clear' as const }) },
);

function perform(target: Flash | Map<string, JsonValue>, act: Step): void {
  if (act.do === 'set') target.set(act.key, act.value);
  else if (act.do === 'delete') target.delete(act.key);
  else target.clear();
}

/** JSON has no -0. */
const plain = (value: JsonValue | undefined) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

describe('flash', () => {
  it('is a map of JSON values', () => {
    fc.assert(
      fc.property(fc.array(step), acts => {
        const flash = Flash.inMemory();
        const model = new Map<string, JsonValue>();
        for (const act of acts) {
          perform(flash, act);
          perform(model, act);
        }
        expect(new Set(flash.keys())).toEqual(new Set(model.keys()));
        for (const each of model.keys()) expect(flash.get(each)).toEqual(plain(model.get(each)));
      }),
    );
  });

  it('is found again by the next start', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step), async acts => {
        const path = flashPath(await temporaryFolder());
        const flash = await Flash.open(path);
        for (const act of acts) perform(flash, act);
        await flash.close();
        const again = await Flash.open(path);
        expect(again.keys()).toEqual(flash.keys());
        for (const each of flash.keys()) expect(again.get(each)).toEqual(flash.get(each));
      }),
      { numRuns: 25 },
    );
  });

  it('does not change with what was put in or given out', () => {
    const flash = Flash.inMemory();
    const list = [1];
    flash.set('list', list);
    list.push(2);
    (flash.get('list') as number[]).push(3);
    expect(flash.get('list')).toEqual([1]);
  });

  it('is bounded, and gives room back', () => {
    const flash = Flash.inMemory();
    const half = 'x'.repeat(500_000);
    expect([flash.set('a', half), flash.set('b', half), flash.set('c', half)]).toEqual(['done', 'done', 'too-large']);
    expect(flash.get('c')).toBeUndefined();
    flash.delete('a');
    expect(flash.set('c', half)).toBe('done');
    expect(flash.set('c', `${half}x`)).toBe('done');
    flash.clear();
    expect([flash.set('a', half), flash.set('b', half)]).toEqual(['done', 'done']);
  });

  it('is a file that people can read, with nothing beside it', async () => {
    const folder = await temporaryFolder();
    const flash = await Flash.open(flashPath(folder));
    flash.set('echo', 0);
    flash.set('wifi', { ssid: '家' });
    await flash.close();
    expect(await readdir(folder)).toEqual(['flash.json']);
    const text = '{\n  "version": 1,\n  "values": {\n    "echo": 0,\n    "wifi": {"ssid":"家"}\n  }\n}\n';
    expect(await readFile(flashPath(folder), 'utf8')).toBe(text);
  });

  it.each(['', '{', 'null', '[]', '{"version":2,"values":{}}', '{"version":1}', '{"version":1,"values":[]}'])(
    'damaged to %j says where and what to do',
    async text => {
      const path = flashPath(await temporaryFolder());
      await writeFile(path, text);
      const error = await Flash.open(path).catch(cause => cause);
      expect(error).toMatchObject({ code: 'state', details: { place: { file: path } } });
      expect(error.message).toMatch(/delete it/);
    },
  );

  it('half written by a crash is the old one', async () => {
    const folder = await temporaryFolder();
    const flash = await Flash.open(flashPath(folder));
    flash.set('echo', 1);
    await flash.close();
    await writeFile(join(folder, '.tmp-1-1'), '{"version":1,"val');
    const again = await Flash.open(flashPath(folder));
    expect(again.get('echo')).toBe(1);
    expect(await readdir(folder)).toEqual(['flash.json']);
  });
});
