/** The modems with their states: a thousand of them are searched, walked and opened as ten are. */
import { useMemo } from 'preact/hooks';
import type { ModemSummary } from '../control/messages.js';
import { SearchField } from './filter.js';
import { modemFilter } from './modem-filter.js';
import type { Page } from './page.js';
import { useStore } from './use-store.js';
import { VirtualList } from './virtual-list.js';

const columns = ['modem', 'dialect', 'port', 'host', 'network', 'dBm', 'MQTT', 'links', 'faults', 'lines', 'lines/s'];

export function ModemList({ page }: { page: Page }) {
  const fleet = useStore(page.fleet);
  const { search, cursor, opened } = useStore(page.view);
  const found = useMemo(() => [...(fleet.modems?.values() ?? [])].filter(modemFilter(search)), [fleet.modems, search]);
  const chosen = cursor === undefined ? -1 : found.findIndex(({ name }) => name === cursor);
  const total = fleet.modems?.size;
  return (
    <section class="modem-list" aria-label="Modems" data-narrow={opened !== undefined}>
      <div class="bar">
        <SearchField
          id="modem-search"
          label="Search modems"
          value={search}
          onChange={value => page.set({ search: value })}
        />
        <span class="dim" role="status">
          {total === undefined ? 'connecting …' : found.length === total ? `${total}` : `${found.length} of ${total}`}
        </span>
      </div>
      <div class="modem-row head" role="presentation">
        {columns.map((column, i) => (
          <span key={column} class={`cell-${i}`}>
            {column}
          </span>
        ))}
      </div>
      <VirtualList
        label="Modems"
        role="grid"
        columns={columns.length}
        count={found.length}
        chosen={chosen < 0 ? undefined : chosen}
        chosenId={chosen < 0 ? undefined : rowId(found[chosen]!)}
        row={index => {
          const modem = found[index]!;
          const rate = fleet.rates.get(modem.name) ?? 0;
          return <Row {...{ page, modem, index, rate }} isChosen={modem.name === cursor} />;
        }}
      />
      {total !== undefined && found.length === 0 && (
        <p class="empty">{total === 0 ? 'No modem runs.' : 'No modem is like that.'}</p>
      )}
    </section>
  );
}

export const rowId = ({ name }: Pick<ModemSummary, 'name'>): string => `modem-${encodeURIComponent(name)}`;

interface RowProps {
  page: Page;
  modem: ModemSummary;
  index: number;
  rate: number;
  isChosen: boolean;
}

function Row({ page, modem, index, rate, isChosen }: RowProps) {
  const { name, dialect, port, attached, network, dbm, mqtt, links, faults, lines, power, online } = modem;
  const host = attached ? 'attached' : '–';
  const shown = [
    dialect,
    port,
    host,
    network,
    dbm ?? '–',
    count(mqtt),
    count(links),
    count(faults),
    lines,
    count(rate),
  ];
  return (
    <div
      class="modem-row"
      id={rowId(modem)}
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 1}
      aria-selected={isChosen}
      onClick={() => page.open(name)}
    >
      <span class="cell-0" role="gridcell" title={name}>
        <i class={`dot ${power === 'off' ? 'off' : online ? 'online' : 'offline'}`} />
        <span class="sr">{power === 'off' ? 'off, ' : online ? 'online, ' : 'offline, '}</span>
        {name}
      </span>
      {shown.map((value, i) => (
        <span
          key={i}
          class={`cell-${i + 1}${i === 7 && faults > 0 ? ' fault' : ''}`}
          role="gridcell"
          title={`${value}`}
        >
          {value}
        </span>
      ))}
    </div>
  );
}

const count = (value: number): string => (value === 0 ? '–' : `${value}`);
