/** What a grammar can have done: each operation with its arguments, outcomes and the fields these bring. */

export interface OperationSpec {
  title: string;
  /** Argument → required? */
  arguments: Readonly<Record<string, 'required' | 'optional'>>;
  ok: readonly string[];
  failed: readonly string[];
  /** Words that may come before the outcome. */
  progress?: readonly string[];
  /** Fields that the outcome or its progress brings into scope. */
  fields?: readonly string[];
  /** Failures that are passed over, as if `ok`, where an exchange does not map them. */
  lenient?: readonly string[];
}

/** Any operation may also end so: the link it works on was lost, its deadline passed, anything else, or the host closed it. */
export const commonFailures = ['failed', 'lost', 'timeout', 'cancelled'] as const;

const tlsArguments = {
  verify: 'optional',
  ca: 'optional',
  certificate: 'optional',
  key: 'optional',
  'key-password': 'optional',
  'uses-ca': 'optional',
  'uses-certificate': 'optional',
  'server-name': 'optional',
  sni: 'optional',
  'check-host': 'optional',
  'check-expiry': 'optional',
  alpn: 'optional',
  'version-min': 'optional',
  'version-max': 'optional',
  ciphers: 'optional',
} as const;

/** What a grammar's `tls` may set for every `mqtt.open` over TLS. */
export const tlsOptions: readonly string[] = [...Object.keys(tlsArguments), 'within'];

