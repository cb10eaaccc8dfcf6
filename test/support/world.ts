/**
 * What stands around the modem in a replay, real and on loopback: the broker under test behind a proxy, endpoints that
 * lead to it or fail, peers for other links, and an observing client. One world serves many transcripts, one after the other; `clear` between
 * them leaves nothing of the one to the next. Its timers are real: a transcript's manual clock does not reach it.
 */
import { systemClock } from '../../src/base/clock.js';
import { silentLog } from '../../src/base/log.js';
import { startEmbeddedBroker } from '../../src/broker/embedded.js';
import type { BrokerName, Route, RouteTarget } from '../../src/transcripts/transcript.js';
import { BrokerProxy } from './broker-proxy.js';
import { Endpoints } from './endpoints.js';
import { startMosquitto } from './mosquitto.js';
import { Observer } from './observer.js';
import { turns } from './patience.js';
import type { Peers } from './peers.js';
import { type Address, loopback } from './sockets.js';

/** A route of the modem's, with the address that its target has in this run. */
export interface PlacedRoute extends Address {
  pattern: string;
}

export class World {
  private constructor(
    readonly broker: BrokerName,
    readonly proxy: BrokerProxy,
    readonly observer: Observer,
    private readonly endpoints: Endpoints,
    private readonly stopBroker: () => Promise<void>,
  ) {}

  static async start(name: BrokerName): Promise<World> {
    const broker = await startBroker(name);
    const proxy = await BrokerProxy.start(broker);
    const observer = await Observer.start(broker);
    return new World(name, proxy, observer, new Endpoints(proxy.address), () => broker.stop());
  }

  get peers(): Peers {
    return this.endpoints.peers;
  }

  place(routes: readonly Route[]): Promise<PlacedRoute[]> {
    return Promise.all(routes.map(async ({ pattern, target }) => ({ pattern, ...(await this.#addressOf(target)) })));
  }

  /** Lets all that is under way between modem and broker, and between modem and peers, arrive. */
  async settle(): Promise<void> {
    await turns(6);
    await this.observer.roundTrip();
    await turns(6);
    await this.peers.settle();
  }

  /** Ends the links, the sessions and the wills that a transcript left, and what the broker retained for it. */
  async clear(): Promise<void> {
    const clientIds = this.proxy.clear();
    for (const clientId of clientIds) await this.observer.endSession(clientId);
    await this.observer.takeRetained();
    await this.settle();
    this.observer.forget();
    this.peers.clear(); // last: a link that was still on its way has come by now
  }

  async stop(): Promise<void> {
    await this.observer.stop();
    await this.endpoints.stop();
    await this.proxy.stop();
    await this.stopBroker();
  }

  #addressOf(target: RouteTarget): Promise<Address> {
    switch (target.kind) {
      case 'endpoint':
        return this.endpoints.address(target.name);
      case 'refuse':
        return this.endpoints.refusing(target.code);
      case 'address':
        return Promise.resolve({ host: target.host, port: target.port });
    }
  }
}

/** No folder, so the broker has no certificate: transcripts call it the one that speaks no TLS, as mosquitto's port does. */
const noCa = '/dev/null';

function startBroker(name: BrokerName): Promise<Address & { stop(): Promise<void> }> {
  switch (name) {
    case 'aedes':
      return startEmbeddedBroker({ host: loopback, port: 0, ca: noCa, clock: systemClock, log: silentLog });
    case 'mosquitto':
      return startMosquitto();
  }
}
