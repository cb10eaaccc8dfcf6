/** The modem that the page has open: its dialogue live, its states, its faults. Gone when another is opened. */
import type { ActiveFault, EventBatch, LiveEvent, ModemDetail } from '../control/messages.js';
import { type Api, ApiFailure } from './api.js';
import { DialogueBuffer } from './dialogue-buffer.js';
import { Feed } from './feed.js';
import { everyLine, type LineFilter, readFilter } from './line-filter.js';
import { Store } from './store.js';
import { after } from './time.js';

/** The states are asked for at most so often, in ms. */
const betweenLooks = 400;

export interface OpenedState {
  readonly detail?: ModemDetail;
  readonly filter: LineFilter;
  /** Why the search cannot be read. */
  readonly mistake?: string;
  /** The number of the line that is looked at. */
  readonly chosen?: number;
  readonly isGone: boolean;
}

export class OpenedModem {
  readonly dialogue = new DialogueBuffer();
  /** `dialogue.revision`, for who draws it. */
  readonly revision = new Store(0);
  readonly store = new Store<OpenedState>({ filter: everyLine, isGone: false });
  readonly #api: Api;
  readonly #feed: Feed;
  #cancelLook: (() => void) | undefined;
  #isClosed = false;

  constructor(
    api: Api,
    readonly name: string,
  ) {
    this.#api = api;
    const query = () => `modem=${encodeURIComponent(name)}&after=${this.dialogue.last}`;
    this.#feed = new Feed({
      path: () => `/api/events?${query()}`,
      batch: batch => this.#take(batch),
      probe: () => this.#look(),
    });
    this.lookSoon(0);
  }

  reconnect(): void {
    this.#feed.reconnect();
    this.lookSoon();
  }

  /** The daemon is another one: it counts lines and channels anew. */
  beginAnew(): void {
    this.dialogue.clear();
    this.#terminals.clear();
    this.#redraw();
    this.reconnect();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelLook?.();
    this.#feed.close();
  }

  setFilter(change: Partial<LineFilter>): void {
    const filter = { ...this.store.state.filter, ...change };
    const { test, mistake } = readFilter(filter, this.#isTerminal);
    this.dialogue.filter(test);
    this.store.update(state => ({ ...state, filter, mistake }));
    this.#redraw();
  }

  readonly choose = (chosen: number | undefined): void => {
    this.store.update(state => ({ ...state, chosen }));
  };

  /** Its states are read anew, soon. */
  lookSoon(ms = betweenLooks): void {
    if (this.#isClosed) return;
    this.#cancelLook ??= after(ms, () => {
      this.#cancelLook = undefined;
      // What does not answer now is asked again when the feed is back.
      this.#look().catch(() => {});
    });
  }

  /** Channels are numbered once: what was a terminal stays one though it is gone. */
  readonly #terminals = new Set<number>();
  readonly #isTerminal = (channel: number): boolean => this.#terminals.has(channel);

  terminalOpened(channel: number): void {
    this.#terminals.add(channel);
    this.setFilter({});
  }

  #take(batch: EventBatch): void {
    const revision = this.dialogue.revision;
    for (const event of batch) this.#takeOne(event);
    if (this.dialogue.revision !== revision) this.#redraw();
  }

  #takeOne(event: LiveEvent): void {
    switch (event.event) {
      case 'dialogue':
        this.dialogue.add(event.lines);
        return;
      case 'modems':
        return this.lookSoon();
      case 'removed':
        return this.#gone();
      case 'activity':
      case 'missed':
        return;
      default:
        this.lookSoon();
    }
  }

  /** @throws ApiFailure */
  async #look(): Promise<void> {
    const detail = await this.#api.modem(this.name).catch(error => {
      if (error instanceof ApiFailure && error.code === 'not-found') this.#gone();
      throw error;
    });
    if (this.#isClosed) return;
    for (const { channel, kind } of detail.channels) if (kind === 'terminal') this.#terminals.add(channel);
    this.store.update(state => ({ ...state, detail, isGone: false }));
  }

  #gone(): void {
    this.store.update(state => ({ ...state, isGone: true }));
  }

  #redraw(): void {
    this.revision.update(() => this.dialogue.revision);
  }
}

export const activeFaults = ({ detail }: OpenedState): readonly ActiveFault[] => detail?.activeFaults ?? [];