export const coreOperations = {
  'mqtt.open': {
    title: 'Dial the broker: TCP, TLS or WebSocket, no MQTT yet',
    arguments: {
      host: 'required',
      port: 'required',
      transport: 'optional',
      path: 'optional',
      'tls-context': 'optional',
      cid: 'optional',
      ...tlsArguments,
    },
    ok: ['linked'],
    failed: ['already', 'no-network', 'dns-failed', 'refused', 'unreachable', 'tls-failed', 'no-file', 'denied'],
    fields: ['cause', 'step'],
  },
  'mqtt.connect': {
    title: 'Send CONNECT and wait for CONNACK',
    arguments: {
      'client-id': 'required',
      username: 'optional',
      password: 'optional',
      keepalive: 'optional',
      clean: 'optional',
      version: 'optional',
      reconnect: 'optional',
      'retry-after': 'optional',
      'retry-times': 'optional',
      'give-up': 'optional',
      'ping-within': 'optional',
      'ping-retries': 'optional',
      'close-refused': 'optional',
      'will-topic': 'optional',
      'will-message': 'optional',
      'will-qos': 'optional',
      'will-retain': 'optional',
    },
    ok: ['connected'],
    failed: ['rejected', 'not-open'],
    progress: ['retried'],
    fields: ['code', 'session', 'cause', 'count'],
  },
  'mqtt.publish': {
    title: 'Publish; ends when the broker has it as far as the QoS says',
    arguments: { topic: 'required', payload: 'required', qos: 'optional', retain: 'optional', dup: 'optional' },
    ok: ['sent', 'acknowledged', 'completed'],
    failed: ['not-online', 'too-many', 'too-large', 'bad-topic', 'bad-utf8'],
    progress: ['received', 'retried'],
    fields: ['count', 'cause'],
  },
  'mqtt.subscribe': {
    title: 'Subscribe to one topic or to the rows of a list',
    arguments: { topic: 'optional', qos: 'optional', topics: 'optional', limit: 'optional' },
    ok: ['subscribed'],
    failed: ['not-online', 'already', 'full', 'denied', 'bad-topic', 'bad-utf8'],
    progress: ['retried'],
    lenient: ['already', 'full'],
    fields: ['granted', 'count', 'cause'],
  },
  'mqtt.unsubscribe': {
    title: 'Unsubscribe from one topic or from the rows of a list',
    arguments: { topic: 'optional', topics: 'optional' },
    ok: ['unsubscribed'],
    failed: ['not-online', 'unknown', 'bad-topic', 'bad-utf8'],
    progress: ['retried'],
    lenient: ['unknown'],
    fields: ['count', 'cause'],
  },
  'mqtt.disconnect': {
    title: 'Send DISCONNECT; the link stays until the broker closes it',
    arguments: {},
    ok: ['disconnected'],
    failed: ['not-open'],
  },
  'mqtt.close': {
    title: 'Close the link, with DISCONNECT first where MQTT is up; ends a dial under way',
    arguments: {},
    ok: ['closed'],
    failed: ['not-open'],
  },
  'mailbox.put': {
    title: 'Keep the message of the event',
    arguments: {},
    ok: ['stored'],
    failed: ['full'],
    fields: ['slot'],
  },
  'mailbox.take': {
    title: 'Take out one message, or all',
    arguments: { slot: 'optional' },
    ok: ['taken'],
    failed: ['empty'],
    lenient: ['empty'],
    fields: ['messages'],
  },
  'socket.open': {
    title:
      'Open a TCP, UDP or TLS link; with `again` it is dialled at once and whenever it is lost, and not waited for. UDP to an empty `host` has no peer: each datagram names one',
    arguments: {
      kind: 'required',
      host: 'required',
      port: 'required',
      local: 'optional',
      mode: 'optional',
      keepalive: 'optional',
      again: 'optional',
      cid: 'optional',
      'tls-context': 'optional',
      ...tlsArguments,
    },
    ok: ['connected', 'connecting'],
    failed: [
      'already',
      'none-free',
      'no-network',
      'dns-failed',
      'refused',
      'unreachable',
      'reset',
      'tls-failed',
      'no-file',
      'denied',
      'port-taken',
    ],
    fields: ['cause', 'step'],
  },
  'socket.listen': {
    title:
      'Listen for callers; each becomes a link, as long as one is free. Where the command names a link, the server takes its number; where it names a server, that is its own',
    arguments: { port: 'required', most: 'optional', cid: 'optional' },
    ok: ['listening'],
    failed: ['already', 'no-network', 'port-taken'],
    fields: ['cause'],
  },
  'socket.unlisten': {
    title: 'Listen no longer: on one port, as the server that the address names, or at all; links stay',
    arguments: { port: 'optional' },
    ok: ['done'],
    failed: ['not-open'],
    lenient: ['not-open'],
  },
  'socket.send': {
    title:
      'Send bytes on a link; ends when the system has taken them, and no reset has come; with `buffer` (bytes), when they are in it',
    arguments: { bytes: 'required', host: 'optional', port: 'optional', buffer: 'optional' },
    ok: ['sent'],
    failed: ['not-open', 'full', 'no-network', 'dns-failed', 'denied'],
    fields: ['count', 'room'],
  },
  'socket.read': {
    title: 'Take received bytes: of a stream as many as are there, of UDP one datagram',
    arguments: { length: 'optional' },
    ok: ['read'],
    failed: ['not-open', 'empty'],
    fields: ['bytes', 'length', 'rest', 'address', 'port'],
  },
  'socket.close': {
    title: 'Close a link, or the server that took its number; ends a dial under way',
    arguments: {},
    ok: ['closed'],
    failed: ['not-open'],
  },
  'file.create': {
    title: 'Make an empty file',
    arguments: { name: 'required' },
    ok: ['done'],
    failed: ['exists', 'no-space', 'bad-name', 'not-found'],
  },
  'file.write': {
    title: 'Write a file from its start, or append',
    arguments: { name: 'required', bytes: 'required', append: 'optional', create: 'optional' },
    ok: ['done'],
    failed: ['not-found', 'too-large', 'no-space', 'bad-name'],
    fields: ['size'],
  },
  'file.read': {
    title: 'Read a file or a part of it',
    arguments: { name: 'required', at: 'optional', length: 'optional' },
    ok: ['done'],
    failed: ['not-found', 'bad-name'],
    fields: ['bytes', 'size'],
  },
  'file.delete': {
    title: 'Delete a file',
    arguments: { name: 'required' },
    ok: ['done'],
    failed: ['not-found', 'bad-name'],
  },
  'file.size': {
    title: 'Size of a file in bytes',
    arguments: { name: 'required' },
    ok: ['done'],
    failed: ['not-found', 'bad-name'],
    fields: ['size'],
  },
  'file.list': {
    title: 'Names in a folder',
    arguments: { path: 'optional' },
    ok: ['done'],
    failed: ['not-found', 'bad-name'],
    fields: ['files', 'free'],
  },
  'file.make-folder': {
    title: 'Make a folder',
    arguments: { path: 'required' },
    ok: ['done'],
    failed: ['exists', 'no-space', 'bad-name', 'not-found'],
  },
  'file.remove-folder': {
    title: 'Remove an empty folder',
    arguments: { path: 'required' },
    ok: ['done'],
    failed: ['not-found', 'not-empty', 'bad-name'],
  },
  'sim.enter': {
    title: 'Enter a PIN, or a PUK with a new PIN',
    arguments: { pin: 'required', 'new-pin': 'optional' },
    ok: ['done'],
    failed: ['not-needed', 'wrong', 'blocked', 'absent'],
  },
  'network.register': {
    title: 'Choose or leave an operator',
    arguments: { mode: 'required', operator: 'optional' },
    ok: ['done'],
    failed: ['denied', 'no-sim', 'not-found'],
  },
  'network.attach': {
    title: 'Attach to packet data, or detach',
    arguments: { attach: 'required' },
    ok: ['done'],
    failed: ['denied', 'no-sim', 'no-network'],
  },
  'network.define': {
    title: 'Define or remove a PDP context',
    arguments: { cid: 'required', type: 'optional', apn: 'optional' },
    ok: ['done'],
    failed: ['active'],
  },
  'network.activate': {
    title: 'Activate or deactivate a PDP context, or all',
    arguments: { active: 'required', cid: 'optional' },
    ok: ['done'],
    failed: ['denied', 'no-sim', 'no-network', 'not-defined'],
  },
  'network.resolve': {
    title: 'Look a name up',
    arguments: { name: 'required' },
    ok: ['resolved'],
    failed: ['not-found', 'no-network', 'denied'],
    fields: ['address'],
  },
  'ip.configure': {
    title: 'Name the access point of the IP session',
    arguments: { apn: 'optional', username: 'optional', password: 'optional' },
    ok: ['done'],
    failed: ['wrong-state'],
  },
  'ip.activate': {
    title: 'Bring the IP session up',
    arguments: {},
    ok: ['done'],
    failed: ['wrong-state', 'no-network'],
  },
  'ip.shut': { title: 'Shut the IP session and every link of it', arguments: {}, ok: ['done'], failed: [] },
  'wifi.mode': { title: 'Off, station, soft AP, both', arguments: { mode: 'required' }, ok: ['done'], failed: [] },
  'wifi.join': {
    title: 'Join an access point; the address follows as the event wifi.addressed unless awaited',
    arguments: { ssid: 'required', password: 'optional', bssid: 'optional', timeout: 'optional' },
    ok: ['joined'],
    failed: ['wrong-password', 'not-found', 'off', 'bad-utf8'],
  },
  'wifi.address': {
    title: 'Wait until the station has its address',
    arguments: {},
    ok: ['addressed'],
    failed: ['not-joined'],
  },
  'wifi.leave': {
    title: 'Leave the access point',
    arguments: {},
    ok: ['left'],
    failed: ['not-joined'],
    lenient: ['not-joined'],
  },
  'wifi.scan': {
    title: 'List access points',
    arguments: { ssid: 'optional' },
    ok: ['done'],
    failed: ['off'],
    fields: ['networks'],
  },
  'settings.save': { title: 'Store the profile settings', arguments: { name: 'optional' }, ok: ['done'], failed: [] },
  'settings.recall': {
    title: 'Recall the stored profile',
    arguments: { name: 'optional' },
    ok: ['done'],
    failed: ['not-found'],
  },
  'settings.factory': {
    title: 'Factory values; `all` clears flash too',
    arguments: { all: 'optional' },
    ok: ['done'],
    failed: [],
  },
  'power.restart': { title: 'Reboot after the final result', arguments: {}, ok: ['done'], failed: [] },
  'power.off': { title: 'Power down after what is written', arguments: {}, ok: ['done'], failed: [] },
  'power.radio': {
    title: 'Phone functionality of 27.007: 0 minimum, 1 full, 4 radio off',
    arguments: { functionality: 'required' },
    ok: ['done'],
    failed: [],
  },
  'time.set': {
    title: 'Set the clock from `yy/MM/dd,hh:mm:ss±zz`',
    arguments: { time: 'required', 'least-zone': 'optional', 'most-zone': 'optional' },
    ok: ['done'],
    failed: ['bad-range'],
  },
  'time.sync': {
    title: 'Set the clock from the network',
    arguments: { zone: 'optional', servers: 'optional' },
    ok: ['done'],
    failed: ['no-network'],
  },
} satisfies Record<string, OperationSpec>;

export type CoreOperation = keyof typeof coreOperations;
