/** The first steps of firmware on a luat module, on a serial port. */
import type { SerialHost } from './serial-host.js';
import { type RigPlan, SerialRig } from './serial-rig.js';

export function plugIn(places: RigPlan['places']): Promise<SerialRig> {
  return SerialRig.start({ dialect: 'luat', lineEnd: '\r', places });
}

/** Reads what the module says at power-on, and turns the echo off. */
export async function boots(host: SerialHost): Promise<void> {
  await host.reads('RDY', '^MODE: 17,17', '+E_UTRAN Service', '+CGEV: ME PDN ACT 1', /^\+NITZ: \d\d\/\d\d\/\d\d,/);
  await host.ask('ATE0', 'ATE0\r', 'OK');
}

/** To the name that the firmware has burnt in. */
export async function connects(host: SerialHost, cleanSession: 0 | 1 = 1): Promise<void> {
  await host.ask('AT+MIPSTART="broker.example",1883', 'OK', 'CONNECT OK');
  await host.ask(`AT+MCONNECT=${cleanSession},60`, 'OK', 'CONNACK OK');
}
