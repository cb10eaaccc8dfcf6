/** The Wi-Fi station. SSIDs become UTF-8 text here. */
import { utf8ToBytes } from '../../base/bytes.js';
import type { Result } from '../../grammar/exchange.js';
import { textOf } from '../../grammar/values.js';
import type { WifiMode } from '../../network/wifi.js';
import { numberOf, textFrom } from '../argument-values.js';
import type { RunOperation } from '../operation.js';

const join: RunOperation = async (args, { modem }) => {
  const ssid = textFrom(args.ssid);
  const password = textFrom(args.password);
  if (ssid === undefined || password === undefined) {
    modem.surroundings.wifi.leave(); // as before every join
    return { outcome: 'bad-utf8' };
  }
  if (password !== '') modem.secrets.add(textOf(args.password));
  const bssid = textOf(args.bssid) || undefined;
  const timeout = args.timeout === undefined ? undefined : numberOf(args.timeout, 15) * 1000;
  return modem.surroundings.wifi.join({ ssid, password, bssid, timeout });
};

const address: RunOperation = (_, { modem }) => {
  const { wifi } = modem.surroundings;
  if (wifi.state === 'addressed') return { outcome: 'addressed' };
  if (wifi.state !== 'joined') return { outcome: 'not-joined' };
  return new Promise(resolve => {
    const settle = (result: Result) => {
      for (const off of offs) off();
      resolve(result);
    };
    const offs = [
      wifi.addressed.on(() => settle({ outcome: 'addressed' })),
      wifi.lost.on(() => settle({ outcome: 'not-joined' })),
    ];
  });
};

const scan: RunOperation = async (args, { modem }) => {
  const found = await modem.surroundings.wifi.scan(textFrom(args.ssid) || undefined);
  if (found === 'off') return { outcome: 'off' };
  const networks = found.map(({ ssid, bssid, channel, rssi, encryption }) => ({
    ssid: utf8ToBytes(ssid),
    bssid,
    channel,
    rssi,
    encryption,
  }));
  return { outcome: 'done', networks };
};

export const wifiOperations = {
  'wifi.mode': (args, { modem }) => ({ outcome: modem.surroundings.wifi.setMode(numberOf(args.mode, 1) as WifiMode) }),
  'wifi.join': join,
  'wifi.address': address,
  'wifi.leave': (_, { modem }) => ({ outcome: modem.surroundings.wifi.leave() }),
  'wifi.scan': scan,
} satisfies Record<string, RunOperation>;
