/** One modem: its states, what can be done to it, and its dialogue. */
import type { PowerRequest } from '../control/messages.js';
import { Dialogue } from './dialogue.js';
import { Download } from './download.js';
import { FaultPanel } from './fault-panel.js';
import { DialogueFilter } from './filter.js';
import { ModemStates } from './modem-states.js';
import type { OpenedModem } from './opened-modem.js';
import type { Page } from './page.js';
import { TerminalPanel } from './terminal.js';
import { useStore } from './use-store.js';

export function ModemView({ page, opened }: { page: Page; opened: OpenedModem }) {
  const { panel } = useStore(page.view);
  const { detail, isGone } = useStore(opened.store);
  return (
    <main class="modem-view" aria-label={`Modem ${opened.name}`}>
      <div class="bar">
        <h2>{opened.name}</h2>
        <span class="dim">{detail && [detail.dialect, detail.title].filter(Boolean).join(' · ')}</span>
        <Actions {...{ page, opened }} />
      </div>
      {isGone && <p class="problem">There is no such modem, or it was taken out of the configuration.</p>}
      {detail && <ModemStates detail={detail} />}
      <div class="bar">
        <DialogueFilter opened={opened} />
        <Times page={page} />
      </div>
      <Dialogue key={opened.name} {...{ page, opened }} />
      {panel === 'faults' && <FaultPanel {...{ page, opened }} />}
      {panel === 'terminal' && <TerminalPanel opened={opened} leave={() => page.set({ panel: undefined })} />}
    </main>
  );
}

function Actions({ page, opened }: { page: Page; opened: OpenedModem }) {
  const { panel } = useStore(page.view);
  const { detail } = useStore(opened.store);
  const power = (to: PowerRequest['to']) => page.attempt(page.api.power(opened.name, { to }));
  return (
    <span class="right">
      <button type="button" aria-pressed={panel === 'terminal'} onClick={() => page.togglePanel('terminal')}>
        Terminal
      </button>
      <button type="button" aria-pressed={panel === 'faults'} onClick={() => page.togglePanel('faults')}>
        Faults
      </button>
      <button type="button" onClick={() => power(detail?.power === 'off' ? 'on' : 'off')}>
        Power {detail?.power === 'off' ? 'on' : 'off'}
      </button>
      <button type="button" onClick={() => power('restart')}>
        Restart
      </button>
      <Download modem={opened.name} />
      <button type="button" onClick={() => page.close()}>
        Close
      </button>
    </span>
  );
}

function Times({ page }: { page: Page }) {
  const { isBetween } = useStore(page.view);
  return (
    <button
      type="button"
      class="right"
      aria-pressed={isBetween}
      title="time of day, or time between the lines that are shown"
      onClick={() => page.set({ isBetween: !isBetween })}
    >
      Δ time
    </button>
  );
}
