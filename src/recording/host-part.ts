/**
 * Plays the host of a transcript at a modem, and compares what that answers with what stands there. It owns the pace: a line
 * is sent when the answer to the one before has come, or will not come any more.
 */
import type { ByteString } from '../base/bytes.js';
import type { Clock, Timer } from '../base/clock.js';
import { escapesFromBytes } from '../transcripts/escapes.js';
import { formatItem } from '../transcripts/format.js';
import type { FaultItem, HostItem, Item, Message, PublishItem } from '../transcripts/transcript.js';
import { type FileContent, hostBytes } from '../transcripts/wire.js';
import type { DifferenceReport } from './difference-report.js';
import { differencesOf, isWhole, messageDifferences } from './differences.js';
import { type Exchange, exchangesOf } from './exchanges.js';
import type { Heard } from './heard.js';
import { withoutEnd } from './host-talk.js';

/** The modem, as its host has it. */
export interface Target {
  readonly heard: Heard;
  write(bytes: ByteString): void;
  /** What happens around it. @returns false where it cannot happen there */
  cause(item: PublishItem | FaultItem): Promise<boolean>;
  /** What it has published, where there is a broker to know. */
  delivered?(): readonly Message[];
}

export interface HostPartParts {
  items: readonly Item[];
  /** What ends a `>` line. */
  end: ByteString;
  content: FileContent;
  target: Target;
  report: DifferenceReport;
  clock: Clock;
  /** `none`: pauses before what the host does are left out. */
  timing: 'recorded' | 'none';
  /** `file:line` */
  placeOf: (item: Item) => string;
  /** What cannot be played there. */
  notPlayed: (item: Item) => void;
}

/** Of the event loop: what an emulated modem does right after an answer, it does before the next line. */
const turnsBetween = 6;
/** Ms without a byte after which an answer has come that differs from what stands there in its values alone. */
const settling = 200;
/** The same, for one that lacks a line. */
const patience = 3000;

export class HostPart {
  readonly #parts: HostPartParts;
  /** What is awaited now. */
  #current: Exchange | undefined;

  constructor(parts: HostPartParts) {
    this.#parts = parts;
  }

  async play(): Promise<void> {
    const { items, content, timing } = this.#parts;
    for (const exchange of exchangesOf(items, content)) {
      if (timing === 'recorded' && exchange.pause > 0) await this.#passes(exchange.pause);
      this.#compare();
      this.#current = exchange;
      await this.#perform(exchange);
      await this.#answered(exchange);
      for (let turn = 0; turn < turnsBetween; turn++) await this.#turn();
    }
    await this.#passes(settling);
    this.#compare();
    this.#compareMessages();
  }

  async #perform({ cause }: Exchange): Promise<void> {
    const { target, notPlayed } = this.#parts;
    if (cause?.kind === 'host') target.write(this.#bytesOf(cause));
    else if (cause && !(await target.cause(cause))) notPlayed(cause);
  }

  #answered({ answer, answerTime }: Exchange): Promise<void> {
    const { target, clock } = this.#parts;
    const { heard } = target;
    if (heard.pending === answer) return Promise.resolve();
    return new Promise(resolve => {
      let timer: Timer | undefined;
      const look = () => {
        timer?.cancel();
        if (heard.pending === answer) end();
        else timer = clock.after(isWhole(answer, heard.pending) ? settling : patience + answerTime, end);
      };
      const stop = heard.arrived.on(look);
      const end = () => {
        stop();
        timer?.cancel();
        resolve();
      };
      look();
    });
  }

  #compare(): void {
    const exchange = this.#current;
    if (!exchange) return;
    const actual = this.#parts.target.heard.take();
    if (exchange.answer === '' && actual === '' && exchange.cause?.kind !== 'host') return;
    this.#parts.report.answered(this.#called(exchange), differencesOf(exchange.answer, actual));
  }

  /** On the topics that the transcript names. */
  #compareMessages(): void {
    const { items, target, report, notPlayed } = this.#parts;
    const deliveries = items.filter(item => item.kind === 'delivery');
    if (deliveries.length === 0) return;
    const delivered = target.delivered?.();
    if (delivered === undefined) return deliveries.forEach(notPlayed);
    const expected = deliveries.map(({ message }) => message);
    const topics = new Set(expected.map(({ topic }) => topic));
    const actual = delivered.filter(({ topic }) => topics.has(topic));
    report.answered('what reached the broker', messageDifferences(expected, actual));
  }

  /** With its place, so that it can be found. */
  #called({ cause }: Exchange): string {
    if (cause === undefined) return 'at the start';
    const text = cause.kind === 'host' ? escapesFromBytes(withoutEnd(this.#bytesOf(cause))) : formatItem(cause);
    return `${this.#parts.placeOf(cause)}: ${text}`;
  }

  #bytesOf(item: HostItem): ByteString {
    return hostBytes(item, this.#parts.end, this.#parts.content);
  }

  #turn(): Promise<void> {
    return new Promise(resolve => this.#parts.clock.soon(resolve));
  }

  #passes(milliseconds: number): Promise<void> {
    return new Promise(resolve => void this.#parts.clock.after(milliseconds, resolve));
  }
}
