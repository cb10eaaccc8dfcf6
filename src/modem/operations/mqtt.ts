/** The MQTT operations: from a grammar's arguments to the core's client. Topics and ids become text only here. */
import type { Result } from '../../grammar/exchange.js';
import { type Row, textOf, type Value } from '../../grammar/values.js';
import type { ConnectOptions, Retry } from '../../mqtt/connect-options.js';
import type { Progress } from '../../mqtt/outcomes.js';
import type { Qos, Subscription } from '../../mqtt/packets.js';
import type { Transport } from '../../net/dial.js';
import { bufferOf, bytesOf, isOn, numberOf, optionalNumber, textFrom } from '../argument-values.js';
import type { ClientSlot } from '../clients.js';
import { linkDials, linksChanged } from '../ip-links.js';
import type { Arguments, DialectContext, RunOperation } from '../operation.js';
import { reachSoon } from '../reach-soon.js';
import { readTls } from '../tls-options.js';

/** Milliseconds between tries of a client that reconnects by itself: what most modules do. */
const reconnectEvery = 10_000;

const slotOf = ({ modem, scope }: DialectContext): ClientSlot =>
  modem.clients.of(scope.address.client ?? modem.clients.first);

const open: RunOperation = async (args, context) => {
  const { modem, within } = context;
  const slot = slotOf(context);
  const { client } = slot;
  if (client.state !== 'idle' && client.state !== 'lost') return { outcome: 'already' };
  const reach = await reachSoon(modem);
  if (reach.state === 'offline') return { outcome: 'no-network', cause: reach.why };
  const transport = (textOf(args.transport) || 'tcp') as Transport;
  const tls = transport === 'tls' || transport === 'wss' ? readTls(args, context) : undefined;
  if (tls && 'missing' in tls) {
    modem.log.warn({ file: tls.missing }, 'TLS needs a file that is not there');
    return { outcome: 'no-file', cause: tls.missing };
  }
  slot.owner = context.channel ?? slot.owner;
  const host = bytesOf(args.host);
  const port = numberOf(args.port, transport === 'tcp' ? 1883 : 8883);
  slot.opened = { host, port };
  slot.cid = optionalNumber(args.cid, 1);
  const path = args.path === undefined ? undefined : textOf(args.path);
  linkDials(modem);
  const result = await client.open({ host: textFrom(args.host) ?? host, port, transport, path, tls, within });
  modem.log.info({ host, port, transport, outcome: result.outcome, cause: result.cause }, 'open');
  linksChanged(modem);
  return result;
};

const connect: RunOperation = async (args, context) => {
  const slot = slotOf(context);
  const options = connectOptions(args, context);
  const result = options
    ? await slot.client.connect(options, progressOf(context))
    : { outcome: 'failed', cause: 'bad-utf8', code: undefined };
  // In the turn of the answer: the broker's own close may already be waiting behind it.
  const isRefused = result.outcome === 'rejected' || result.outcome === 'failed';
  if (isRefused && isOn(args['close-refused'])) void slot.client.close();
  context.modem.log.info({ client: slot.index, outcome: result.outcome, code: result.code }, 'connect');
  if (result.outcome === 'connected') context.modem.events.emit({ event: 'mqtt', client: slot.index, state: 'up' });
  return result;
};

function connectOptions(args: Arguments, { within, modem }: DialectContext): ConnectOptions | undefined {
  const clientId = textFrom(args['client-id']);
  const username = args.username === undefined || args.username === '' ? undefined : textFrom(args.username);
  const topic = textFrom(args['will-topic']);
  if (clientId === undefined || topic === undefined || (textOf(args.username) !== '' && username === undefined))
    return undefined;
  const password = textOf(args.password);
  if (password) modem.secrets.add(password);
  return {
    clientId,
    username,
    password: password === '' ? undefined : bufferOf(args.password),
    keepalive: numberOf(args.keepalive, 60),
    clean: isOn(args.clean, true),
    version: numberOf(args.version, 4) === 3 ? 3 : 4,
    reconnect: isOn(args.reconnect) ? { every: reconnectEvery } : undefined,
    retry: retryOf(args),
    ping:
      args['ping-within'] === undefined
        ? undefined
        : { within: 1000 * numberOf(args['ping-within'], 10), retries: numberOf(args['ping-retries'], 0) },
    will:
      topic === ''
        ? undefined
        : {
            topic,
            payload: bufferOf(args['will-message']),
            qos: numberOf(args['will-qos'], 0) as Qos,
            retain: isOn(args['will-retain']),
          },
    within,
  };
}

