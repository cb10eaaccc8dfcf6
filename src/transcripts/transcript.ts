/**
 * What a transcript is, once read: a header that says which modem stands in which world, and the dialogue, item by item.
 * Types only. The written form is in docs/transcript-format.md.
 */
import type { ByteString } from '../base/bytes.js';

export interface Transcript {
  /** As it was named when read; places and messages point at it. */
  file: string;
  header: TranscriptHeader;
  items: readonly Item[];
}

/** Only what the file says: a missing key is absent here, and may come from the transcript under `given`. */
export interface TranscriptHeader {
  dialect?: string;
  /** Of the modem: its identity follows from it. */
  name?: string;
  /** What the modem's clock says when the dialogue begins, in ms since 1970. */
  date?: number;
  /** Another transcript by name, played first. */
  given?: string;
  settings: readonly Setting[];
  routes: readonly Route[];
  files: readonly PreloadedFile[];
  accessPoints: readonly AccessPoint[];
  sim?: SimState;
  power?: PowerPolicy;
  echo?: 'on' | 'off';
  /** What ends a host line. */
  end?: ByteString;
  timing?: 'instant' | 'real';
  /** Runs of `*` stand for secrets. */
  secrets?: 'masked';
  /** The only brokers on which it can hold; absent means on all. */
  brokers?: readonly BrokerName[];
}

export interface Setting {
  name: string;
  value: string;
}

export interface PreloadedFile {
  /** In the modem's store. */
  name: string;
  /** Relative to the repository. */
  path: string;
}

export interface AccessPoint {
  ssid: string;
  password?: string;
}

export const simStates = ['ready', 'pin', 'absent'] as const;
export type SimState = (typeof simStates)[number];

export const powerPolicies = ['attach', 'start', 'every-open', 'manual'] as const;
export type PowerPolicy = (typeof powerPolicies)[number];

export const brokerNames = ['aedes', 'mosquitto'] as const;
export type BrokerName = (typeof brokerNames)[number];

/** `pattern` is `HOST[:PORT]` or `*`, as `--route` has it. */
export interface Route {
  pattern: string;
  target: RouteTarget;
}

/**
 * Where a route may lead by name: the broker, straight or through TLS and WebSocket; peers that the dialogue scripts; and
 * what only fails.
 */
export const endpointNames = [
  'broker',
  'tls',
  'tls-alpn',
  'tls-mutual',
  'tls-expired',
  'tls-wrong-host',
  'ws',
  'wss',
  'wss-mutual',
  'peer',
  'peer-tls',
  'peer-tls-mutual',
  'peer-tls-expired',
  'peer-tls-wrong-host',
  'peer-udp',
  'refused',
  'silent',
  'reset',
] as const;
export type EndpointName = (typeof endpointNames)[number];

export type RouteTarget =
  | { kind: 'endpoint'; name: EndpointName }
  /** A peer that answers CONNECT with this return code and closes [MQTT-3.2.2-5]. */
  | { kind: 'refuse'; code: number }
  | { kind: 'address'; host: string; port: number };

export type Item = HostItem | ModemItem | PublishItem | DeliveryItem | PeerItem | PauseItem | FaultItem | CommentItem;

export type PeerItem = PeerSendsItem | PeerReceivesItem | PeerSeesItem;

interface AtLine {
  /** In the file, from 1. 0 where an item was made and not read. */
  line: number;
}

interface OnChannel extends AtLine {
  /** From 1: the modem's ports in order. */
  channel: number;
}

/** Text as written in a line: bytes, and what is known only when it is played, sizes of files and ports of peers' links. */
export type Piece = { bytes: ByteString } | { sizeOf: string } | { portOf: number };

/** Bytes with escapes, or the whole content of a file: nothing is added to either. */
export type Verbatim = { layout: 'exact'; bytes: ByteString } | { layout: 'file'; file: string };

