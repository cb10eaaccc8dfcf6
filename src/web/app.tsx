/** The monitor page: begins here. Drawn at most once a frame, however much comes. */
import { options, render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Header } from './header.js';
import { Help } from './help.js';
import { listenToKeys } from './keyboard.js';
import { ModemList } from './modem-list.js';
import { ModemView } from './modem-view.js';
import { Page } from './page.js';
import { SignIn } from './sign-in.js';
import { onFrame } from './time.js';
import { takeTokenFromAddress } from './token.js';
import { useStore } from './use-store.js';

function App({ page }: { page: Page }) {
  const { feed, opened, panel, isHelpOpen, problem } = useStore(page.view);
  const root = useRef<HTMLDivElement>(null);
  const focus = (selector: string) => root.current!.querySelector<HTMLElement>(selector)?.focus();
  // What was opened is where the keys go; what was closed takes the focus with it, and it goes back.
  useEffect(() => focus(opened ? '.dialogue .rows' : '.modem-list .rows'), [opened]);
  useEffect(() => {
    if (panel === 'faults') focus('.faults button');
    else if (panel === undefined && document.activeElement === document.body) focus('.dialogue .rows');
  }, [panel]);
  return (
    <div class={`page${opened ? ' has-opened' : ''}`} ref={root}>
      <Header page={page} />
      {feed === 'signed-out' && <SignIn page={page} />}
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
          <button type="button" aria-label="Dismiss" onClick={() => page.set({ problem: undefined })}>
            ×
          </button>
        </p>
      )}
      <div class="panes">
        <ModemList page={page} />
        {opened && <ModemView key={opened.name} {...{ page, opened }} />}
      </div>
      {isHelpOpen && <Help close={() => page.set({ isHelpOpen: false })} />}
    </div>
  );
}

options.debounceRendering = onFrame;
takeTokenFromAddress();
const page = new Page();
listenToKeys(page);
render(<App page={page} />, document.body);
