/**
 * Who the module says it is: the numbers that identify the device, its subscriber and its card.
 * They differ per modem and are stable between runs; each can be set. Whether a SIM is there to be read is not decided here.
 * [27.007 5.4 +CGSN, 5.6 +CIMI; 3GPP 23.003 6 IMEI, 2 IMSI; ITU-T E.118 ICCID]
 */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import { derivedBytes, derivedDigits, derivedMac, luhnDigit, passesLuhn } from './derived.js';

export interface IdentityFields {
  /** 15 digits, the last one checks the others. */
  imei: string;
  /** 15 digits. */
  imsi: string;
  /** 20 digits, the last one checks the others. */
  iccid: string;
  /** Of the Wi-Fi station, lower case with colons. */
  mac: string;
  /** Of the Wi-Fi soft AP. */
  apMac: string;
  /** 1..32 letters and digits. */
  serial: string;
}

export type IdentityField = keyof IdentityFields;

interface Rule {
  expected: string;
  holds(value: string): boolean;
}

const mac: Rule = {
  expected: 'six octets such as 02:00:5e:10:00:01, not a group address',
  holds: value => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value) && (Number.parseInt(value.slice(0, 2), 16) & 1) === 0,
};

const rules: Record<IdentityField, Rule> = {
  imei: {
    expected: '15 digits, the last one being their Luhn digit',
    holds: value => /^\d{15}$/.test(value) && passesLuhn(value),
  },
  imsi: { expected: '15 digits', holds: value => /^\d{15}$/.test(value) },
  iccid: {
    expected: '20 digits, the last one being their Luhn digit',
    holds: value => /^\d{20}$/.test(value) && passesLuhn(value),
  },
  mac,
  apMac: mac,
  serial: { expected: '1 to 32 letters and digits', holds: value => /^[0-9A-Za-z]{1,32}$/.test(value) },
};

/** For what a host may set too (a MAC, by AT): its mistakes are values, not errors. */
export const isIdentity = (field: IdentityField, value: string): boolean => rules[field].holds(value);

export class Identity {
  readonly #fields: IdentityFields;

  /** @param seed the modem's name: another name, another device */
  constructor(seed: string, given: Partial<IdentityFields> = {}) {
    this.#fields = derive(seed);
    for (const [field, value] of Object.entries(given)) if (value !== undefined) this.set(field, value);
  }

  get imei(): string {
    return this.#fields.imei;
  }
  get imsi(): string {
    return this.#fields.imsi;
  }
  get iccid(): string {
    return this.#fields.iccid;
  }
  get mac(): string {
    return this.#fields.mac;
  }
  get apMac(): string {
    return this.#fields.apMac;
  }
  get serial(): string {
    return this.#fields.serial;
  }

  /** Takes names as text, for they come from a config; an unknown one gets the nearest right one. */
  set(field: string, value: string): void {
    if (!isField(field)) throw unknownField(field);
    if (!isIdentity(field, value)) throw badValue(field, value);
    this.#fields[field] = field === 'mac' || field === 'apMac' ? value.toLowerCase() : value;
  }
}

function derive(seed: string): IdentityFields {
  const imei = `86${derivedDigits(seed, 'imei', 12)}`;
  const iccid = `898601${derivedDigits(seed, 'iccid', 13)}`;
  return {
    imei: imei + luhnDigit(imei),
    imsi: `46001${derivedDigits(seed, 'imsi', 10)}`,
    iccid: iccid + luhnDigit(iccid),
    // Locally administered addresses (bit 1 of the first octet): no real device can have them.
    mac: derivedMac(seed, 'mac', 0x02),
    apMac: derivedMac(seed, 'mac', 0x06),
    serial: derivedBytes(seed, 'serial', 6).toString('hex').toUpperCase(),
  };
}

const isField = (field: string): field is IdentityField => Object.hasOwn(rules, field);

function unknownField(field: string): OperatorError {
  return new OperatorError('config', `there is no identity \`${field}\``, {
    expected: Object.keys(rules).join(', '),
    hint: didYouMean(field, Object.keys(rules)) || undefined,
  });
}

function badValue(field: IdentityField, value: string): OperatorError {
  const body = value.slice(0, -1);
  const checked = (field === 'imei' || field === 'iccid') && rules[field].holds(body + luhnDigit(body));
  return new OperatorError('config', `${field} is not valid`, {
    found: value,
    expected: rules[field].expected,
    hint: checked ? `with these digits the last one is ${luhnDigit(body)}` : undefined,
  });
}
