/**
 * Secrets of a dialogue, and what stands for them in a recording: as many `*` as a secret has bytes, since AT commands count
 * them, and a number at the end where another secret of that length was there before. The same secret has the same mask
 * everywhere, so that a masked dialogue still holds together. What is secret, a grammar says; in doubt it is.
 */
import { type Command, parseCommandLine } from '../at/command-line.js';
import { type ByteString, utf8FromBytes, utf8ToBytes } from '../base/bytes.js';
import type { Dialect } from '../grammar/dialect.js';
import { asksForSecret, type Place, secretArguments, unreadArguments } from '../grammar/secret-places.js';
import type { Message } from '../transcripts/transcript.js';
import type { Happening } from './recorder.js';

export interface MaskingRules {
  /** The module's own, which decides where it knows a command. */
  dialect: Dialect;
  /** Those that are asked about the commands that it does not know. */
  others?: readonly Dialect[];
  /** Secrets that are known from elsewhere. */
  known?: () => Iterable<ByteString>;
}

/** Shorter ones recur by chance: they are hidden where they stand, and nowhere else. */
const shortest = 3;
/** What is looked for. The oldest makes room. */
const mostKnown = 256;
const longestKnown = 64 * 1024;

export class Masks {
  readonly #rules: MaskingRules;
  /** Secrets, and lines that hold some: a modem echoes these. */
  readonly #masks = new Map<ByteString, ByteString>();
  /** The same, those that may hold others first. */
  #longestFirst: (readonly [ByteString, ByteString])[] = [];
  /** How many secrets of a length there are. */
  readonly #lengths = new Map<number, number>();
  /** Parts of a line that has not ended. */
  #unfinished: ByteString = '';
  #isSecretData = false;

  constructor(rules: MaskingRules) {
    this.#rules = rules;
  }

