/**
 * How well the network is heard. One number is set (rssi); the LTE figures follow from it.
 * [27.007 8.5 +CSQ, 8.69 +CESQ]
 */
import { OperatorError } from '../base/errors.js';
import { Signal } from '../base/signal.js';

export interface SignalReading {
  /** 0..31, or 99 for unknown. */
  rssi: number;
  /** Bit error rate 0..7, or 99 for unknown. */
  ber: number;
}

const unknown = 99;
const unknownExtended = 255;

export class SignalQuality {
  readonly changed = new Signal<SignalReading>();
  #reading: SignalReading = { rssi: 28, ber: unknown };
  #heard: 'nothing' | 'network' = 'nothing';

  constructor(reading: Partial<SignalReading> = {}) {
    this.#reading = valid({ ...this.#reading, ...reading });
  }

  /** 99 as long as the radio is off. */
  get rssi(): number {
    return this.#heard === 'network' ? this.#reading.rssi : unknown;
  }

  get ber(): number {
    return this.#heard === 'network' ? this.#reading.ber : unknown;
  }

  /** -113 dBm and 2 dB a step; undefined while unknown. */
  get dbm(): number | undefined {
    return this.rssi === unknown ? undefined : -113 + 2 * this.rssi;
  }

  /** 0..97 for -140…-44 dBm, 255 unknown. RSRP lies about 27 dB below RSSI on a 10 MHz carrier with traffic. */
  get rsrp(): number {
    return this.dbm === undefined ? unknownExtended : clamp(Math.round(this.dbm - 27 + 141), 0, 97);
  }

  /** 0..34 for -19.5…-3 dB in half dB, 255 unknown. */
  get rsrq(): number {
    return this.dbm === undefined ? unknownExtended : clamp(Math.round(8 + (this.rssi * 20) / 31), 0, 34);
  }

  /** As it is set, whether the radio listens or not. */
  get reading(): Readonly<SignalReading> {
    return this.#reading;
  }

  set(reading: Partial<SignalReading>): void {
    this.#reading = valid({ ...this.#reading, ...reading });
    this.changed.emit({ rssi: this.rssi, ber: this.ber });
  }

  /** Told by cellular.ts: whether the radio listens. */
  hear(heard: 'nothing' | 'network'): void {
    this.#heard = heard;
  }
}

function valid(reading: SignalReading): SignalReading {
  if (!within(reading.rssi, 31)) throw bad('rssi', reading.rssi, '0 to 31, or 99 for unknown');
  if (!within(reading.ber, 7)) throw bad('ber', reading.ber, '0 to 7, or 99 for unknown');
  return reading;
}

const within = (value: number, most: number): boolean =>
  value === unknown || (Number.isInteger(value) && value >= 0 && value <= most);

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

const bad = (field: string, value: number, expected: string) =>
  new OperatorError('config', `${field} is not valid`, { found: `${value}`, expected });
