/** Messages of OneNET's thing model, and of its data points, as far as the platform answers and sends them. */
import type { CloudDevice, CloudMessage } from '../platform.js';

const posts = ['thing/property/post', 'thing/event/post', 'thing/pack/post', 'thing/history/post'];

/** Without a thing model no property is unknown. */
export function onenetAnswer(
  { product, device }: CloudDevice,
  topic: string,
  payload: Buffer,
): CloudMessage | undefined {
  const own = `$sys/${product}/${device}/`;
  if (!topic.startsWith(own)) return undefined;
  const path = topic.slice(own.length);
  if (path === 'dp/post/json') return dataPointAnswer(topic, payload);
  return posts.includes(path) ? { topic: `${topic}/reply`, payload: JSON.stringify(reply(payload)) } : undefined;
}

/** The refusals are assumed. */
function reply(payload: Buffer): object {
  const message = readMessage(payload);
  const id = typeof message?.id === 'string' || typeof message?.id === 'number' ? message.id : '';
  if (typeof message?.params !== 'object') return { id, code: 400, msg: 'bad request' };
  return { id, code: 200, msg: 'success' };
}

/** [OneNET, data point topics: ids are whole numbers from 1, error 98] */
function dataPointAnswer(topic: string, payload: Buffer): CloudMessage {
  const message = readMessage(payload);
  const id = Number.isInteger(message?.id) && (message?.id as number) > 0 ? (message?.id as number) : -1;
  if (id > 0 && typeof message?.dp === 'object') return { topic: `${topic}/accepted`, payload: JSON.stringify({ id }) };
  return {
    topic: `${topic}/rejected`,
    payload: JSON.stringify({ id, err_code: 98, err_msg: 'Illegal Data' }),
  };
}

function readMessage(payload: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(payload.toString());
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function onenetPropertySet(
  { product, device }: CloudDevice,
  id: string,
  params: Readonly<Record<string, unknown>>,
): CloudMessage {
  return {
    topic: `$sys/${product}/${device}/thing/property/set`,
    payload: JSON.stringify({ id, version: '1.0', params }),
  };
}
