/** The daemon as a whole: is it there, what does it count, what can be asked of it, and signing in. */
import { ControlFailure } from '../failure.js';
import type { DaemonState, Health } from '../messages.js';
import { metricsOf } from '../metrics.js';
import { reloadRequest, sessionRequest } from '../requests.js';
import { plainText, Reply, type Rig, type Route, write } from './route.js';

export const daemonRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/healthz',
    summary: 'The daemon lives. Needs no token',
    result: 'Health',
    run: (): Health => ({ status: 'ok' }),
  },
  {
    method: 'get',
    path: '/metrics',
    summary: 'What modems and API count, for Prometheus',
    result: 'text/plain',
    run: ({ rig }) => plainText(metricsOf(rig), 'text/plain; version=0.0.4; charset=utf-8'),
  },
  write('/api/session', {
    summary: 'The token for a cookie, which a browser sends with its WebSockets. Needs no token',
    body: sessionRequest,
    result: '',
    status: 204,
    run: ({ rig }, { token }) => {
      const cookie = rig.access.signIn(token);
      if (cookie === undefined) throw new ControlFailure('unauthorized', 'the token is wrong');
      return new Reply(null, { 'set-cookie': cookie });
    },
  }),
  write('/api/reload', {
    summary: 'Reads the config file again, and changes only what changed in it',
    body: reloadRequest,
    result: 'Reloaded',
    run: async ({ rig }) => {
      const reloaded = await rig.reload();
      if (reloaded) return reloaded;
      throw new ControlFailure('conflict', 'there is no config file to read again', {
        hint: 'Start atmodem with one: atmodem run rig.yaml',
      });
    },
  }),
  {
    method: 'get',
    path: '/api/daemon',
    summary: 'The daemon: version, broker, how many modems',
    result: 'DaemonState',
    run: ({ rig }) => daemonState(rig),
  },
];

function daemonState({ target, startedAt }: Rig): DaemonState {
  const { version, modems, broker, faults } = target;
  return {
    version,
    startedAt,
    modems: modems.length,
    broker: broker?.url ?? null,
    cloud: broker?.cloud !== undefined,
    faults: faults !== undefined,
  };
}
