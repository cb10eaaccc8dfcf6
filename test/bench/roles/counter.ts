/** A client that counts what it gets: each topic's messages are numbered from 0, and none may be missing or out of order. */
import { connectAsync } from 'mqtt';
import type { Address } from '../../support/sockets.js';
import { serve } from '../remote.js';

/** The number that each topic's next message must have. */
const next = new Map<string, number>();
let received = 0;
let wrong = 0;

const api = {
  subscribe: async ({ host, port, filter }: Address & { filter: string }): Promise<void> => {
    const client = await connectAsync({ host, port, protocolVersion: 4 });
    client.on('message', (topic, payload) => {
      const expected = next.get(topic) ?? 0;
      const number = Number(payload.toString());
      if (number !== expected) wrong += 1;
      next.set(topic, number + 1);
      received += 1;
    });
    await client.subscribeAsync(filter, { qos: 1 });
  },
  counted: (): { received: number; wrong: number } => ({ received, wrong }),
};

export type CounterApi = typeof api;

serve(api);
