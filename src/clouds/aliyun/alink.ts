/**
 * Messages of the Alink protocol, as far as the platform answers and sends them.
 * [Alibaba Cloud IoT Platform, device properties, events and services]
 */
import type { CloudDevice, CloudMessage } from '../platform.js';

/**
 * `…/thing/event/property/post` is answered on `…/post_reply`, and so is every other event. Field order and values are
 * those of device logs. Without a thing model no property is unknown.
 */
export function alinkAnswer(
  { product, device }: CloudDevice,
  topic: string,
  payload: Buffer,
): CloudMessage | undefined {
  const events = `/sys/${product}/${device}/thing/event/`;
  const event = topic.startsWith(events) ? topic.slice(events.length) : '';
  if (!/.\/post$/.test(event)) return undefined;
  const message = readMessage(payload.toString());
  if (message && wantsNoAnswer(message)) return undefined;
  const { id = '' } = message ?? {};
  const body = {
    ...outcomeOf(message),
    id: typeof id === 'string' || typeof id === 'number' ? id : '',
    method: `thing.event.${event.replaceAll('/', '.')}`,
    version: '1.0',
  };
  return { topic: `${topic}_reply`, payload: JSON.stringify(inOrder(body)) };
}

type Message = Readonly<Record<string, unknown>>;

/** Single quotes are taken too, as the platform's own examples for AT modules have them. */
function readMessage(text: string): Message | undefined {
  for (const json of [text, text.replaceAll("'", '"')]) {
    try {
      const parsed: unknown = JSON.parse(json);
      if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Message;
    } catch {
      // The next spelling, or none.
    }
  }
  return undefined;
}

/** `"sys":{"ack":0}` asks for no answer. */
const wantsNoAnswer = ({ sys }: Message): boolean => (sys as { ack?: unknown } | null | undefined)?.ack === 0;

/** The codes are those for devices; the texts of the refusals are assumed. */
function outcomeOf(message: Message | undefined): { code: number; message: string; data: object } {
  if (!message) return { code: 6207, message: 'data format error', data: {} };
  if (typeof message.method !== 'string') return { code: 6300, message: 'method not exist', data: {} };
  if (message.params === undefined) return { code: 460, message: 'request parameter error', data: {} };
  return { code: 200, message: 'success', data: {} };
}

/** As the platform writes them: by the alphabet. */
const inOrder = (body: Message): Message =>
  Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1)));

export function alinkPropertySet(
  { product, device }: CloudDevice,
  id: string,
  params: Readonly<Record<string, unknown>>,
): CloudMessage {
  return {
    topic: `/sys/${product}/${device}/thing/service/property/set`,
    payload: JSON.stringify({ method: 'thing.service.property.set', id, params, version: '1.0.0' }),
  };
}
