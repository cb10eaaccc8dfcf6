/** The page as a whole: what is shown, what is open, and what each action does. Components draw it and ask it to act. */
import type { DaemonState, FaultSpec } from '../control/messages.js';
import { modemInAddress, showInAddress } from './address.js';
import { Api } from './api.js';
import { Feed, type FeedState } from './feed.js';
import { noFleet, quietened, withBatch } from './fleet.js';
import { OpenedModem } from './opened-modem.js';
import { Store } from './store.js';
import { applyTheme, keptTheme, type Theme, themeAfter } from './theme.js';
import { every, wall } from './time.js';

export type Panel = 'terminal' | 'faults';

export interface View {
  readonly feed: FeedState;
  readonly daemon?: DaemonState;
  readonly catalogue: readonly FaultSpec[];
  /** What is typed to find modems. */
  readonly search: string;
  /** The modem that the list stands on. */
  readonly cursor?: string;
  readonly opened?: OpenedModem;
  readonly panel?: Panel;
  readonly isHelpOpen: boolean;
  /** Times between lines in place of the time of day? */
  readonly isBetween: boolean;
  readonly theme: Theme;
  /** What went wrong last, for people. */
  readonly problem?: string;
}

export class Page {
  readonly api = new Api();
  readonly fleet = new Store(noFleet);
  readonly view: Store<View>;
  readonly #feed: Feed;

  constructor() {
    const theme = keptTheme();
    applyTheme(theme);
    this.view = new Store<View>({
      feed: 'connecting',
      catalogue: [],
      search: '',
      isHelpOpen: false,
      isBetween: false,
      theme,
    });
    this.#feed = new Feed({
      path: () => '/api/events',
      batch: batch => this.fleet.update(fleet => withBatch(fleet, batch, wall())),
      moved: feed => this.#moved(feed),
      probe: () => this.api.daemon(),
    });
    every(1000, () => this.fleet.update(fleet => quietened(fleet, wall())));
    addEventListener('popstate', () => this.#openFromAddress());
    this.#openFromAddress();
  }

  set(change: Partial<View>): void {
    this.view.update(view => ({ ...view, ...change }));
  }

  open(name: string): void {
    showInAddress(name);
    this.#show(name);
  }

  /** Out of the innermost thing that is open. */
  back(): void {
    const { panel, opened } = this.view.state;
    if (panel) return this.set({ panel: undefined });
    if (!opened) return;
    if (opened.store.state.chosen !== undefined) return opened.choose(undefined);
    this.close();
  }

  /** Back to the list alone. */
  close(): void {
    showInAddress(undefined);
    this.#show(undefined);
  }

  togglePanel(panel: Panel): void {
    const { opened, panel: shown } = this.view.state;
    if (opened) this.set({ panel: shown === panel ? undefined : panel });
  }

  changeTheme(): void {
    const theme = themeAfter(this.view.state.theme);
    applyTheme(theme);
    this.set({ theme });
  }

  async signIn(token: string): Promise<void> {
    await this.api.signIn(token);
    this.#feed.reconnect();
    this.view.state.opened?.reconnect();
  }

  /** Does it, and says what came of it where that was nothing good. */
  async attempt(act: Promise<unknown>): Promise<boolean> {
    try {
      await act;
      this.set({ problem: undefined });
      return true;
    } catch (error) {
      this.set({ problem: (error as Error).message });
      return false;
    } finally {
      this.view.state.opened?.lookSoon();
    }
  }

  #openFromAddress(): void {
    this.#show(modemInAddress());
  }

  #show(name: string | undefined): void {
    const { opened } = this.view.state;
    if (opened?.name === name) return;
    opened?.close();
    const next = name === undefined ? undefined : new OpenedModem(this.api, name);
    this.set({ opened: next, cursor: name ?? opened?.name, panel: undefined, problem: undefined });
  }

  #moved(feed: FeedState): void {
    this.set({ feed });
    if (feed === 'live') void this.#meet();
  }

  /** What the daemon is may have changed while it was away. */
  async #meet(): Promise<void> {
    const { daemon: before, opened } = this.view.state;
    try {
      const daemon = await this.api.daemon();
      if (before && before.startedAt !== daemon.startedAt) opened?.beginAnew();
      const { faults } = daemon.faults ? await this.api.catalogue() : { faults: [] };
      this.set({ daemon, catalogue: faults });
    } catch {
      // It is away again: the feed notices, and this is asked anew when it is back.
    }
  }
}
