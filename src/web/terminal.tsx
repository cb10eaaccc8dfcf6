/** A terminal on a channel of its own: what is typed there, the firmware's channel never sees. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf, socketAddress } from './api.js';
import type { OpenedModem } from './opened-modem.js';

type State = { is: 'opening' } | { is: 'open'; channel: number } | { is: 'closed' };

export function TerminalPanel({ opened, leave }: { opened: OpenedModem; leave: () => void }) {
  const screen = useRef<HTMLDivElement>(null);
  const [state, setState] = useState<State>({ is: 'opening' });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setState({ is: 'opening' });
    return openLater(screen.current!, {
      address: socketAddress(`${pathOf(opened.name)}/terminal`),
      opened: channel => {
        opened.terminalOpened(channel);
        setState({ is: 'open', channel });
      },
      closed: () => setState({ is: 'closed' }),
      left: leave,
    });
  }, [opened, attempt]);
  return (
    <section class="panel terminal" aria-label="Terminal">
      <div class="bar dim" role="status">
        <span>{textOf(state)}</span>
        {state.is === 'closed' && (
          <button type="button" onClick={() => setAttempt(count => count + 1)}>
            Open it again
          </button>
        )}
        <span class="right">Ctrl+] or F6 leaves it</span>
      </div>
      <div class="screen" ref={screen} />
    </section>
  );
}

function textOf(state: State): string {
  if (state.is === 'open') return `Channel ${state.channel}, apart from the firmware's`;
  return state.is === 'opening' ? 'Opening …' : 'The channel is closed.';
}

/** xterm is fetched with the first terminal; it may be closed before that came. */
function openLater(
  element: HTMLElement,
  options: Parameters<typeof import('./terminal-screen.js')['openScreen']>[1],
): () => void {
  let close: (() => void) | undefined;
  let isOver = false;
  import('./terminal-screen.js').then(
    ({ openScreen }) => {
      if (!isOver) close = openScreen(element, options);
    },
    () => options.closed(),
  );
  return () => {
    isOver = true;
    close?.();
  };
}
