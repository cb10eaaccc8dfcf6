import { describe, expect, test } from 'vitest';
import { aliyunTopics } from '../../../src/clouds/aliyun/topics.js';
import { onenetTopics } from '../../../src/clouds/onenet/topics.js';
import { TopicRules } from '../../../src/clouds/topics.js';

const names = { product: 'pk', device: 'dn' };

describe('rules', () => {
  const rules = new TopicRules(
    [
      { filter: '{product}/{device}/a/+_reply', direction: 'up' },
      { filter: '{product}/{device}/a/+', direction: 'down' },
      { filter: '{product}/{device}/#', direction: 'both' },
    ],
    '{product}/{device}/',
  );

  test.each([
    ['pk/dn/a/x', 'down'],
    ['pk/dn/a/x_reply', 'up'],
    ['pk/dn/a/+', 'down'],
    ['pk/dn/a/x/y', 'both'],
    ['pk/dn/a/#', 'both'],
    ['pk/dn', 'both'],
    ['pk/other/a/x', undefined],
    ['pk/+/a/x', undefined],
    ['+/dn/#', undefined],
    ['pk/#', undefined],
    ['#', undefined],
    ['', undefined],
  ])('%s: %s', (filter, direction) => expect(rules.directionOf(names, filter)).toBe(direction));

  test('a name is itself, whatever it looks like', () => {
    expect(rules.directionOf({ product: '$&', device: '{product}' }, '$&/{product}/x')).toBe('both');
    expect(rules.directionOf({ product: 'a', device: '{product}' }, 'a/a/x')).toBeUndefined();
  });
});

describe('Alibaba Cloud IoT', () => {
  test.each([
    ['/sys/pk/dn/thing/event/property/post', 'up'],
    ['/sys/pk/dn/thing/event/property/post_reply', 'down'],
    ['/sys/pk/dn/thing/event/+/post_reply', 'down'],
    ['/sys/pk/dn/thing/service/property/set', 'down'],
    ['/sys/pk/dn/thing/service/property/set_reply', 'up'],
    ['/sys/pk/dn/thing/service/reboot', 'down'],
    ['/sys/pk/dn/thing/service/reboot_reply', 'up'],
    ['/sys/pk/dn/thing/model/down_raw_reply', 'up'],
    ['/sys/pk/dn/rrpc/request/+', 'down'],
    ['/sys/pk/dn/rrpc/response/7', 'up'],
    ['/sys/pk/dn/thing/#', 'both'],
    ['/sys/pk/other/thing/event/property/post', undefined],
    ['/sys/other/dn/thing/service/property/set', undefined],
    ['/sys/pk/+/thing/service/property/set', undefined],
    ['/ota/device/inform/pk/dn', 'up'],
    ['/ota/device/upgrade/pk/dn', 'down'],
    ['/shadow/update/pk/dn', 'up'],
    ['/ext/ntp/pk/dn/response', 'down'],
    ['/broadcast/pk/news', 'down'],
    ['/pk/dn/user/update', 'both'],
    ['/pk/dn/user/get', 'both'],
    ['/pk/other/user/get', undefined],
    ['greenhouse/1', undefined],
  ])('%s: %s', (topic, direction) => expect(aliyunTopics.directionOf(names, topic)).toBe(direction));

  test('says why not', () => {
    expect(aliyunTopics.whyNot(names, '/sys/pk/dn/thing/event/property/post')).toContain('the device publishes to');
    expect(aliyunTopics.whyNot(names, '/sys/pk/dn/thing/service/property/set')).toContain('the platform publishes to');
    expect(aliyunTopics.whyNot(names, 'greenhouse/1')).toBe(
      "this is none of the device's topics, which begin with /sys/pk/dn/",
    );
  });
});

describe('OneNET', () => {
  test.each([
    ['$sys/pk/dn/thing/property/post', 'up'],
    ['$sys/pk/dn/thing/property/post/reply', 'down'],
    ['$sys/pk/dn/thing/property/set', 'down'],
    ['$sys/pk/dn/thing/property/set_reply', 'up'],
    ['$sys/pk/dn/thing/service/+/invoke', 'down'],
    ['$sys/pk/dn/thing/service/reboot/invoke_reply', 'up'],
    ['$sys/pk/dn/dp/post/json', 'up'],
    ['$sys/pk/dn/dp/post/json/accepted', 'down'],
    ['$sys/pk/dn/dp/post/json/rejected', 'down'],
    ['$sys/pk/dn/cmd/request/+', 'down'],
    ['$sys/pk/dn/cmd/response/7', 'up'],
    ['$sys/pk/dn/thing/#', 'both'],
    ['$sys/pk/other/thing/property/set', undefined],
    ['greenhouse/1', undefined],
  ])('%s: %s', (topic, direction) => expect(onenetTopics.directionOf(names, topic)).toBe(direction));
});
