/**
 * What the control API takes and gives, as JSON. Types only, and nothing imported: the page is built on them too. Instants
 * are milliseconds since 1970, durations milliseconds, channels count from 0 as everywhere in the library.
 *
 *   GET  /healthz                            Health (no token needed)
 *   GET  /metrics                            Prometheus text
 *   GET  /openapi.json                       OpenAPI 3.1
 *   POST /api/session                        SessionRequest → 204 and a cookie: how the page signs in
 *   GET  /api/daemon                         DaemonState
 *   POST /api/reload                         {} → Reloaded: the config file is read again
 *   GET  /api/modems                         ModemList
 *   GET  /api/modems/:name                   ModemDetail
 *   POST /api/modems/:name/urc               UrcRequest → Done
 *   POST /api/modems/:name/signal            SignalRequest → ModemDetail
 *   POST /api/modems/:name/registration      RegistrationRequest → ModemDetail
 *   POST /api/modems/:name/power             PowerRequest → ModemDetail
 *   POST /api/modems/:name/publish           PublishRequest → Published
 *   POST /api/publish                        PublishRequest → Published: for no modem in particular
 *   GET  /api/modems/:name/dialogue          DialoguePage; ?after=N&limit=M
 *   GET  /api/modems/:name/transcript        the same lines as a transcript, text/plain
 *   GET  /api/modems/:name/faults            FaultList
 *   POST /api/modems/:name/faults            FaultRequest → 201 ActiveFault
 *   DELETE /api/modems/:name/faults          Lifted: all of them
 *   DELETE /api/modems/:name/faults/:id      Lifted: that one
 *   GET  /api/faults                         FaultCatalogue
 *   GET  /api/cloud/devices                  CloudDeviceList
 *   POST /api/cloud/property                 PropertyRequest → PropertySent
 *   WS   /api/events                         EventBatch messages of all modems, without dialogue lines
 *   WS   /api/events?modem=NAME[&after=N]    EventBatch messages of that modem, its dialogue lines included
 *   WS   /api/modems/:name/terminal          TerminalOpened as text, then bytes both ways as binary messages
 *
 * Every failure is an ErrorBody with its status.
 */

// Failures.

export interface ErrorBody {
  error: ControlError;
}

export type ErrorCode =
  /** 400: the body is no JSON, or not what the path takes. */
  | 'bad-request'
  /** 401: no token, or a wrong one. */
  | 'unauthorized'
  /** 403: a foreign Origin, or a Host that is no loopback name. */
  | 'forbidden'
  /** 404: no such path, modem or fault. */
  | 'not-found'
  /** 405: the path does not take this method. */
  | 'method-not-allowed'
  /** 408: headers or body took too long to come. */
  | 'timeout'
  /** 409: it cannot be done in the state that the modem or the daemon is in. */
  | 'conflict'
  /** 413: the body is longer than 64 KiB. */
  | 'too-large'
  /** 415: a write that is not application/json. */
  | 'unsupported-media-type'
  /** 426: the path is a WebSocket. */
  | 'upgrade-required'
  /** 503: all terminals or event streams are taken. */
  | 'busy'
  /** 500: a bug in atmodem. */
  | 'bug';

export interface ControlError {
  code: ErrorCode;
  /** One sentence, for people. */
  message: string;
  found?: string;
  expected?: string;
  /** What to do about it. */
  hint?: string;
}

// The daemon.

export interface Health {
  status: 'ok';
}

/** The token of the daemon, typed or taken from the fragment of the page's address. */
export interface SessionRequest {
  token: string;
}

export interface DaemonState {
  version: string;
  startedAt: number;
  modems: number;
  /** `mqtt://127.0.0.1:1883`; null where no embedded broker runs. */
  broker: string | null;
  /** Is the embedded broker a cloud? */
  cloud: boolean;
  /** Can faults be injected? */
  faults: boolean;
}

/** What became of each modem, by name. */
export interface Reloaded {
  kept: readonly string[];
  /** Changed while it ran. */
  adapted: readonly string[];
  restarted: readonly string[];
  started: readonly string[];
  removed: readonly string[];
}

// Modems.

export interface ModemList {
  modems: ModemSummary[];
}

export type Power = 'on' | 'off';

/** What a list of a thousand shows of each. */
export interface ModemSummary {
  name: string;
  /** The dialect or profile that it speaks. */
  dialect: string;
  power: Power;
  /** Of the first channel: a device path or link, or `host:port`. */
  port: string;
  /** Does a host have the first channel open? */
  attached: boolean;
  bearer: 'cellular' | 'wifi';
  /** May a link be dialled? */
  online: boolean;
  /** Of the bearer: a registration word, or the state of the Wi-Fi station. */
  network: RegistrationWord | WifiStationState;
  /** dBm; null while nothing is heard. */
  dbm: number | null;
  /** MQTT clients that are connected to a broker. */
  mqtt: number;
  /** Sockets that are open. */
  links: number;
  /** Faults that are active. */
  faults: number;
  /** Lines of its dialogue since the daemon started: the `n` of the last one. */
  lines: number;
}

