/** The top of the page: is it live, which daemon, colours, help. */
import type { FeedState } from './feed.js';
import type { Page } from './page.js';
import { useStore } from './use-store.js';

const feedNames: Readonly<Record<FeedState, string>> = {
  connecting: 'connecting …',
  live: 'live',
  lost: 'lost: trying again',
  'signed-out': 'not signed in',
};

export function Header({ page }: { page: Page }) {
  const { feed, daemon, theme } = useStore(page.view);
  return (
    <header class="bar">
      <h1>atmodem</h1>
      <span class={`feed ${feed}`} role="status">
        {feedNames[feed]}
      </span>
      <span class="dim wide">
        {daemon && [daemon.version, daemon.broker, daemon.cloud && 'cloud'].filter(Boolean).join(' · ')}
      </span>
      <span class="right">
        <button type="button" onClick={() => page.changeTheme()} aria-label={`Colours: ${theme}`}>
          ◐ {theme}
        </button>
        <button type="button" onClick={() => page.set({ isHelpOpen: true })} aria-label="Keys">
          ?
        </button>
      </span>
    </header>
  );
}
