/** The topics of a device at Alibaba Cloud IoT. [Alibaba Cloud IoT Platform, topics: default permissions and list] */
import { asked, TopicRules, told } from '../topics.js';

const own = '/sys/{product}/{device}/';
const names = '{product}/{device}';
const within = (paths: readonly string[]): string[] => paths.map(path => own + path);
const reply = (filter: string): string => `${filter}_reply`;

export const aliyunTopics = new TopicRules(
  [
    ...told(
      within([
        'thing/service/property/set',
        'thing/service/property/get',
        'thing/service/+',
        'thing/model/down_raw',
        'thing/config/push',
        'thing/topo/change',
        'thing/topo/add/notify',
        'thing/gateway/permit',
        'thing/disable',
        'thing/enable',
        'thing/delete',
      ]),
      reply,
    ),
    ...asked(
      within([
        'thing/event/+/post',
        'thing/event/property/batch/post',
        'thing/event/property/history/post',
        'thing/event/property/pack/post',
        'thing/model/up_raw',
        'thing/deviceinfo/update',
        'thing/deviceinfo/delete',
        'thing/property/desired/get',
        'thing/property/desired/delete',
        'thing/dsltemplate/get',
        'thing/dynamicTsl/get',
        'thing/config/get',
        'thing/sub/register',
        'thing/topo/add',
        'thing/topo/delete',
        'thing/topo/get',
        'thing/list/found',
      ]),
      reply,
    ),
    { filter: `${own}rrpc/request/+`, direction: 'down' },
    { filter: `${own}rrpc/response/+`, direction: 'up' },
    // Whatever else stands under a device's own names may be published and subscribed.
    { filter: `${own}#`, direction: 'both' },
    { filter: `/ext/rrpc/+/sys/${names}/#`, direction: 'both' },
    { filter: `/ext/rrpc/+/${names}/#`, direction: 'both' },
    { filter: `/ext/ntp/${names}/request`, direction: 'up' },
    { filter: `/ext/ntp/${names}/response`, direction: 'down' },
    { filter: `/ota/device/inform/${names}`, direction: 'up' },
    { filter: `/ota/device/progress/${names}`, direction: 'up' },
    { filter: `/ota/device/request/${names}`, direction: 'up' },
    { filter: `/ota/device/upgrade/${names}`, direction: 'down' },
    { filter: `/shadow/update/${names}`, direction: 'up' },
    { filter: `/shadow/get/${names}`, direction: 'down' },
    { filter: '/broadcast/{product}/#', direction: 'down' },
    // What a product's own topics may carry is set in its console, so both ways are open here (assumed).
    { filter: `/${names}/#`, direction: 'both' },
  ],
  own,
);
