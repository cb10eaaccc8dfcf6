/**
 * One run of a dialogue, strictly: every byte that the modem writes must stand in it, in order, and every byte that
 * stands in it must come. Time is the transcript's (`~`); sockets and the broker are real and are waited for by events.
 */
import type { ByteString } from '../../src/base/bytes.js';
import type { ManualClock } from '../../src/base/clock.js';
import { formatItem, modemItemsFrom } from '../../src/transcripts/format.js';
import type { Play } from '../../src/transcripts/given.js';
import type { HostItem, Item, Message, ModemItem, Transcript } from '../../src/transcripts/transcript.js';
import { type FileContent, hostBytes, modemBytes } from '../../src/transcripts/wire.js';
import type { Corrections } from './corrections.js';
import { causeFault } from './faults.js';
import { type HostSide, hostAt } from './host-side.js';
import { turns } from './patience.js';
import { PeerSide } from './peer-side.js';
import { bytesOrNothing, type Difference, messageOrNothing, type PlayedItem, ReplayFailure } from './replay-report.js';
import { RetainedMessages } from './retained-messages.js';
import type { TestModem } from './test-modem.js';
import type { World } from './world.js';

export interface Stage {
  world: World;
  clock: ManualClock;
  content: FileContent;
  modem: TestModem;
  /** One for each channel. */
  hosts: readonly HostSide[];
  circumstances: string;
  corrections: Corrections | undefined;
  patience: number;
}

/** Long enough for any module to boot, register and join, in `timing: real`. */
const bootTime = 120_000;
const longestStep = 1000;
const mostSteps = 120;

export class Replay {
  readonly #played: PlayedItem[] = [];
  readonly #retained = new RetainedMessages();
  readonly #awaitedTopics = new Set<string>();
  readonly #peers: PeerSide;

  constructor(
    private readonly play: Play,
    private readonly stage: Stage,
  ) {
    this.#peers = new PeerSide(stage, difference => this.#fail(difference));
  }

  async run(): Promise<void> {
    await this.#switchOn();
    for (const part of this.play.parts) await this.#playPart(part);
    await this.stage.world.settle();
    this.#requireSilence(this.#played.length - 1);
    this.#peers.requireSilence();
    this.#requireNoMoreMessages();
    this.#requireRetained(await this.stage.world.observer.takeRetained());
  }

