/**
 * The SIM: whether there is one, whether it is locked, and what a PIN or a PUK does to it.
 * State lasts on the card (tries, locks) and in the terminal (read or not); `state` is made of both.
 * The words of +CPIN are the grammar's. [27.007 8.3 +CPIN; 3GPP 31.101 9.5 PIN management]
 */
import { Signal } from '../base/signal.js';
import type { Pace } from './pace.js';

/** `busy`: being read; `failed`: broken, blocked for good, or without power (27.007 has one code for these). */
export type SimState = 'ready' | 'pin' | 'puk' | 'absent' | 'busy' | 'failed';

/** `malformed` takes no try: such a code never reaches a card. */
export type PinOutcome = 'done' | 'wrong' | 'blocked' | 'not-needed' | 'absent' | 'malformed';

export interface SimCard {
  /** With a PIN the card is locked after each power-on. */
  pin?: string;
  /** Default `12345678`. */
  puk?: string;
}

const pinLimit = 3;
const pukLimit = 10;
const readingTime = 500;

/** What the card itself keeps, powered or not. */
interface Card {
  pin: string | undefined;
  puk: string;
  pinTries: number;
  pukTries: number;
  verified: boolean;
}

export class Sim {
  readonly changed = new Signal<SimState>();
  /** After everybody has heard of a change: for what follows from it, so that no effect is told before its cause. */
  readonly told = new Signal<void>();
  readonly #pace: Pace;
  #card: Card | 'none' | 'broken';
  #terminal: 'off' | 'reading' | 'on' = 'off';
  #last: SimState = 'failed';
  #reading: { cancel(): void } | undefined;

  constructor(pace: Pace, card: SimCard | 'none' = {}) {
    this.#pace = pace;
    this.#card = card === 'none' ? card : newCard(card);
  }

  get state(): SimState {
    if (this.#terminal === 'off') return 'failed';
    if (this.#terminal === 'reading') return 'busy';
    return cardState(this.#card);
  }

  /** PIN entries left before the PUK is asked for. */
  get pinTries(): number {
    return typeof this.#card === 'string' ? 0 : this.#card.pinTries;
  }

  get pukTries(): number {
    return typeof this.#card === 'string' ? 0 : this.#card.pukTries;
  }

  /** The terminal gives the card power and reads it; a lock is back on. */
  powerOn(): void {
    if (this.#terminal !== 'off') return;
    if (typeof this.#card !== 'string') this.#card.verified = false;
    this.#terminal = 'reading';
    this.#announce();
    this.#reading = this.#pace.later(readingTime, () => {
      this.#terminal = 'on';
      this.#announce();
    });
  }

  /** Takes the power away, as minimum functionality does. */
  powerOff(): void {
    const was = this.state;
    this.reset();
    if (was !== 'failed') this.#tell('failed');
  }

  /** The same without a word: the whole module is off. */
  reset(): void {
    this.#reading?.cancel();
    this.#terminal = 'off';
    this.#last = 'failed';
  }

  enterPin(pin: string): PinOutcome {
    const card = this.#card;
    if (card === 'none') return 'absent';
    if (card === 'broken' || this.state !== 'pin') return this.#refusal();
    if (!isPin(pin)) return 'malformed';
    if (pin !== card.pin) return this.#refuse(card, 'pinTries');
    return this.#open(card);
  }

  enterPuk(puk: string, newPin: string): PinOutcome {
    const card = this.#card;
    if (card === 'none') return 'absent';
    if (card === 'broken' || this.state !== 'puk') return this.#refusal();
    if (!isPin(newPin) || !/^\d{8}$/.test(puk)) return 'malformed';
    if (puk !== card.puk) return this.#refuse(card, 'pukTries');
    card.pin = newPin;
    return this.#open(card);
  }

  /** By a test: a card is put into the slot, whatever was there. */
  insert(card: SimCard = {}): void {
    this.#card = newCard(card);
    if (this.#terminal === 'off') return;
    this.reset();
    this.powerOn();
  }

  remove(): void {
    this.#card = 'none';
    this.#announce();
  }

  /** By a test: the card answers no more. */
  fail(): void {
    this.#card = 'broken';
    this.#announce();
  }

  /** Why a code that was not asked for is refused. */
  #refusal(): PinOutcome {
    return this.state === 'puk' || this.state === 'failed' ? 'blocked' : 'not-needed';
  }

  #refuse(card: Card, tries: 'pinTries' | 'pukTries'): PinOutcome {
    card[tries] -= 1;
    this.#announce();
    return 'wrong';
  }

  #open(card: Card): PinOutcome {
    card.pinTries = pinLimit;
    card.pukTries = pukLimit;
    card.verified = true;
    this.#announce();
    return 'done';
  }

  #announce(): void {
    const state = this.state;
    if (state === this.#last) return;
    this.#last = state;
    this.#tell(state);
  }

  #tell(state: SimState): void {
    this.changed.emit(state);
    this.told.emit();
  }
}

function newCard({ pin, puk = '12345678' }: SimCard): Card {
  return { pin, puk, pinTries: pinLimit, pukTries: pukLimit, verified: false };
}

function cardState(card: Card | 'none' | 'broken'): SimState {
  if (card === 'none') return 'absent';
  if (card === 'broken' || card.pukTries === 0) return 'failed';
  if (card.pinTries === 0) return 'puk';
  return card.pin === undefined || card.verified ? 'ready' : 'pin';
}

const isPin = (text: string): boolean => /^\d{4,8}$/.test(text);
