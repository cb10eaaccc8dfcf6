/** What a grammar can ask of a modem. */

/** A fact is `value`, or `list`: for `each:`, with the fields an entry brings. */
export type FactSpec = {
  title: string;
  list?: readonly string[];
  /** All that it can be, where these are words. */
  words?: readonly string[];
};

const words = (...all: string[]): FactSpec => ({ title: all.join(', '), words: all });

const registrationFacts = (domain: string, area: string) =>
  ({
    [`${domain}.stat`]: { title: '27.007 registration state 0..5' },
    [`${domain}.area`]: { title: `${area}, 4 hex digits; absent while not registered` },
    [`${domain}.cell`]: { title: 'cell id in hex; absent while not registered' },
    [`${domain}.act`]: { title: 'access technology; absent while not registered' },
  }) satisfies Record<string, FactSpec>;

export const coreFacts: Readonly<Record<string, FactSpec>> = {
  'mqtt.state': words('idle', 'dialling', 'linked', 'connecting', 'up', 'closing', 'lost'),
  'mqtt.host': { title: 'host of the last open' },
  'mqtt.port': { title: 'port of the last open' },
  'mqtt.topics': { title: 'topics subscribed: `some` or `none`' },
  'mqtt.subscriptions': { title: 'topics subscribed', list: ['topic', 'qos'] },
  'mqtt.unconfirmed': { title: 'publications of QoS 1 and 2 that the broker has not confirmed' },
  'mqtt.clients': { title: 'every client, each as the address', list: [] },
  'tls.contexts': { title: 'every TLS context, each as the address', list: [] },
  'socket.state': words('idle', 'connecting', 'connected', 'closing', 'closed'),
  'mailbox.slots': { title: 'every slot', list: ['slot', 'full'] },
  'mailbox.full': { title: 'for each slot, true or false' },
  'mailbox.full-backwards': { title: 'the same from the last slot to the first' },
  'ip.state': words(
    'initial',
    'start',
    'config',
    'active',
    'status',
    'connecting',
    'connected',
    'closing',
    'closed',
    'deactivated',
  ),
  'ip.address': { title: 'address of the IP session; absent while there is none' },
  ...registrationFacts('cs', 'location area'),
  ...registrationFacts('ps', 'routing area'),
  ...registrationFacts('eps', 'tracking area'),
  'ps.attached': { title: '1 or 0' },
  'pdp.state': { title: '1 active, 0 not, of the context addressed' },
  'pdp.address': { title: 'its address; absent while there is none' },
  'pdp.contexts': {
    title: 'every defined context, each as the address',
    list: ['cid', 'type', 'apn', 'state', 'address'],
  },
  'sim.state': words('ready', 'pin', 'puk', 'absent', 'busy', 'failed'),
  'radio.functionality': { title: '0, 1 or 4' },
  'signal.rssi': { title: '0..31, 99 unknown' },
  'signal.ber': { title: '0..7, 99 unknown' },
  'operator.mode': { title: '0 automatic, 1 manual, 2 deregistered' },
  'operator.long': { title: 'long name; absent while not registered' },
  'operator.short': { title: 'short name; absent while not registered' },
  'operator.numeric': { title: 'MCC and MNC; absent while not registered' },
  'operator.mcc': { title: 'its MCC, 3 digits' },
  'operator.mnc': { title: 'its MNC, 2 or 3 digits' },
  'identity.imei': { title: '15 digits' },
  'identity.serial': { title: 'serial number' },
  'identity.imsi': { title: '15 digits; absent without a SIM' },
  'identity.iccid': { title: '20 digits; absent without a SIM' },
  'identity.mac': { title: 'station MAC, lower case with colons' },
  'identity.ap-mac': { title: 'soft AP MAC' },
  'wifi.state': words('idle', 'joining', 'joined', 'addressed', 'left'),
  'wifi.mode': { title: '0..3' },
  'wifi.ssid': { title: 'of the access point joined; absent while there is none' },
  'wifi.bssid': { title: 'its MAC' },
  'wifi.channel': { title: 'its channel' },
  'wifi.rssi': { title: 'its signal in dBm' },
  'wifi.ip': { title: 'station address; 0.0.0.0 while there is none' },
  'wifi.gateway': { title: 'gateway address' },
  'wifi.netmask': { title: 'net mask' },
  'wifi.ap-ip': { title: 'soft AP address' },
  'clock.synchronised': { title: 'true once the time is known' },
  'clock.yyyy': { title: 'year, four digits' },
  'clock.yy': { title: 'year, two digits' },
  'clock.MM': { title: 'month, two digits' },
  'clock.dd': { title: 'day, two digits' },
  'clock.d': { title: 'day, padded with a space' },
  'clock.hh': { title: 'hour, two digits' },
  'clock.mm': { title: 'minute, two digits' },
  'clock.ss': { title: 'second, two digits' },
  'clock.weekday': { title: 'Mon … Sun' },
  'clock.month': { title: 'Jan … Dec' },
  'clock.zone': { title: 'quarter hours from UTC with sign, two digits' },
  'files.free': { title: 'bytes free in the store' },
  'files.used': { title: 'bytes of all files together' },
  'files.capacity': { title: 'bytes of the store in all' },
  'memory.free': { title: 'bytes of heap that the module would report' },
  'memory.minimum': { title: 'least bytes of heap since power-on' },
};
