/** A dialect as the modem runs it: everything resolved, nothing left to look up but values. Made by load.ts. */

import type { Framing } from '../at/response-writer.js';
import type { LineStyle } from '../at/style.js';
import type { Shape } from './forms.js';
import type { Parameter } from './parameters.js';
import { finalStep, type SettingTarget, type Step } from './steps.js';
import type { Evaluate, Holds, Value } from './values.js';
import type { AddressKind, Keep } from './vocabulary.js';

export const statuses = ['full', 'reply-only', 'absent'] as const;
export type Status = (typeof statuses)[number];

/** How lines are framed and read: `style` of the grammar format. */
export interface Style extends LineStyle {
  framing: Framing;
  /** Bytes of a bare `prompt` step. */
  prompt: string;
  quotedNumbers: boolean;
  /** A line that comes while another runs: waits, is lost, or is lost and answered with the text. */
  busy: 'queue' | 'drop' | { text: string };
  /** Answered in place of `busy` while bytes are being sent on a link. */
  busySending: string | undefined;
  /** Is what `&W` stored in force from power-on, or only once `Z` recalls it? */
  profileAtPowerOn: 'recalled' | 'ignored';
  urcBetween: boolean;
  urcPort: 'issuer' | 'all' | 'first';
  /** Milliseconds between a final result and the URC that follows it; by timing: 0 in `instant`, 200 in `real`. */
  urcGap: number | 'by-timing';
}

/** A value that outlives its command, or a knob. */
export interface SettingDefinition {
  name: string;
  of: AddressKind | undefined;
  /** `config`: set by the operator alone. */
  keep: Keep | 'config';
  factory: Value;
  /** What it may hold; undefined for a group's `given` mark and for lists. */
  parameter: Parameter | undefined;
  /** `bytes`: of the texts of all its entries together. */
  list: { limit: number; bytes: number | undefined; fields: readonly string[] } | undefined;
  secret: boolean;
  title: string | undefined;
  ref: string | undefined;
  views: string | undefined;
  assumed: boolean | string;
}

export interface Need {
  holds: Holds;
  unless: Holds | undefined;
  refusal: string;
}

/** What one form of a command does. */
export interface Form {
  needs: readonly Need[];
  steps: readonly Step[];
}

export interface SetForm extends Form {
  text: string;
  shape: Shape;
  applies: Holds | undefined;
  parameters: ReadonlyMap<string, Parameter>;
  /** Parameter → the setting that keeps it. */
  keeps: ReadonlyMap<string, SettingTarget>;
  /** Marked `given` when the form stores something. */
  group: SettingTarget | undefined;
  /** The setting that keeps the rows of a repeated group. */
  rows: SettingTarget | undefined;
}

export interface CommandEntry {
  name: string;
  title: string | undefined;
  ref: string | undefined;
  status: Status;
  assumed: boolean | string;
  set: readonly SetForm[];
  read: Form | undefined;
  test: Form | undefined;
  execute: Form | undefined;
}

export interface EventRule {
  name: string;
  holds: Holds | undefined;
  steps: readonly Step[];
}

/** What a module does with bytes that come on its links; each asked for at the link's address. */
export interface SocketRules {
  /** `push`: an event for what comes; `wait`: it waits for socket.read. */
  receive: Evaluate;
  /** Bytes of one event at most. */
  segment: Evaluate;
  /** Bytes that wait at most: then the peer waits too. */
  window: Evaluate;
  /** Seconds of silence after which a caller of the module's own server is cut; 0: never. */
  idle: Evaluate;
  /** Which of the free links a caller of the module's own server becomes. */
  callers: 'lowest' | 'highest';
  /** True: the link is not free though it is closed. */
  taken: Evaluate;
}

/** What a module does with its serial line, each asked for at the channel. */
export interface SerialRules {
  /** Bits a second; 0: those of the first `AT`. */
  speed: Evaluate | undefined;
  /** What an online channel does when DTR drops: 0 nothing, 1 back to command state, 2 its link ends [V.250 6.2.9]. */
  dtr: Evaluate | undefined;
  /** DCD: 0 is always on, 1 while the channel is online [V.250 6.2.8]. */
  dcd: Evaluate | undefined;
  /** Milliseconds that RI is on with each URC; 0: never. */
  ring: Evaluate | undefined;
}

export interface Dialect {
  name: string;
  title: string | undefined;
  /** The dialect's own name, where `name` is a profile of it. */
  family: string;
  /** What carries its links. */
  bearer: 'cellular' | 'wifi';
  style: Style;
  settings: ReadonlyMap<string, SettingDefinition>;
  commands: ReadonlyMap<string, CommandEntry>;
  events: ReadonlyMap<string, readonly EventRule[]>;
  boot: readonly Step[];
  /** Refusal word → what is written; resolved through its fallbacks by `refusalSteps`. */
  errors: ReadonlyMap<string, readonly Step[]>;
  tls: ReadonlyMap<string, Evaluate>;
  /** Where URCs go now, where the host may choose: `issuer`, `all`, `first`, `none`, or the number of a port from 1. */
  urcPort: Evaluate | undefined;
  mailbox: { slots: number; full: 'drop-oldest' | 'drop-newest'; of: 'client' | undefined } | undefined;
  sockets: SocketRules;
  serial: SerialRules;
  /** How many there are of each address kind, from the ranges of parameters with `is`. */
  addresses: ReadonlyMap<AddressKind, { from: number; to: number }>;
}

const argumentFaults = ['bad-count', 'bad-type', 'bad-range', 'bad-length', 'bad-codec', 'bad-utf8', 'bad-name'];

/** Refusals of the core: of whole lines, of arguments, of acts. */
export const coreRefusals: readonly string[] = [
  'unknown-command',
  'unknown-form',
  'line-too-long',
  'bad-line',
  'not-a-command',
  'bad-arguments',
  ...argumentFaults,
  'failed',
];

/** The words under which `errors` may say what a refusal prints, nearest first. */
export const refusalChain = (word: string): readonly string[] => [
  word,
  ...(argumentFaults.includes(word) ? ['bad-arguments'] : []),
  ...(word === 'unknown-form' ? ['unknown-command'] : []),
  'failed',
];

/** What a refusal prints: its own entry, else that of the word it falls back to. */
export function refusalSteps(dialect: Pick<Dialect, 'errors'>, word: string): readonly Step[] {
  for (const candidate of refusalChain(word)) {
    const steps = dialect.errors.get(candidate);
    if (steps) return steps;
  }
  return plainError;
}

const plainError: readonly Step[] = [finalStep('ERROR', true)];
