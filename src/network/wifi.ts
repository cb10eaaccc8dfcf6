/**
 * The Wi-Fi side of a module: mode, and the station's way from idle to an address and back.
 * Owns no credentials beyond the join it made: what flash keeps is the modem's. Opens no link and names no AT word.
 */
import { Signal } from '../base/signal.js';
import { type AccessPoint, type AccessPointSpec, AccessPoints, type Credentials } from './access-points.js';
import { type StationAddress, stationLease } from './derived.js';
import type { Pace } from './pace.js';
import type { Reach } from './reach.js';

/** 0 off, 1 station, 2 soft AP, 3 both. */
export type WifiMode = 0 | 1 | 2 | 3;

/** `idle`: never joined since power-on; `joined`: no address yet; `joining` also while it tries to come back. */
export type StationState = 'idle' | 'joining' | 'joined' | 'addressed' | 'left';

export interface JoinRequest extends Credentials {
  /** Milliseconds. */
  timeout?: number;
}

export type JoinOutcome = 'joined' | 'wrong-password' | 'not-found' | 'timeout' | 'failed' | 'off' | 'cancelled';

export interface WifiOptions {
  mode?: WifiMode;
  accessPoints?: readonly AccessPointSpec[] | 'any';
}

/** A join that the host asked for ends with an outcome; one that the station makes by itself goes on until it succeeds. */
type Station =
  | { state: 'idle' | 'left' }
  | { state: 'joining'; wanted: JoinRequest; by: 'host' | 'itself' }
  | { state: 'joined' | 'addressed'; wanted: JoinRequest; accessPoint: AccessPoint };

const defaultJoinTimeout = 15_000;
const joinTime = 1500;
const scanTime = 2500;
const refusalTime = 3500;
const leaseTime = 1000;
const unaddressed: StationAddress = { ip: '0.0.0.0', gateway: '0.0.0.0', netmask: '0.0.0.0' };

export class Wifi {
  readonly joined = new Signal<AccessPoint>();
  readonly addressed = new Signal<StationAddress>();
  readonly lost = new Signal<{ by: 'host' | 'network' }>();
  readonly accessPoints: AccessPoints;
  /** Of the module's own access point. */
  readonly softAp: StationAddress = { ip: '192.168.4.1', gateway: '192.168.4.1', netmask: '255.255.255.0' };
  /** How long after a loss the station tries to come back, in milliseconds; `never` if it does not. */
  rejoinAfter: number | 'never' = 1000;
  /** `dhcp`, or what the host set by hand. */
  addressing: 'dhcp' | StationAddress = 'dhcp';
  readonly #pace: Pace;
  readonly #lease: StationAddress;
  readonly #startMode: WifiMode;
  #mode: WifiMode = 0;
  #station: Station = { state: 'idle' };
  /** Counts turns of fate: whatever was waited for belongs to the one in which it began. */
  #turn = 0;

  constructor(pace: Pace, seed: string, { mode = 1, accessPoints }: WifiOptions = {}) {
    this.#pace = pace;
    this.#lease = stationLease(seed);
    this.#startMode = mode;
    this.accessPoints = new AccessPoints(accessPoints);
  }

  get mode(): WifiMode {
    return this.#mode;
  }

  get state(): StationState {
    return this.#station.state;
  }

  /** The access point joined. */
  get accessPoint(): AccessPoint | undefined {
    return 'accessPoint' in this.#station ? this.#station.accessPoint : undefined;
  }

  /** What the station joined, or tries to. */
  get wanted(): Readonly<JoinRequest> | undefined {
    return 'wanted' in this.#station ? this.#station.wanted : undefined;
  }

  /** All zeros while there is none. */
  get address(): StationAddress {
    if (this.state !== 'addressed') return unaddressed;
    return this.addressing === 'dhcp' ? this.#lease : this.addressing;
  }

  get reach(): Reach {
    if (this.state === 'addressed') return { state: 'online', address: this.address.ip };
    return { state: 'offline', why: this.state === 'joined' ? 'no-address' : 'not-joined' };
  }

  get isOnline(): boolean {
    return this.state === 'addressed';
  }

  powerOn(): void {
    this.powerOff();
    this.#mode = this.#startMode;
  }

  /** Without a word: a module that loses power reports nothing. Whoever holds links closes them. */
  powerOff(): void {
    this.#turn += 1;
    this.#station = { state: 'idle' };
    this.#mode = 0;
  }

