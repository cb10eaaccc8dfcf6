/**
 * The other side of the broker, on MQTT.js: the floor that publishing is compared with, and the source of what modems
 * receive. It also reads a modem's port where the pace of sending depends on what has come out there.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import { systemClock } from '../../../src/base/clock.js';
import { type Feed, feed } from '../../support/inbound-feed.js';
import { luatConnected, luatSubscribed } from '../../support/luat-client.js';
import { numberedPayload } from '../../support/numbered-messages.js';
import { PtyClient } from '../../support/pty-client.js';
import type { Address } from '../../support/sockets.js';
import { serve } from '../remote.js';
import { quantile } from '../statistics.js';

let broker: MqttClient;
let client: PtyClient;
let flooding = false;

const api = {
  connect: async ({ host, port }: Address): Promise<void> => {
    broker = await connectAsync({ host, port, protocolVersion: 4 });
  },
  /** Milliseconds from a publish to its PUBACK, one after another. */
  publishTrips: async ({ topic, payload, count }: { topic: string; payload: string; count: number }) => {
    const samples = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      const start = systemClock.now();
      await broker.publishAsync(topic, payload, { qos: 1 });
      samples[i] = systemClock.now() - start;
    }
    return { median: quantile(samples, 0.5) };
  },
  /** A modem that gets what is published here, on a port that this process reads. */
  attach: async ({ path, topic, qos, ...address }: Address & { path: string; topic: string; qos: number }) => {
    client = await PtyClient.open(path);
    for (const [line, answer] of [...luatConnected(address, `modem${process.pid}`), ...luatSubscribed(topic, qos)])
      await client.exchange(line, answer);
  },
  /** @param sleep milliseconds without reading, at first. @returns how long it took, in seconds */
  feed: async ({ sleep = 0, ...load }: Feed & { sleep?: number }): Promise<number> => {
    const start = systemClock.now();
    if (sleep > 0) {
      client.pause();
      systemClock.after(sleep, () => client.resume());
    }
    await feed(client, broker, load);
    return (systemClock.now() - start) / 1000;
  },
  /** Stops reading, for good, and publishes so many messages a second until `calm`. */
  flood: ({ topic, size, rate }: { topic: string; size: number; rate: number }): void => {
    client.pause();
    flooding = true;
    let sent = 0;
    const start = systemClock.now();
    const tick = () => {
      if (!flooding) return;
      const due = Math.floor(((systemClock.now() - start) * rate) / 1000);
      for (; sent < due; sent++) broker.publish(topic, numberedPayload(sent, size));
      systemClock.after(2, tick);
    };
    tick();
  },
  calm: (): void => {
    flooding = false;
  },
};

export type PeerApi = typeof api;

serve(api);
