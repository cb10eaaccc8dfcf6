/** The cloud, where the embedded broker is one. */
import type { CloudControl } from '../../broker/cloud-gate.js';
import { ControlFailure } from '../failure.js';
import type { CloudDeviceList, PropertySent } from '../messages.js';
import { propertyRequest } from '../requests.js';
import { noBroker } from './modems.js';
import { type Rig, type Route, write } from './route.js';

export const cloudRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/cloud/devices',
    summary: 'The devices of the cloud, and which are online',
    result: 'CloudDeviceList',
    // Name by name: a device may hold its secret.
    run: ({ rig }): CloudDeviceList => ({
      devices: cloudOf(rig)
        .devices()
        .map(({ platform, product, device, online }) => ({ platform, product, device, online })),
    }),
  },
  write('/api/cloud/property', {
    summary: 'Sets properties of a device, as the console of the platform does',
    body: propertyRequest,
    result: 'PropertySent',
    run: ({ rig }, { params, ...device }): Promise<PropertySent> => cloudOf(rig).setProperty(device, params),
  }),
];

function cloudOf({ target: { broker } }: Rig): CloudControl {
  if (!broker) throw noBroker();
  if (broker.cloud) return broker.cloud;
  throw new ControlFailure('conflict', 'the embedded broker is no cloud', {
    hint: 'Run atmodem with --cloud FILE: a list of its devices.',
  });
}
