import { describe, expect, test } from 'vitest';
import { alinkAnswer, alinkPropertySet } from '../../../../src/clouds/aliyun/alink.js';

const device = { platform: 'aliyun', product: 'pk', device: 'device' };
const post = '/sys/pk/device/thing/event/property/post';
const answer = (payload: string, topic = post) => alinkAnswer(device, topic, Buffer.from(payload));
const answered = (payload: string) => JSON.parse(answer(payload)?.payload ?? 'null');

describe('post is answered by post_reply', () => {
  test('to the byte', () => {
    const message = '{"id":"1562283421","version":"1.0.0","params":{"temp":12},"method":"thing.event.property.post"}';
    const reply = answer(message);
    expect(reply).toEqual({
      topic: '/sys/pk/device/thing/event/property/post_reply',
      payload:
        '{"code":200,"data":{},"id":"1562283421","message":"success","method":"thing.event.property.post","version":"1.0"}',
    });
    expect(reply?.payload).toHaveLength(113);
  });

  test('other events too, each by its own method', () => {
    const message = '{"id":1,"method":"thing.event.Error.post","params":{}}';
    const reply = answer(message, '/sys/pk/device/thing/event/Error/post');
    expect(reply?.topic).toBe('/sys/pk/device/thing/event/Error/post_reply');
    expect(JSON.parse(reply?.payload ?? '')).toMatchObject({ id: 1, method: 'thing.event.Error.post' });
  });

  test('the method is the topic’s, whatever the message says', () => {
    expect(answered('{"id":"1","method":"thing.event.property.set","params":{}}')).toMatchObject({
      code: 200,
      method: 'thing.event.property.post',
    });
  });

  test('single quotes are taken, as the platform’s own AT examples have them', () => {
    expect(answered("{'id':'7','method':'thing.event.property.post','params':{}}")).toMatchObject({
      code: 200,
      id: '7',
    });
  });

  test.each([
    ['no JSON', 'temp=12', 6207, ''],
    ['a list', '[1]', 6207, ''],
    ['nothing', '', 6207, ''],
    ['no method', '{"id":"1","params":{}}', 6300, '1'],
    ['no params', '{"id":"1","method":"thing.event.property.post"}', 460, '1'],
    ['an id that is none', '{"id":{},"method":"m","params":{}}', 200, ''],
    ['no id', '{"method":"m","params":{}}', 200, ''],
  ])('%s', (_, payload, code, id) => expect(answered(payload)).toMatchObject({ code, id }));
});

test.each([
  ['who asks for none', post, '{"id":"1","sys":{"ack":0},"method":"m","params":{}}'],
  ['what is no event', '/sys/pk/device/thing/service/property/set_reply', '{"id":"1","code":200,"data":{}}'],
  ['another device', '/sys/pk/other/thing/event/property/post', '{}'],
  ['an event without name', '/sys/pk/device/thing/event/post', '{}'],
])('no answer to %s', (_, topic, payload) => {
  expect(answer(payload, topic)).toBeUndefined();
});

test('property/set, in the order of device logs', () => {
  expect(alinkPropertySet(device, '161430786', { LightSwitch: 1 })).toEqual({
    topic: '/sys/pk/device/thing/service/property/set',
    payload: '{"method":"thing.service.property.set","id":"161430786","params":{"LightSwitch":1},"version":"1.0.0"}',
  });
});
