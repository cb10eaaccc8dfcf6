/** The first steps of firmware on the Wi-Fi modules that speak the ESP way, on a serial port. */
import type { SerialHost } from './serial-host.js';

type Dialect = 'w800' | 'esp-at';

/** Reads what the module says at power-on, turns the echo off, and joins the access point. */
export async function joins(host: SerialHost, dialect: Dialect): Promise<void> {
  await host.reads('ready');
  await host.ask('ATE0', 'ATE0', 'OK');
  await host.ask('AT+CWMODE=1', 'OK');
  const order = { w800: ['OK', 'WIFI GOT IP'], 'esp-at': ['WIFI GOT IP', 'OK'] }[dialect];
  await host.ask('AT+CWJAP="workshop","password"', 'WIFI CONNECTED', ...order);
}

/** The scheme says what carries MQTT, and which certificates take part. */
export async function configures(host: SerialHost, clientId: string, scheme = 1, path = ''): Promise<void> {
  await host.ask(`AT+MQTTUSERCFG=0,${scheme},"${clientId}","","",0,0,"${path}"`, 'OK');
}

export interface Broker {
  port: number;
  scheme?: number;
  path?: string;
  reconnect?: 0 | 1;
}

/** What the module says when it has connected to the name that the firmware has burnt in. */
export function connected(dialect: Dialect, { port, scheme = 1, path = '', reconnect = 0 }: Broker): string {
  const shown = dialect === 'w800' ? port : `"${port}"`;
  return `+MQTTCONNECTED:0,${scheme},"broker.example",${shown},"${path}",${reconnect}`;
}

export async function connects(host: SerialHost, dialect: Dialect, broker: Broker): Promise<void> {
  const { port, reconnect = 0 } = broker;
  await host.ask(`AT+MQTTCONN=0,"broker.example",${port},${reconnect}`, connected(dialect, broker), 'OK');
}
