/**
 * The access points that the module's Wi-Fi can hear. With a list, only those exist and passwords are checked; without
 * one, any SSID and any password meet an access point made up for them. SSIDs are UTF-8 text here. [802.11 9.4.2.2]
 */
import { OperatorError } from '../base/errors.js';
import { derivedBytes, derivedMac } from './derived.js';

export const encryptions = ['open', 'wep', 'wpa', 'wpa2', 'wpa-wpa2', 'wpa2-enterprise', 'wpa3', 'wpa2-wpa3'] as const;
export type Encryption = (typeof encryptions)[number];

export interface AccessPoint {
  ssid: string;
  password?: string;
  /** Lower case with colons. */
  bssid: string;
  channel: number;
  /** dBm. */
  rssi: number;
  encryption: Encryption;
  /** `silent` never answers a join (timeout), `refusing` turns everybody away (failed). */
  manner: 'willing' | 'silent' | 'refusing';
}

/** What a config must say of one; the rest has defaults. */
export type AccessPointSpec = Pick<AccessPoint, 'ssid'> & Partial<AccessPoint>;

export interface Credentials {
  ssid: string;
  password?: string;
  bssid?: string;
}

export class AccessPoints {
  #listed: readonly AccessPoint[] | 'any';
  #heard = true;

  constructor(listed: readonly AccessPointSpec[] | 'any' = 'any') {
    this.#listed = listed === 'any' ? listed : listed.map(complete);
  }

  /** By a test: from now on these exist. */
  set(listed: readonly AccessPointSpec[] | 'any'): void {
    this.#listed = listed === 'any' ? listed : listed.map(complete);
  }

  get isHeard(): boolean {
    return this.#heard;
  }

  /** By a test: nothing is heard any more, or everything again. */
  hear(heard: boolean): void {
    this.#heard = heard;
  }

  /** The strongest that fits. */
  find({ ssid, password, bssid }: Credentials): AccessPoint | undefined {
    if (!this.#heard) return undefined;
    if (this.#listed === 'any') return madeUp(ssid, password, bssid);
    return this.#sorted().find(each => each.ssid === ssid && (!bssid || each.bssid === bssid.toLowerCase()));
  }

  has(accessPoint: AccessPoint): boolean {
    if (!this.#heard) return false;
    return (
      this.#listed === 'any' ||
      this.#listed.some(each => each.bssid === accessPoint.bssid && each.ssid === accessPoint.ssid)
    );
  }

  /** Strongest first. Without a list there is one to be seen, so that a scan is not empty. */
  scan(ssid?: string): AccessPoint[] {
    if (!this.#heard) return [];
    const all = this.#listed === 'any' ? [madeUp('atmodem', 'any password', undefined)] : this.#sorted();
    return ssid === undefined ? all : all.filter(each => each.ssid === ssid);
  }

  #sorted(): AccessPoint[] {
    return this.#listed === 'any' ? [] : [...this.#listed].sort((a, b) => b.rssi - a.rssi);
  }
}

function madeUp(ssid: string, password: string | undefined, bssid: string | undefined): AccessPoint {
  return complete({ ssid, password: password || undefined, bssid });
}

function complete(spec: AccessPointSpec): AccessPoint {
  const length = Buffer.byteLength(spec.ssid, 'utf8');
  if (length < 1 || length > 32) throw bad(spec, 'ssid', spec.ssid, '1 to 32 bytes');
  const encryption = spec.encryption ?? (spec.password ? 'wpa2' : 'open');
  if (encryption !== 'open' && !spec.password)
    throw bad(spec, 'password', 'none', `a password, for encryption is ${encryption}`);
  return {
    ssid: spec.ssid,
    password: spec.password,
    bssid: (spec.bssid ?? derivedMac(spec.ssid, 'bssid', 0x0a)).toLowerCase(),
    channel: spec.channel ?? 1 + ((derivedBytes(spec.ssid, 'channel', 1)[0] ?? 0) % 13),
    rssi: spec.rssi ?? -50,
    encryption,
    manner: spec.manner ?? 'willing',
  };
}

const bad = ({ ssid }: AccessPointSpec, field: string, found: string, expected: string) =>
  new OperatorError('config', `${field} of access point \`${ssid}\` is not valid`, { found, expected });
