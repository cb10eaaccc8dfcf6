/**
 * What an IoT platform is to a device, one implementation each: who may sign in, which topics are whose, what is
 * answered. All of it is pure: no I/O, no clock.
 */
import type { Credentials } from './credentials.js';
import type { TopicRules } from './topics.js';

/** How the client came. */
export type Transport = 'tcp' | 'tls' | 'ws' | 'wss';

export interface SignIn extends Credentials {
  /** Seconds; 0: none. */
  keepalive: number;
  transport: Transport;
}

export interface CloudDevice {
  platform: string;
  /** Product key or product id. */
  product: string;
  device: string;
}

/** Two connections with the same are one device, whatever their client ids. */
export const keyOf = ({ platform, product, device }: CloudDevice): string => `${platform} ${product}/${device}`;

export interface Refusal {
  /** Return code of the CONNACK. [MQTT 3.1.1, table 3.1] */
  code: 2 | 3 | 4 | 5;
  /** What is wrong, as one word for programs. */
  fault: string;
  /** The same as a sentence for people: what is wrong first, and what would be right. */
  explanation: string;
  /** Where a signature was checked: never a device's secret. */
  signature?: SignatureCheck;
}

export interface SignatureCheck {
  method: string;
  /** The content that this sign-in should have signed. */
  signed: string;
  expected: string;
  given: string;
}

export type SignInAnswer = { device: CloudDevice; remark?: string } | { refusal: Refusal };

export interface CloudMessage {
  topic: string;
  payload: string;
}

export interface Platform {
  /** As a device list calls it. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  readonly devices: readonly CloudDevice[];
  readonly topics: TopicRules;
  /** What happens to a message on a topic that its device may not publish to; `cut-off`: to its device. */
  readonly offTopic: 'dropped' | 'cut-off';
  /** Does it keep retained messages and wills? */
  readonly retains: boolean;
  /** Does this sign-in mean this platform, be it right or wrong? */
  isMeantBy(credentials: Credentials): boolean;
  /** @param now milliseconds since 1970 */
  signIn(signIn: SignIn, now: number): SignInAnswer;
  /** What a client sent, for a log: bounded, and without any device's secret. */
  shown(text: string): string;
  /** What the platform answers to a message of this device, if anything. */
  answer(device: CloudDevice, topic: string, payload: Buffer): CloudMessage | undefined;
  /** What sets properties of a device. */
  propertySet(device: CloudDevice, id: string, params: Readonly<Record<string, unknown>>): CloudMessage;
}
