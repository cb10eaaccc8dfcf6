/** From what the module sees around it to events of the dialect, and to links that end with their network. */
import type { Modem } from './modem.js';

export function followNetwork(modem: Modem): void {
  const { cellular, wifi, time, offline } = modem.surroundings;
  // A cellular module tells of its lost links before the lost context, a Wi-Fi module after the lost access point.
  offline.on(({ why }) => {
    if (modem.dialect.bearer === 'cellular') {
      modem.links.drop(why);
      modem.clients.drop(why);
    }
    modem.event('network.offline', { why });
  });
  cellular.registration.changed.on(({ domain, kind }) => modem.event(`${domain}.${kind}`));
  cellular.packetData.activated.on(({ cid }) => modem.event('pdp.active', {}, { cid }));
  cellular.packetData.lost.on(({ cid, by }) => {
    modem.links.drop(`PDP context ${cid} is gone`, cid);
    modem.clients.drop(`PDP context ${cid} is gone`, cid);
    modem.event('pdp.lost', { by }, { cid });
  });
  cellular.ipSession.changed.on(({ to }) => {
    if (to !== 'initial') return;
    modem.links.shut();
    modem.clients.drop('shut');
  });
  cellular.sim.changed.on(state => {
    modem.event('sim.changed');
    if (state === 'ready') modem.event('sim.ready');
  });
  wifi.joined.on(() => modem.event('wifi.joined'));
  wifi.addressed.on(() => modem.event('wifi.addressed'));
  wifi.lost.on(({ by }) => {
    modem.links.drop('wifi lost');
    modem.event('wifi.lost', { by });
    modem.clients.drop('wifi lost');
  });
  time.updated.on(() => modem.event('time.updated'));
}
