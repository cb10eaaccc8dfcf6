/** The topics of a device at OneNET. [OneNET, thing model topics; data point topics] */
import { asked, TopicRules, told } from '../topics.js';

const own = '$sys/{product}/{device}/';
const within = (paths: readonly string[]): string[] => paths.map(path => own + path);

export const onenetTopics = new TopicRules(
  [
    ...told(
      within([
        'thing/property/set',
        'thing/property/get',
        'thing/service/+/invoke',
        'thing/sub/property/set',
        'thing/sub/property/get',
        'thing/sub/service/invoke',
        'ota/inform',
      ]),
      filter => `${filter}_reply`,
    ),
    ...asked(
      within([
        'thing/property/post',
        'thing/event/post',
        'thing/pack/post',
        'thing/history/post',
        'thing/property/desired/get',
        'thing/property/desired/delete',
      ]),
      filter => `${filter}/reply`,
    ),
    ...asked(within(['dp/post/json', 'image/update', 'image/get']), filter => `${filter}/accepted`),
    ...within(['dp/post/json/rejected', 'image/update/rejected', 'image/get/rejected', 'cmd/request/+']).map(
      filter => ({ filter, direction: 'down' as const }),
    ),
    { filter: `${own}cmd/response/+`, direction: 'up' },
    // Devices subscribe to all of it: `$sys/…/thing/#`.
    { filter: `${own}#`, direction: 'both' },
  ],
  own,
);
