/** The steps of an exchange, as the loader compiles them and src/grammar/exchange.ts performs them. Plain values. */
import type { Evaluate, Holds, Render } from './values.js';
import type { AddressKind } from './vocabulary.js';

export type Action =
  | { kind: 'info'; lines: readonly Render[] }
  | { kind: 'final'; text: Render; failed: boolean }
  | { kind: 'cme'; code: number; text: string }
  | { kind: 'urc'; text: Render }
  | { kind: 'raw'; bytes: readonly Render[] }
  | { kind: 'error'; word: string }
  | { kind: 'prompt'; bytes: Render | undefined }
  | { kind: 'data'; data: DataStep }
  | { kind: 'online'; online: OnlineStep }
  | { kind: 'do'; operation: OperationStep }
  | { kind: 'set'; values: readonly { setting: SettingTarget; value: Evaluate }[] }
  | { kind: 'add'; setting: SettingTarget; row: ReadonlyMap<string, Evaluate>; full: readonly Step[] }
  | { kind: 'clear'; settings: readonly SettingTarget[] }
  | { kind: 'after'; ms: number }
  /** `together`: what is `raw` in them is one write. */
  | { kind: 'steps'; steps: readonly Step[]; together: boolean };

export interface Step {
  action: Action;
  holds: Holds | undefined;
  each: Each | undefined;
}

/** What a step repeats for. */
export type Each =
  | { kind: 'facts'; name: string }
  | { kind: 'list'; value: Evaluate; scalar: string | undefined }
  | { kind: 'pieces'; value: Evaluate; by: Evaluate; less: Evaluate | undefined }
  /** For no list: once, and about the client, context … that a value names. */
  | { kind: 'at'; address: ReadonlyMap<AddressKind, Evaluate> };

export interface SettingTarget {
  name: string;
  of: AddressKind | undefined;
}

/** Outcome word, or family, → what is written for it. */
export type Outcomes = ReadonlyMap<string, readonly Step[]>;

export interface DataStep {
  field: string;
  secret: boolean;
  /** Ends after so many bytes … */
  count: Evaluate | undefined;
  /** … or at this text, whose first character makes payload of it where it stands twice. */
  mark: string | undefined;
  /** … or at one of these bytes. */
  until: readonly number[];
  cancel: readonly number[];
  /** Makes payload of the byte after it. */
  quote: number | undefined;
  /** Alone between two silences of `guard` ms it cancels. */
  escape: { sequence: string; guard: number } | undefined;
  limit: number;
  /** Milliseconds between two bytes after which the data ends by itself. */
  idle: Evaluate | undefined;
  /** Milliseconds after which it times out. */
  within: Evaluate | undefined;
  /** Milliseconds without a byte after which it times out. */
  silence: Evaluate | undefined;
  /** Is it echoed, while echo is on? undefined: as the style says. */
  echo: Evaluate | undefined;
  /** What the typed bytes stand for: a codec. */
  decode: Evaluate | undefined;
  acknowledge: Acknowledgement | undefined;
  outcomes: Outcomes;
}

/** Online data state: the port and the link are one, until the host escapes or the link is lost. */
export interface OnlineStep {
  escape: string;
  /** Milliseconds of silence before the escape sequence. */
  guard: Evaluate;
  /** The same after it; undefined: as before it. */
  guardAfter: Evaluate | undefined;
  /** Milliseconds between two bytes of it at most. */
  gap: Evaluate | undefined;
  /** Milliseconds of silence after which what was typed is sent; undefined: at once. */
  packet: Evaluate | undefined;
  /** Bytes that are sent at the latest. */
  limit: Evaluate | undefined;
  /** Milliseconds between tries of a link that is won back in silence; undefined: its loss ends the state. */
  redial: Evaluate | undefined;
  outcomes: Outcomes;
}

/** While data comes: these bytes are sent after every so many. */
export interface Acknowledgement {
  every: number;
  bytes: string;
}

export interface OperationStep {
  name: string;
  with: ReadonlyMap<string, Evaluate>;
  /** Milliseconds. */
  within: Evaluate | undefined;
  outcomes: Outcomes;
  lenient: ReadonlySet<string>;
  ok: ReadonlySet<string>;
}

const unconditional = (action: Action): Step => ({ action, holds: undefined, each: undefined });

export const finalStep = (text: string, failed: boolean): Step =>
  unconditional({ kind: 'final', text: () => text, failed });

export const infoStep = (line: string): Step => unconditional({ kind: 'info', lines: [() => line] });

export const cmeStep = (code: number, text: string): Step => unconditional({ kind: 'cme', code, text });