  setMode(mode: WifiMode): 'done' {
    this.#mode = mode;
    if (!this.#hasStation) this.leave();
    return 'done';
  }

  /** Leaves first where it is joined. The address follows as `addressed`, in a later turn. */
  async join(request: JoinRequest): Promise<{ outcome: JoinOutcome }> {
    if (!this.#hasStation) return { outcome: 'off' };
    this.leave();
    return { outcome: await this.#associate(request, 'host') };
  }

  leave(): 'left' | 'not-joined' {
    const wasJoined = this.accessPoint !== undefined;
    if (this.state === 'idle' || this.state === 'left') return 'not-joined';
    this.#turn += 1;
    this.#station = { state: 'left' };
    if (wasJoined) this.lost.emit({ by: 'host' });
    return 'left';
  }

  /** `off` without a station mode. */
  async scan(ssid?: string): Promise<AccessPoint[] | 'off'> {
    if (!this.#hasStation) return 'off';
    await this.#pace.wait(scanTime);
    return this.accessPoints.scan(ssid);
  }

  /** By a test: every access point falls silent. */
  lose(): void {
    this.accessPoints.hear(false);
    this.lookAround();
  }

  /** By a test: they are back; a station that was lost comes back too. */
  return(): void {
    this.accessPoints.hear(true);
    this.lookAround();
  }

  /** After the access points changed: a station whose own is gone is lost, one that waits tries again. */
  lookAround(): void {
    const station = this.#station;
    if ('accessPoint' in station && !this.accessPoints.has(station.accessPoint)) this.#fallOff(station.wanted);
    else if (station.state === 'joining' && station.by === 'itself') this.#rejoinLater(station.wanted);
  }

  get #hasStation(): boolean {
    return this.#mode === 1 || this.#mode === 3;
  }

  async #associate(wanted: JoinRequest, by: 'host' | 'itself'): Promise<JoinOutcome> {
    const turn = ++this.#turn;
    this.#station = { state: 'joining', wanted, by };
    const { outcome, after, accessPoint } = this.#verdict(wanted);
    await this.#pace.wait(after);
    if (turn !== this.#turn) return 'cancelled';
    if (accessPoint && this.accessPoints.has(accessPoint)) {
      this.#settle(wanted, accessPoint);
      return 'joined';
    }
    const goesOn = by === 'itself' && outcome !== 'wrong-password';
    if (!goesOn) this.#station = { state: 'left' };
    return outcome === 'joined' ? 'not-found' : outcome;
  }

  /** How the attempt will end, when, and with whom if it succeeds. */
  #verdict(wanted: JoinRequest): { outcome: JoinOutcome; after: number; accessPoint?: AccessPoint } {
    const accessPoint = this.accessPoints.find(wanted);
    const timeout = wanted.timeout ?? defaultJoinTimeout;
    if (accessPoint?.manner === 'silent') return { outcome: 'timeout', after: timeout };
    const verdict = judge(accessPoint, wanted.password);
    return verdict.after > timeout ? { outcome: 'timeout', after: timeout } : verdict;
  }

  #settle(wanted: JoinRequest, accessPoint: AccessPoint): void {
    const turn = this.#turn;
    this.#station = { state: 'joined', wanted, accessPoint };
    this.joined.emit(accessPoint);
    this.#pace.later(leaseTime, () => {
      if (turn !== this.#turn) return;
      this.#station = { state: 'addressed', wanted, accessPoint };
      this.addressed.emit(this.address);
    });
  }

  #fallOff(wanted: JoinRequest): void {
    this.#turn += 1;
    const comesBack = this.rejoinAfter !== 'never';
    this.#station = comesBack ? { state: 'joining', wanted, by: 'itself' } : { state: 'left' };
    this.lost.emit({ by: 'network' });
    if (comesBack) this.#rejoinLater(wanted);
  }

  /** One attempt each time something is heard again: a station that polls would see nothing else. */
  #rejoinLater(wanted: JoinRequest): void {
    if (this.rejoinAfter === 'never' || !this.accessPoints.find(wanted)) return;
    const turn = ++this.#turn;
    this.#pace.later(this.rejoinAfter, () => {
      if (turn === this.#turn) void this.#associate(wanted, 'itself');
    });
  }
}

function judge(accessPoint: AccessPoint | undefined, password: string | undefined) {
  if (!accessPoint) return { outcome: 'not-found' as const, after: scanTime };
  if (accessPoint.manner === 'refusing') return { outcome: 'failed' as const, after: refusalTime };
  const isWrong = accessPoint.encryption !== 'open' && (password ?? '') !== accessPoint.password;
  if (isWrong) return { outcome: 'wrong-password' as const, after: refusalTime };
  return { outcome: 'joined' as const, after: joinTime, accessPoint };
}