/** Times are in seconds in every manual. */
function retryOf(args: Arguments): Retry | undefined {
  if (args['retry-after'] === undefined) return undefined;
  return {
    after: 1000 * numberOf(args['retry-after'], 5),
    times: numberOf(args['retry-times'], 0),
    inVain: isOn(args['give-up']) ? 'give-up' : 'fail',
  };
}

const progressOf =
  (context: DialectContext): Progress =>
  (word, fields) =>
    context.progress(word, fields);

const publish: RunOperation = (args, context) => {
  const topic = textFrom(args.topic);
  if (topic === undefined) return { outcome: 'bad-utf8' };
  if (!isTopicName(topic)) return { outcome: 'bad-topic' };
  const publication = {
    topic,
    payload: bufferOf(args.payload),
    qos: numberOf(args.qos, 0) as Qos,
    retain: isOn(args.retain),
    dup: isOn(args.dup),
  };
  const { client } = slotOf(context);
  return client.publish(publication, progressOf(context), context.within);
};

/** [MQTT-3.3.2-2], [MQTT-4.7.3-1], [MQTT-4.7.3-2] */
const isTopicName = (topic: string): boolean => topic !== '' && !/[+#\0]/.test(topic);
const isTopicFilter = (topic: string): boolean => topic !== '' && !topic.includes('\0');

const subscribe: RunOperation = async (args, context) => {
  const { client } = slotOf(context);
  const wanted = subscriptionsOf(args);
  if ('outcome' in wanted) return wanted;
  if (client.state !== 'up') return { outcome: 'not-online' };
  const known = client.subscriptions;
  if (context.mapped.has('already') && wanted.every(({ topic }) => known.has(topic))) return { outcome: 'already' };
  const limit = numberOf(args.limit, Number.POSITIVE_INFINITY);
  const fresh = wanted.filter(({ topic }) => !known.has(topic)).length;
  if (context.mapped.has('full') && known.size + fresh > limit) return { outcome: 'full' };
  return client.subscribe(wanted, context.within, progressOf(context));
};

function subscriptionsOf(args: Arguments): Subscription[] | Result {
  const rows: readonly Value[] = Array.isArray(args.topics) ? args.topics : [{ topic: args.topic, qos: args.qos }];
  const subscriptions = (rows as readonly Row[]).map(row => ({
    topic: textFrom(row.topic),
    qos: numberOf(row.qos, 0) as Qos,
  }));
  if (subscriptions.some(({ topic }) => topic === undefined)) return { outcome: 'bad-utf8' };
  if (subscriptions.length === 0 || subscriptions.some(({ topic }) => !isTopicFilter(topic!)))
    return { outcome: 'bad-topic' };
  return subscriptions as Subscription[];
}

const unsubscribe: RunOperation = async (args, context) => {
  const { client } = slotOf(context);
  const wanted = subscriptionsOf(args);
  if ('outcome' in wanted) return wanted;
  if (client.state !== 'up') return { outcome: 'not-online' };
  const topics = wanted.map(({ topic }) => topic);
  if (context.mapped.has('unknown') && topics.every(topic => !client.subscriptions.has(topic)))
    return { outcome: 'unknown' };
  return client.unsubscribe(topics, context.within, progressOf(context));
};

const disconnect: RunOperation = (_, context) => slotOf(context).client.disconnect();

const close: RunOperation = async (_, context) => {
  const slot = slotOf(context);
  const result = await slot.client.close();
  slot.opened = undefined;
  linksChanged(context.modem);
  return result;
};

export const mqttOperations = {
  'mqtt.open': open,
  'mqtt.connect': connect,
  'mqtt.publish': publish,
  'mqtt.subscribe': subscribe,
  'mqtt.unsubscribe': unsubscribe,
  'mqtt.disconnect': disconnect,
  'mqtt.close': close,
} satisfies Record<string, RunOperation>;
