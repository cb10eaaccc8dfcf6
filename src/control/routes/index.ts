/** All that the API takes. */
import { openApi } from '../openapi.js';
import { cloudRoutes } from './cloud.js';
import { daemonRoutes } from './daemon.js';
import { faultRoutes } from './faults.js';
import { modemRoutes } from './modems.js';
import type { Route } from './route.js';

const document: Route = {
  method: 'get',
  path: '/openapi.json',
  summary: 'This document. Needs no token',
  result: 'application/json',
  run: ({ rig }) => openApi(routes, rig.target.version),
};

export const routes: readonly Route[] = [document, ...daemonRoutes, ...modemRoutes, ...faultRoutes, ...cloudRoutes];
