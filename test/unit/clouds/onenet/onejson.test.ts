import { describe, expect, test } from 'vitest';
import { onenetAnswer, onenetPropertySet } from '../../../../src/clouds/onenet/onejson.js';

const device = { platform: 'onenet', product: '123123', device: 'dev1' };
const answer = (path: string, payload: string) =>
  onenetAnswer(device, `$sys/123123/dev1/${path}`, Buffer.from(payload));

describe('what is posted is answered', () => {
  test.each(['thing/property/post', 'thing/event/post', 'thing/pack/post', 'thing/history/post'])('%s', path => {
    expect(answer(path, '{"id":"123","version":"1.0","params":{"temp":{"value":23.6}}}')).toEqual({
      topic: `$sys/123123/dev1/${path}/reply`,
      payload: '{"id":"123","code":200,"msg":"success"}',
    });
  });

  test.each([
    ['no JSON', 'temp=12', ''],
    ['no params', '{"id":"1"}', '1'],
    ['null', 'null', ''],
  ])('%s is refused', (_, payload, id) => {
    expect(JSON.parse(answer('thing/property/post', payload)?.payload ?? '')).toMatchObject({ id, code: 400 });
  });

  test('data points, by their own topics', () => {
    expect(answer('dp/post/json', '{"id":123,"dp":{"temp":[{"v":30}]}}')).toEqual({
      topic: '$sys/123123/dev1/dp/post/json/accepted',
      payload: '{"id":123}',
    });
    expect(answer('dp/post/json', '{"id":123}')).toEqual({
      topic: '$sys/123123/dev1/dp/post/json/rejected',
      payload: '{"id":123,"err_code":98,"err_msg":"Illegal Data"}',
    });
    expect(answer('dp/post/json', '30')?.payload).toBe('{"id":-1,"err_code":98,"err_msg":"Illegal Data"}');
  });
});

test('no answer to an answer, nor to another device', () => {
  expect(answer('thing/property/set_reply', '{"id":"1","code":200,"msg":"ok"}')).toBeUndefined();
  expect(onenetAnswer(device, '$sys/123123/dev2/thing/property/post', Buffer.from('{}'))).toBeUndefined();
});

test('property/set', () => {
  expect(onenetPropertySet(device, '2', { Power: true })).toEqual({
    topic: '$sys/123123/dev1/thing/property/set',
    payload: '{"id":"2","version":"1.0","params":{"Power":true}}',
  });
});
