/**
 * Telnet as a byte machine [RFC 854, 855, 1143]: takes data, negotiations and subnegotiations out of a stream, wherever its
 * chunks end. No I/O. Data is eight bits wide from the first byte on and never translated, whatever BINARY says: a serial
 * line has no end of line.
 */

const SE = 0xf0;
const SB = 0xfa;
const WILL = 0xfb;
const WONT = 0xfc;
const DO = 0xfd;
const DONT = 0xfe;
const IAC = 0xff;

export const options = { binary: 0, echo: 1, suppressGoAhead: 3, comPort: 44 } as const;

/** Bytes of a subnegotiation; one that is longer is none that we know. */
const longestSubnegotiation = 256;

export interface TelnetEvents {
  data(bytes: Buffer): void;
  /** To the peer, as it is. */
  send(bytes: Buffer): void;
  subnegotiation(option: number, payload: Buffer): void;
  /** Either side began to use an option. */
  agreed(option: number): void;
}

export interface TelnetPolicy {
  /** What we are willing to do ourselves, and what we let the peer do. */
  us: readonly number[];
  peer: readonly number[];
}

type Side = 'us' | 'peer';
type Agreement = 'no' | 'asked' | 'yes';

/** What begins, ends and answers an option of each side. */
const words = {
  us: { asks: DO, ends: DONT, yes: WILL, no: WONT },
  peer: { asks: WILL, ends: WONT, yes: DO, no: DONT },
} as const;

export class Telnet {
  readonly #policy: TelnetPolicy;
  readonly #events: TelnetEvents;
  readonly #agreements = new Map<string, Agreement>();
  #state: 'data' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-command' = 'data';
  #command = 0;
  #payload: number[] = [];
  #isTooLong = false;

  constructor(policy: TelnetPolicy, events: TelnetEvents) {
    this.#policy = policy;
    this.#events = events;
  }

  feed(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#state === 'data') at = this.#passData(chunk, at);
      else this.#take(chunk[at++]!);
    }
  }

  /** Wants an option to be used by that side; the peer may refuse. */
  ask(side: Side, option: number): void {
    if (this.#agreement(side, option) !== 'no') return;
    this.#agreements.set(`${side} ${option}`, 'asked');
    this.#negotiate(words[side].yes, option);
  }

  #passData(chunk: Buffer, from: number): number {
    const end = chunk.indexOf(IAC, from);
    const data = chunk.subarray(from, end < 0 ? chunk.length : end);
    if (data.length > 0) this.#events.data(data);
    if (end < 0) return chunk.length;
    this.#state = 'command';
    return end + 1;
  }

  #take(byte: number): void {
    switch (this.#state) {
      case 'command':
        return this.#takeCommand(byte);
      case 'option':
        this.#state = 'data';
        return this.#answer(byte);
      case 'subnegotiation':
        if (byte === IAC) this.#state = 'subnegotiation-command';
        else this.#collect(byte);
        return;
      case 'subnegotiation-command':
        return this.#takeInSubnegotiation(byte);
    }
  }

  #takeCommand(byte: number): void {
    this.#state = 'data';
    switch (byte) {
      case IAC:
        return this.#events.data(Buffer.of(IAC));
      case WILL:
      case WONT:
      case DO:
      case DONT:
        this.#command = byte;
        this.#state = 'option';
        return;
      case SB:
        this.#payload = [];
        this.#isTooLong = false;
        this.#state = 'subnegotiation';
    }
    // Break, go ahead and the like mean nothing here.
  }

  #takeInSubnegotiation(byte: number): void {
    this.#state = 'subnegotiation';
    if (byte === IAC) return this.#collect(byte);
    this.#state = 'data';
    if (byte !== SE) return this.#takeCommand(byte);
    const [option, ...payload] = this.#payload;
    if (option !== undefined && !this.#isTooLong) this.#events.subnegotiation(option, Buffer.from(payload));
  }

  #collect(byte: number): void {
    if (this.#payload.length < longestSubnegotiation) this.#payload.push(byte);
    else this.#isTooLong = true;
  }

  #agreement(side: Side, option: number): Agreement {
    return this.#agreements.get(`${side} ${option}`) ?? 'no';
  }

  /** Only what changes something is answered: two that answer answers would never end [RFC 1143]. */
  #answer(option: number): void {
    const side: Side = this.#command === DO || this.#command === DONT ? 'us' : 'peer';
    const { asks, yes, no } = words[side];
    const before = this.#agreement(side, option);
    if (this.#command === asks && !this.#policy[side].includes(option)) return this.#negotiate(no, option);
    const now: Agreement = this.#command === asks ? 'yes' : 'no';
    if (now === before) return;
    this.#agreements.set(`${side} ${option}`, now);
    if (before !== 'asked') this.#negotiate(now === 'yes' ? yes : no, option);
    if (now === 'yes') this.#events.agreed(option);
  }

  #negotiate(command: number, option: number): void {
    this.#events.send(Buffer.of(IAC, command, option));
  }
}

/** Data as it stands in the stream. */
export function escaped(data: Buffer): Buffer {
  if (!data.includes(IAC)) return data;
  return Buffer.from([...data].flatMap(byte => (byte === IAC ? [IAC, IAC] : [byte])));
}

export const subnegotiation = (option: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.of(IAC, SB, option), escaped(payload), Buffer.of(IAC, SE)]);
