/**
 * Plays the module of a transcript to a host: waits for each line that stands there, and answers with what follows. It owns
 * the place in the dialogue; a host that says something else is told of, with the line.
 */
import type { ByteString } from '../base/bytes.js';
import type { Clock, Timer } from '../base/clock.js';
import type { HostItem, Item, ModemItem } from '../transcripts/transcript.js';
import { type FileContent, hostBytes, modemBytes } from '../transcripts/wire.js';
import { SecretsHeard } from './secrets-heard.js';

export interface Deviation {
  /** What stands there. */
  item: HostItem;
  expected: ByteString;
  found: ByteString;
  /** Where the dialogue goes on; undefined where it stays, or ends. */
  goesOnAt: HostItem | undefined;
}

export type PartEnd = 'played' | 'deviated';

export interface ModulePartParts {
  items: readonly Item[];
  /** What ends a `>` line. Where that is not strict, an LF behind it does not matter. */
  end: { bytes: ByteString; isStrict: boolean };
  content: FileContent;
  /** Where the transcript has masks, the host may say its secrets. */
  isMasked: boolean;
  clock: Clock;
  /** `none`: everything is said at once. */
  timing: 'recorded' | 'none';
  /** Goes on after what differs, at the next line that is the host's. */
  isLenient: boolean;
  write: (bytes: ByteString) => void;
  /** Must the host read first? Then `drained` is to be called. */
  isFull: () => boolean;
  deviated: (deviation: Deviation) => void;
  ended: (how: PartEnd) => void;
}

/** Ms that the rest of a line may take which differs already. */
const restOfLine = 200;
/** Bytes of the host's that are kept. */
const mostPending = 64 * 1024;

/** What became of an item: it is done, something must come first, or the place is another now. */
type Step = 'done' | 'waits' | 'moved';

export class ModulePart {
  readonly #parts: ModulePartParts;
  /** Those of the first port that are somebody's turn. */
  readonly #items: readonly Item[];
  readonly #secrets: SecretsHeard;
  #place = 0;
  #pending: ByteString = '';
  /** Ms that passed in the transcript before what comes next. */
  #pause = 0;
  /** Runs until it is the module's turn. */
  #turn: Timer | undefined;
  /** Runs while the rest of a wrong line may come. */
  #rest: Timer | undefined;
  #state: 'new' | 'playing' | 'stopped' | 'over' = 'new';
  #hasDeviated = false;

  constructor(parts: ModulePartParts) {
    this.#parts = parts;
    this.#secrets = new SecretsHeard(parts.isMasked);
    this.#items = parts.items.filter(
      item => item.kind === 'pause' || ((item.kind === 'host' || item.kind === 'modem') && item.channel === 1),
    );
  }

  /** What comes next; undefined at the end. */
  get next(): Item | undefined {
    return this.#items[this.#place];
  }

  /** A host is there. */
  attached(): void {
    if (this.#state === 'over') return;
    this.#state = 'playing';
    this.#goOn();
  }

  /** It is waited for; what it left half-said is forgotten. */
  detached(): void {
    if (this.#state !== 'playing') return;
    this.#state = 'stopped';
    this.#stopTimers();
    this.#pending = '';
  }

  /** The host has read all that was said. */
  drained(): void {
    if (this.#turn === undefined) this.#goOn();
  }

  host(bytes: ByteString): void {
    this.#pending = (this.#pending + bytes).slice(0, mostPending);
    if (this.#turn === undefined) this.#goOn();
  }

  #goOn(): void {
    this.#stopTimers();
    while (this.#state === 'playing') {
      const item = this.#items[this.#place];
      if (item === undefined) return this.#end(this.#hasDeviated ? 'deviated' : 'played');
      const step = this.#play(item);
      if (step === 'waits') return;
      if (step === 'done') this.#place += 1;
    }
  }

  #play(item: Item): Step {
    switch (item.kind) {
      case 'pause':
        this.#pause += item.milliseconds;
        return 'done';
      case 'modem':
        return this.#speak(item);
      case 'host':
        // How long a host thinks is its own affair.
        this.#pause = 0;
        return this.#hear(item);
      default:
        return 'done';
    }
  }

  #speak(item: ModemItem): Step {
    if (this.#parts.isFull()) return 'waits';
    const pause = this.#parts.timing === 'none' ? 0 : this.#pause;
    this.#pause = 0;
    if (pause > 0) {
      this.#turn = this.#parts.clock.after(pause, () => this.#goOn());
      return 'waits';
    }
    this.#parts.write(this.#secrets.restore(modemBytes(item, this.#parts.content)));
    return 'done';
  }

  #hear(item: HostItem): Step {
    const expected = this.#bytesOf(item);
    this.#dropLooseLineFeed(expected);
    const matched = this.#secrets.match(expected, this.#pending);
    if (matched === 'more') return 'waits';
    if (matched !== undefined) {
      this.#pending = this.#pending.slice(matched);
      return 'done';
    }
    const found = /^[^\r\n]*(?:\r\n?|\n)/.exec(this.#pending)?.[0];
    if (found !== undefined) return this.#deviate(item, expected, found);
    this.#rest = this.#parts.clock.after(restOfLine, () => {
      if (this.#deviate(item, expected, this.#pending) === 'moved') this.#goOn();
    });
    return 'waits';
  }

  #deviate(item: HostItem, expected: ByteString, found: ByteString): Step {
    this.#hasDeviated = true;
    const { isLenient, deviated } = this.#parts;
    const next = isLenient ? this.#placeOf(found) : undefined;
    deviated({ item, expected, found, goesOnAt: next === undefined ? undefined : (this.#items[next] as HostItem) });
    if (!isLenient) {
      this.#end('deviated');
      return 'waits';
    }
    if (next === undefined) this.#pending = this.#pending.slice(found.length);
    else this.#place = next;
    return 'moved';
  }

  /** The next place where the host says just this. */
  #placeOf(found: ByteString): number | undefined {
    const place = this.#items.findIndex(
      (item, i) =>
        i > this.#place && item.kind === 'host' && this.#secrets.match(this.#bytesOf(item), found) === found.length,
    );
    return place < 0 ? undefined : place;
  }

  #dropLooseLineFeed(expected: ByteString): void {
    const isLoose = !this.#parts.end.isStrict && this.#pending.startsWith('\n') && !expected.startsWith('\n');
    if (isLoose) this.#pending = this.#pending.slice(1);
  }

  #bytesOf(item: HostItem): ByteString {
    return hostBytes(item, this.#parts.end.bytes, this.#parts.content);
  }

  #stopTimers(): void {
    this.#turn?.cancel();
    this.#rest?.cancel();
    this.#turn = undefined;
    this.#rest = undefined;
  }

  #end(how: PartEnd): void {
    this.#state = 'over';
    this.#stopTimers();
    this.#parts.ended(how);
  }
}
