/** Clients of this house, and aedes behind every transport, for tests. */
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Aedes } from 'aedes';
import { generate } from 'mqtt-packet';
import { onTestFinished } from 'vitest';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { ManualClock } from '../../src/base/clock.js';
import { MqttClient, type MqttEnvironment } from '../../src/mqtt/client.js';
import type { ConnectOptions } from '../../src/mqtt/connect-options.js';
import type { Publication } from '../../src/mqtt/packets.js';
import { type DialRequest, dial, type Transport } from '../../src/net/dial.js';
import { identity } from './certificates.js';
import { listen, listenTcp, listenTls } from './listeners.js';
import { recordingLog } from './log.js';

export interface TestClient {
  client: MqttClient;
  clock: ManualClock;
  log: ReturnType<typeof recordingLog>;
}

export function makeClient(env: Partial<MqttEnvironment> = {}): TestClient {
  const clock = new ManualClock();
  const log = recordingLog();
  const client = new MqttClient({
    clock,
    log,
    dial: request => dial(request, { routes: [], policy: 'loopback', clock, log }),
    ...env,
  });
  onTestFinished(() => client.destroy());
  return { client, clock, log };
}

export function to(port: number, transport: Transport = 'tcp'): DialRequest {
  return { host: '127.0.0.1', port, transport };
}

export const connectPacket = generate({
  cmd: 'connect',
  clientId: 'test',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 0,
});

export function options(more: Partial<ConnectOptions> = {}): ConnectOptions {
  return { clientId: 'test', keepalive: 0, clean: true, version: 4, ...more };
}

export function publication(
  topic: string,
  text: string,
  qos: Publication['qos'] = 0,
  more: Partial<Publication> = {},
): Publication {
  return { topic, payload: Buffer.from(text), qos, retain: false, ...more };
}

/** A port for each transport, all of one broker. */
export async function startAedes(): Promise<{ aedes: Aedes; ports: Record<Transport, number> }> {
  const aedes = await Aedes.createBroker();
  onTestFinished(() => new Promise<void>(done => aedes.close(done)));
  const [http, https] = [createHttpServer(), createHttpsServer(identity('server'))];
  for (const server of [http, https]) {
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', socket => void aedes.handle(createWebSocketStream(socket)));
  }
  const ports = {
    tcp: await listenTcp(socket => void aedes.handle(socket)),
    tls: await listenTls(identity('server'), socket => void aedes.handle(socket)),
    ws: await listen(http),
    wss: await listen(https),
  };
  return { aedes, ports };
}

/** The next value of a signal. */
export function next<T>(signal: { on(listener: (value: T) => void): () => void }): Promise<T> {
  return new Promise(resolve => {
    const off = signal.on(value => {
      off();
      resolve(value);
    });
  });
}

export const turn = () => new Promise<void>(done => void setImmediate(done));