export interface HostItem extends OnChannel {
  kind: 'host';
  /** `line`: the text and the line end. */
  sends: { layout: 'line'; pieces: readonly Piece[] } | Verbatim;
}

export interface ModemItem extends OnChannel {
  kind: 'modem';
  /** `framed`: CR LF, the text, CR LF. `line`: the text, CR LF. [V.250 5.7.1] */
  sends: { layout: 'framed' | 'line'; pieces: readonly Piece[] } | Verbatim;
}

export interface Message {
  topic: string;
  payload: ByteString;
  qos: 0 | 1 | 2;
  retain: boolean;
}

/** Another client publishes. */
export interface PublishItem extends AtLine {
  kind: 'publish';
  message: Message;
}

/** The broker has delivered this to another subscriber. */
export interface DeliveryItem extends AtLine {
  kind: 'delivery';
  message: Message;
}

interface OnLink extends AtLine {
  /** Of all links to peers, from 1 in the order in which they came. Absent: the newest one. */
  link?: number;
}

/** A peer sends. Over UDP this is one datagram. */
export interface PeerSendsItem extends OnLink {
  kind: 'peer-sends';
  sends: Verbatim;
}

/** A peer has received exactly this next. Over UDP this was one datagram. */
export interface PeerReceivesItem extends OnLink {
  kind: 'peer-receives';
  receives: Verbatim;
}

export const linkEvents = ['opens', 'closes', 'resets'] as const;
export type LinkEvent = (typeof linkEvents)[number];

/** What a peer sees the modem do with a link: it has come, has ended with FIN, has ended with RST. */
export interface PeerSeesItem extends OnLink {
  kind: 'peer-sees';
  event: LinkEvent;
}

export interface PauseItem extends AtLine {
  kind: 'pause';
  milliseconds: number;
  /** The modem takes so long for what it says next, and may say it sooner. */
  isAnswering?: true;
}

export interface FaultItem extends AtLine {
  kind: 'fault';
  fault: Fault;
}

export interface CommentItem extends AtLine {
  kind: 'comment';
  text: string;
}

export const registrationStates = ['home', 'searching', 'denied', 'roaming', 'none'] as const;
export type RegistrationState = (typeof registrationStates)[number];

export type Fault =
  | { kind: 'broker'; does: 'closes' | 'resets' | 'silent' | 'back' }
  | PeerFault
  | { kind: 'pdp-lost'; cid?: number }
  | { kind: 'registration'; state: RegistrationState }
  | { kind: 'wifi'; does: 'lost' | 'back' }
  | { kind: 'dte'; does: 'attaches' | 'detaches'; channel: number }
  | { kind: 'power'; to: 'on' | 'off' }
  | { kind: 'sim'; state: 'absent' | 'ready' }
  /** A fault by its name and parameters, as docs/faults.md has them: `at.late by=2s`. */
  | { kind: 'injected'; request: string }
  /** It is lifted; without a name, every fault is. */
  | { kind: 'lifted'; name?: string };

/** What a peer does of its own accord. `link` as in the items of a peer. */
export type PeerFault =
  | { kind: 'peer'; does: PeerAct; link?: number }
  /** So many bytes at once, the values 0 to 255 over and over. */
  | { kind: 'peer-floods'; size: number; link?: number }
  /** A caller dials the server that the modem has on this AT port, and is the newest link then. */
  | { kind: 'peer-connects'; port: number };

/** FIN; RST; reads no more; reads again; over UDP, sends from another port from now on. */
export const peerActs = ['closes', 'resets', 'stalls', 'reads', 'moves'] as const;
export type PeerAct = (typeof peerActs)[number];

/** A modem has a few ports, not many. */
export const maximumChannels = 4;
/** A link's number is one digit in front of an item. */
export const maximumLinks = 9;
/** Bytes of one flood: more than any buffer between a peer and a modem holds. */
export const maximumFlood = 64 * 1024 * 1024;