  /** The DTEs attach. Boot lines belong to the dialogue only where the header names a power policy. */
  async #switchOn(): Promise<void> {
    const { hosts, world } = this.stage;
    for (const host of hosts) host.attaches();
    if (this.play.header.power !== undefined) return;
    await world.settle();
    if (this.play.header.timing === 'real') await this.#pass(bootTime);
    for (const host of hosts) host.takeAll();
  }

  async #playPart({ file, items }: Transcript): Promise<void> {
    for (let index = 0; index < items.length; index++) {
      const item = items[index]!;
      this.#played.push({ file, item });
      if (item.kind !== 'modem') await this.#perform(item);
      else if (!(await this.#hostOf(item).expect(this.#bytesOf(item)))) {
        index = await this.#correct(file, items, index);
      }
    }
  }

  async #perform(item: Exclude<Item, ModemItem>): Promise<void> {
    switch (item.kind) {
      case 'comment':
        return;
      case 'host':
        await turns(6);
        this.#requireSilence(this.#played.length - 2);
        return this.#send(item);
      case 'delivery':
        return this.#awaitDelivery(item.message);
      case 'publish':
        await this.#settleInSilence();
        this.#retained.note(item.message);
        return this.stage.world.observer.publish(item.message);
      case 'pause':
        if (!item.isAnswering) await this.#settleInSilence();
        return this.#pass(item.milliseconds);
      case 'peer-receives':
        return this.#peers.receives(item);
      case 'peer-sees':
        return this.#peers.sees(item);
      case 'peer-sends':
        await this.#peers.reach(item);
        await this.#settleInSilence();
        await this.#peers.sends(item);
        return this.stage.world.settle();
      case 'fault':
        await this.#peers.reach(item);
        await this.#settleInSilence();
        await causeFault(item.fault, { ...this.stage, peers: this.#peers });
        return this.stage.world.settle();
    }
  }

  #send(item: HostItem): void {
    const end = this.play.header.end ?? this.stage.modem.lineEnd;
    this.#hostOf(item).send(hostBytes(item, end, this.stage.content, this.#peers.portOf));
  }

  #bytesOf(item: ModemItem): ByteString {
    return modemBytes(item, this.stage.content, this.#peers.portOf);
  }

  /** In steps, and with the broker's turn between them: an answer of a real peer must not come late by manual time. */
  async #pass(milliseconds: number): Promise<void> {
    const { clock, world } = this.stage;
    const step = Math.max(longestStep, Math.ceil(milliseconds / mostSteps));
    for (let left = milliseconds; left > 0; left -= step) {
      clock.advance(Math.min(step, left));
      // Twice: a PINGRESP crosses the proxy, which the first round trip may overtake.
      await world.settle();
      await world.settle();
    }
  }

  async #awaitDelivery(expected: Message): Promise<void> {
    this.#awaitedTopics.add(expected.topic);
    this.#retained.note(expected);
    const actual = await this.stage.world.observer.next(expected.topic, this.stage.patience);
    const isSame = actual?.payload === expected.payload && actual.qos === expected.qos;
    if (isSame) return;
    // Whether it is retained shows only to a new subscription, and is compared at the end.
    const [wanted, found] = [expected, actual].map(message =>
      messageOrNothing(message && { ...message, retain: false }),
    );
    this.#fail({ summary: 'the broker delivered something else', expected: wanted!, actual: found! });
  }

  async #settleInSilence(): Promise<void> {
    await this.stage.world.settle();
    this.#requireSilence(this.#played.length - 2);
    this.#peers.requireSilence();
  }

  /** Nothing may have come that no item expects. @param last the item played before, by its index */
  #requireSilence(last: number): void {
    const { hosts, corrections } = this.stage;
    const loud = hosts.find(host => host.pending !== '');
    if (loud === undefined) return;
    const before = this.#played[last];
    if (corrections && before) {
      corrections.add(before.file, { removed: [], after: before.item.line, added: this.#linesOfAll() });
    } else {
      const summary = 'the modem wrote what no line expects';
      this.#fail({ summary, expected: bytesOrNothing(''), actual: bytesOrNothing(loud.pending) });
    }
  }

  #requireNoMoreMessages(): void {
    for (const topic of this.#awaitedTopics) {
      const [message] = this.stage.world.observer.rest(topic);
      if (message === undefined) continue;
      const summary = 'the broker delivered more on this topic than the transcript says';
      this.#fail({ summary, expected: messageOrNothing(undefined), actual: messageOrNothing(message) });
    }
  }

  #requireRetained(actual: ReadonlyMap<string, string>): void {
    const difference = this.#retained.differenceFrom(actual);
    if (difference) this.#fail({ summary: 'the broker retains something else', ...difference });
  }

  /** Fails; or, where corrections are wanted, takes what came in the place of the run of `<` lines from here on. */
  async #correct(file: string, items: readonly Item[], index: number): Promise<number> {
    const { corrections, world } = this.stage;
    const item = items[index] as ModemItem;
    if (!corrections) {
      const expected = bytesOrNothing(this.#bytesOf(item));
      const actual = bytesOrNothing(this.#hostOf(item).pending);
      this.#fail({ summary: 'the modem answered otherwise', expected, actual });
    }
    await world.settle();
    const end = items.findIndex((next, at) => at > index && next.kind !== 'modem' && next.kind !== 'comment');
    const run = items.slice(index, end < 0 ? undefined : end);
    const removed = run.filter(({ kind }) => kind === 'modem').map(({ line }) => line);
    corrections.add(file, { removed, after: item.line, added: this.#linesOfAll() });
    return index + run.length - 1;
  }

  #linesOfAll(): string[] {
    return this.stage.hosts.flatMap((host, index) => modemItemsFrom(host.takeAll(), index + 1).map(formatItem));
  }

  #hostOf({ channel }: HostItem | ModemItem): HostSide {
    return hostAt(this.stage.hosts, channel);
  }

  #fail(difference: Difference): never {
    throw new ReplayFailure(this.#played, difference, this.stage.circumstances);
  }
}