export interface ModemDetail extends ModemSummary {
  /** The dialect that a profile belongs to. */
  family: string;
  title?: string;
  /** `instant` or `real`. */
  timing: string;
  channels: ChannelDetail[];
  /** Where it has a cellular bearer. */
  cellular?: CellularDetail;
  /** Where it has a Wi-Fi bearer. */
  wifi?: WifiDetail;
  /** Why no link may be dialled, such as `not-registered`; absent while one may. */
  offline?: string;
  /** The address that its links go out from; absent while offline. */
  address?: string;
  identity: { imei: string; imsi: string; iccid: string; mac: string };
  clients: ClientDetail[];
  sockets: LinkDetail[];
  activeFaults: ActiveFault[];
}

export interface ChannelDetail {
  /** Its number for as long as it is there, from 0. */
  channel: number;
  /** A `terminal` is a channel of this API, gone with its WebSocket. */
  kind: 'port' | 'terminal';
  /** As the operator asked for it, such as `pty:/tmp/ttyAT0`. */
  spec: string;
  /** Where a host finds it. */
  path: string;
  attached: boolean;
  state: 'command' | 'executing' | 'data' | 'online';
  /** URCs that wait to be written, and how many were dropped. */
  urcsWaiting: number;
  urcsDropped: number;
  /** Bytes that the host has not taken yet, has taken, and did not get. */
  queued: number;
  delivered: number;
  dropped: number;
}

/** 0 none, 1 home, 2 searching, 3 denied, 4 unknown, 5 roaming [27.007 10.1.22]. */
export type RegistrationWord = 'none' | 'home' | 'searching' | 'denied' | 'unknown' | 'roaming';

export interface CellularDetail {
  sim: string;
  /** +CFUN: 0, 1 or 4. */
  functionality: number;
  registration: { cs: RegistrationWord; ps: RegistrationWord; eps: RegistrationWord };
  /** While it is registered. */
  cell?: { area: string; cell: string; act: number };
  operator?: string;
  signal: { rssi: number; ber: number };
  attachedToPacketService: boolean;
  contexts: { cid: number; type: string; apn: string; active: boolean; address?: string }[];
}

export type WifiStationState = 'idle' | 'joining' | 'joined' | 'addressed' | 'left';

export interface WifiDetail {
  /** 0 off, 1 station, 2 soft AP, 3 both. */
  mode: number;
  state: WifiStationState;
  ssid?: string;
  bssid?: string;
  /** Of the access point, dBm. */
  rssi?: number;
  ip?: string;
}

export interface ClientDetail {
  client: number;
  /** `up` is connected. */
  state: 'idle' | 'dialling' | 'linked' | 'connecting' | 'up' | 'closing' | 'lost';
  /** As the host named it, before routes. */
  host?: string;
  port?: number;
}

export interface LinkDetail {
  link: number;
  state: 'idle' | 'connecting' | 'connected' | 'closing' | 'closed';
  kind?: 'tcp' | 'udp' | 'tls';
  role: 'client' | 'server';
  host?: string;
  port?: number;
  /** Bytes since it was opened, and how many wait for the host to fetch them. */
  sent: number;
  received: number;
  waiting: number;
}

// What can be done to one.

/** One or several URCs, by the queue of a channel: where the dialect lets them stand. */
export interface UrcRequest {
  /** Lines, in the dialect's framing. UTF-8. */
  text?: string | string[];
  /** In place of `text`: bytes as they are, with the escapes `\r \n \t \\ \xHH`. */
  bytes?: string;
  /** Default: where the dialect sends the URCs that nobody caused. */
  channel?: number;
}

export interface Done {
  done: true;
}

/** Cellular: 0..31, 99 unknown; ber 0..7, 99 unknown. */
export interface SignalRequest {
  rssi: number;
  ber?: number;
}

export interface RegistrationRequest {
  state: RegistrationWord;
  /** Default: all three. */
  domain?: 'cs' | 'ps' | 'eps';
}

export interface PowerRequest {
  to: 'on' | 'off' | 'restart';
}

/** A message through the embedded broker, as another client would send it. */
export interface PublishRequest {
  topic: string;
  /** Text, sent as UTF-8; with `encoding`, base64 of its bytes. */
  payload: string;
  encoding?: 'utf8' | 'base64';
  qos?: 0 | 1 | 2;
  retain?: boolean;
}