  /** A line of the host's, without its end. */
  line(text: ByteString): ByteString {
    const whole = this.#unfinished + text;
    const from = this.#unfinished.length;
    this.#unfinished = '';
    if (this.#isSecretData && !isCommand(whole)) return this.data(text);
    this.#isSecretData = isCommand(whole) && this.#asksForSecret(whole);
    const shown = this.hide(withMasks(whole, this.#placesIn(whole), place => this.#hidden(place)));
    if (from > 0) return this.#rest(whole, from);
    if (shown !== text) this.#learn(text, shown);
    return shown;
  }

  /** The beginning of a line whose end is still to come, and may show what it is. */
  part(bytes: ByteString): ByteString {
    const from = this.#unfinished.length;
    const whole = this.#unfinished + bytes;
    this.#unfinished = whole.slice(0, longestKnown);
    return this.#isSecretData ? this.data(bytes) : this.#rest(whole, from);
  }

  data(bytes: ByteString): ByteString {
    return this.#isSecretData ? this.maskOf(bytes) : this.hide(bytes);
  }

  /** All that is known to be secret, wherever it stands. */
  hide(text: ByteString): ByteString {
    for (const secret of this.#rules.known?.() ?? []) this.#learn(secret);
    let shown = text;
    for (const [secret, mask] of this.#longestFirst) shown = shown.replaceAll(secret, mask);
    return shown;
  }

  hideIn(item: Happening): Happening {
    return item.kind === 'fault' ? item : { ...item, message: this.#hideInMessage(item.message) };
  }

  /** From now on it is hidden wherever it stands. */
  maskOf(secret: ByteString): ByteString {
    return this.#learn(secret) ?? stars(secret);
  }

  #hideInMessage(message: Message): Message {
    const topic = this.hide(utf8ToBytes(message.topic));
    return { ...message, topic: utf8FromBytes(topic) ?? message.topic, payload: this.hide(message.payload) };
  }

  // Command lines.

  #asksForSecret(line: ByteString): boolean {
    const { commands } = parseCommandLine(line.slice(prefix), this.#rules.dialect.style);
    return commands.some(command => this.#knowing(command).some(dialect => asksForSecret(command, dialect)));
  }

  /** In the whole line. */
  #placesIn(line: ByteString): Place[] {
    if (!isCommand(line)) {
      // It may be one that lost a byte, or got one too many.
      const unread = commandInside.test(line) ? unreadArguments(line) : undefined;
      return unread ? [unread] : [];
    }
    const body = line.slice(prefix);
    const { commands, fault } = parseCommandLine(body, this.#rules.dialect.style);
    const unread = fault === undefined ? undefined : unreadArguments(body, commands.at(-1)?.end ?? 0);
    const places = [...commands.flatMap(command => this.#placesOf(command)), ...(unread ? [unread] : [])];
    return places.map(({ start, end, value }) => ({ start: start + prefix, end: end + prefix, value }));
  }

  #placesOf(command: Command): Place[] {
    return this.#knowing(command)
      .map(dialect => secretArguments(command, dialect))
      .reduce(widest, []);
  }

  /** Whoever knows the command says what is secret; where nobody does, the own dialect says that all of it is. */
  #knowing({ name }: Command): readonly Dialect[] {
    const { dialect, others = [] } = this.#rules;
    if (dialect.commands.has(name)) return [dialect];
    const knowing = others.filter(other => other.commands.has(name));
    return knowing.length > 0 ? knowing : [dialect];
  }

  /** Of one argument the quotes stay, of several the commas too. */
  #hidden({ text, value }: Hidden): ByteString {
    if (value === undefined) return text.replace(/[^,"]/g, '*');
    const inner = text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : undefined;
    if (value !== inner && value !== text) this.#learn(value);
    return inner === undefined ? this.maskOf(text) : `"${this.maskOf(inner)}"`;
  }

  /** What stands behind `from` in a line that something came between: its arguments are hidden if one may be secret. */
  #rest(whole: ByteString, from: number): ByteString {
    const isSecret = this.#placesIn(whole).length > 0;
    const start = isSecret ? Math.max(from, unreadArguments(whole)?.start ?? whole.length) : whole.length;
    const [text, secret] = [whole.slice(from), whole.slice(start)];
    const shown = this.hide(whole.slice(from, start)) + stars(secret);
    if (secret !== '') this.#learn(text, shown);
    return shown;
  }

  #learn(secret: ByteString, mask?: ByteString): ByteString | undefined {
    if (secret.length < shortest || secret.length > longestKnown) return undefined;
    const known = this.#masks.get(secret);
    if (known !== undefined) return known;
    const made = mask ?? this.#newMask(secret.length);
    this.#masks.set(secret, made);
    if (this.#masks.size > mostKnown) this.#masks.delete(this.#masks.keys().next().value!);
    this.#longestFirst = [...this.#masks].sort(([a], [b]) => b.length - a.length);
    return made;
  }

  #newMask(length: number): ByteString {
    const count = (this.#lengths.get(length) ?? 0) + 1;
    this.#lengths.set(length, count);
    return count === 1 ? '*'.repeat(length) : `${count}`.slice(-length).padStart(length, '*');
  }
}

interface Hidden {
  text: ByteString;
  value: ByteString | undefined;
}

/** With what `mask` makes of each place. */
function withMasks(text: ByteString, places: readonly Place[], mask: (hidden: Hidden) => ByteString): ByteString {
  let shown = '';
  let at = 0;
  for (const { start, end, value } of places) {
    shown += text.slice(at, start) + mask({ text: text.slice(start, end), value });
    at = end;
  }
  return shown + text.slice(at);
}

/** Of AT. */
const prefix = 2;

const stars = (text: ByteString): ByteString => '*'.repeat(text.length);

const isCommand = (line: ByteString): boolean => /^at/i.test(line);

/** Such as `T+CPIN=`. */
const commandInside = /[+&%^*$#][A-Z]{2}[^=]*=/i;

/** Dialects that differ about a command are all believed: what one of them hides is hidden. */
function widest(some: readonly Place[], more: readonly Place[]): Place[] {
  const wide = [...some, ...more].sort((a, b) => a.start - b.start || b.end - a.end);
  return wide.filter((place, i) => !wide.slice(0, i).some(other => other.end >= place.end));
}
