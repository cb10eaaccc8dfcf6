/** mosquitto as the child of a pinned process, so that it is pinned too: a broker does not run on the modem's CPU. */
import { type Mosquitto, startMosquitto } from '../../support/mosquitto.js';
import type { Address } from '../../support/sockets.js';
import { serve } from '../remote.js';

let mosquitto: Mosquitto | undefined;

const api = {
  start: async (): Promise<Address> => {
    mosquitto = await startMosquitto();
    return { host: mosquitto.host, port: mosquitto.port };
  },
  stop: async (): Promise<void> => mosquitto?.stop(),
};

export type BrokerApi = typeof api;

serve(api);
