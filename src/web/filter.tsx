/** What is searched for, and whose lines are shown. */
import { speakerNames, speakers } from './line-filter.js';
import type { OpenedModem } from './opened-modem.js';
import { useStore } from './use-store.js';

interface SearchFieldProps {
  id: string;
  label: string;
  value: string;
  mistake?: string;
  onChange: (value: string) => void;
}

export function SearchField({ id, label, value, mistake, onChange }: SearchFieldProps) {
  return (
    <span class="search">
      <input
        id={id}
        type="search"
        placeholder={`${label}  /`}
        aria-label={label}
        aria-invalid={mistake !== undefined}
        aria-describedby={mistake === undefined ? undefined : `${id}-mistake`}
        autocomplete="off"
        spellcheck={false}
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {mistake !== undefined && (
        <span id={`${id}-mistake`} class="mistake" role="alert">
          {mistake}
        </span>
      )}
    </span>
  );
}

export function DialogueFilter({ opened }: { opened: OpenedModem }) {
  const { filter, mistake } = useStore(opened.store);
  const { search, hidden, withoutTerminals } = filter;
  const toggle = (speaker: (typeof speakers)[number]) => {
    const next = new Set(hidden);
    if (!next.delete(speaker)) next.add(speaker);
    opened.setFilter({ hidden: next });
  };
  return (
    <>
      <SearchField
        id="line-search"
        label="Search lines"
        value={search}
        mistake={mistake}
        onChange={value => opened.setFilter({ search: value })}
      />
      <fieldset class="toggles" aria-label="Whose lines are shown">
        {speakers.map(speaker => (
          <button
            key={speaker}
            type="button"
            class={`toggle ${speaker}`}
            aria-pressed={!hidden.has(speaker)}
            onClick={() => toggle(speaker)}
          >
            {speakerNames[speaker]}
          </button>
        ))}
        <button
          type="button"
          class="toggle"
          aria-pressed={!withoutTerminals}
          title="what is typed in terminals, and answered there"
          onClick={() => opened.setFilter({ withoutTerminals: !withoutTerminals })}
        >
          terminals
        </button>
      </fieldset>
    </>
  );
}