export interface Published {
  topic: string;
  /** Bytes of the payload. */
  bytes: number;
  /** MQTT clients of the modem, or of all, that are connected: with 0 nobody there hears it. */
  connected: number;
}

// The dialogue.

export interface DialogueEntry {
  /** Counts the modem's lines from 1, since the daemon started. */
  n: number;
  at: number;
  channel: number;
  /** `fault`: one was injected, struck or is over. */
  from: 'host' | 'modem' | 'broker' | 'fault';
  /** With `broker`: towards it (`out`) or from it. */
  direction?: 'in' | 'out';
  /** With `modem`: nobody asked for it. */
  urc?: true;
  /** Secrets hidden, control bytes escaped as `\r`, `\x1A`, the backslash as `\\`; at most about 400 characters. */
  text: string;
}

export interface DialoguePage {
  modem: string;
  lines: DialogueEntry[];
  /** The oldest line that is still kept; 0 where there is none. */
  first: number;
  /** The newest line; 0 where there is none. */
  last: number;
  /** Lines after `after` that are no longer kept. */
  missed: number;
}

// Faults.

export interface FaultCatalogue {
  faults: FaultSpec[];
}

export interface FaultSpec {
  name: string;
  layer: 'line' | 'at' | 'module' | 'network';
  title: string;
  parameters: Record<string, ParameterSpec>;
}

export interface ParameterSpec {
  kind: 'number' | 'duration' | 'text' | 'word' | 'flag' | 'bytes';
  words?: readonly string[];
  /** As a request writes it: `2s`. */
  default?: unknown;
  required?: true;
  /** Bounds of a number, of a duration in ms, of the length of text and bytes; `also` may stand though it is out of them. */
  least?: number;
  most?: number;
  also?: number;
  /** A number need not be whole. */
  fraction?: true;
  title: string;
}

/** `{ fault: 'at.late', by: '2s', command: '+MPUB' }` */
export type FaultRequest = { fault: string } & Record<string, unknown>;

export interface ActiveFault {
  id: number;
  /** Its name. */
  fault: string;
  layer: FaultSpec['layer'];
  /** As it was asked for, for people: `at.late command=+MPUB by=2s`. */
  text: string;
  parameters: Record<string, unknown>;
  /** `armed`: it waits for its point. `on`: a state that it brought about lasts. `over`: it struck with its injection. */
  state: 'armed' | 'on' | 'over';
  /** How often it has struck. */
  struck: number;
}

export interface FaultList {
  /** With it the run can be repeated. */
  seed: number;
  faults: ActiveFault[];
}

export interface Lifted {
  lifted: number;
}

// The cloud.

export interface CloudDeviceList {
  devices: { platform: string; product: string; device: string; online: boolean }[];
}

export interface PropertyRequest {
  /** Only where two platforms have the same device. */
  platform?: string;
  product: string;
  device: string;
  params: Record<string, unknown>;
}

export interface PropertySent {
  id: string;
  topic: string;
}

// Live.

/** One WebSocket message: what happened since the last one, at most every 50 ms. */
export type EventBatch = LiveEvent[];

export type LiveEvent =
  /** First: all modems, or the one that was asked for. */
  | { event: 'modems'; modems: ModemSummary[] }
  /** What changed of a modem: its whole summary, once a batch. A new one comes so too. */
  | { event: 'modem'; modem: ModemSummary }
  /** It is no longer in the config, or is started anew: then it comes again as `modem`. A stream of its own ends. */
  | { event: 'removed'; modem: string }
  /** Lines of the dialogue, with `?modem=` only. */
  | { event: 'dialogue'; modem: string; lines: DialogueEntry[] }
  /** Without `?modem=`, twice a second: `lines` of those modems that spoke. */
  | { event: 'activity'; lines: Record<string, number> }
  | { event: 'power'; modem: string; at: number; state: Power }
  | { event: 'attached' | 'detached'; modem: string; at: number; channel: number }
  /** Control lines of the DTE, where the port carries them. */
  | { event: 'lines'; modem: string; at: number; channel: number; dtr: boolean; rts: boolean }
  | { event: 'port-lost'; modem: string; at: number; channel: number; reason: string }
  | { event: 'mqtt'; modem: string; at: number; client: number; state: string }
  | { event: 'fault'; modem: string; at: number; what: 'injected' | 'lifted' | 'struck'; id: number; fault: string }
  /** So many events were left out, because the client was slow. */
  | { event: 'missed'; count: number };

/** The first message of a terminal. */
export interface TerminalOpened {
  modem: string;
  channel: number;
}
