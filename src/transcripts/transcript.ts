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

/** Where a route may lead by name: the broker, straight or through TLS and WebSocket, and peers that only fail. */
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
  'refused',
  'silent',
] as const;
export type EndpointName = (typeof endpointNames)[number];

export type RouteTarget =
  | { kind: 'endpoint'; name: EndpointName }
  /** A peer that answers CONNECT with this return code and closes [MQTT-3.2.2-5]. */
  | { kind: 'refuse'; code: number }
  | { kind: 'address'; host: string; port: number };

export type Item = HostItem | ModemItem | PublishItem | DeliveryItem | PauseItem | FaultItem | CommentItem;

interface AtLine {
  /** In the file, from 1. 0 where an item was made and not read. */
  line: number;
}

interface OnChannel extends AtLine {
  /** From 1: the modem's ports in order. */
  channel: number;
}

/** Text as written in a line: bytes, and sizes of files that are known only when it is played. */
export type Piece = { bytes: ByteString } | { sizeOf: string };

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

export interface PauseItem extends AtLine {
  kind: 'pause';
  milliseconds: number;
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
  | { kind: 'pdp-lost'; cid?: number }
  | { kind: 'registration'; state: RegistrationState }
  | { kind: 'wifi'; does: 'lost' | 'back' }
  | { kind: 'dte'; does: 'attaches' | 'detaches'; channel: number }
  | { kind: 'power'; to: 'on' | 'off' }
  | { kind: 'sim'; state: 'absent' | 'ready' };

/** A modem has a few ports, not many. */
export const maximumChannels = 4;
