/** The dialogue of one modem, live: follows its end until somebody scrolls up, then says how much came since. */
import { useState } from 'preact/hooks';
import type { BufferedLine } from './dialogue-buffer.js';
import { speakerNames, speakerOf } from './line-filter.js';
import type { OpenedModem } from './opened-modem.js';
import type { Page } from './page.js';
import { betweenText, clockText } from './time-text.js';
import { useStore } from './use-store.js';
import { VirtualList } from './virtual-list.js';

export function Dialogue({ page, opened }: { page: Page; opened: OpenedModem }) {
  useStore(opened.revision);
  const { chosen: chosenLine } = useStore(opened.store);
  const { isBetween } = useStore(page.view);
  // Where it was left: the number of shown lines, forgotten ones too. Undefined while the end is followed.
  const [leftAt, setLeftAt] = useState<number>();
  const { shown, forgotten } = opened.dialogue;
  const total = shown.length + forgotten;
  const chosen = chosenLine === undefined ? -1 : shown.findIndex(({ n }) => n === chosenLine);
  const isFollowing = leftAt === undefined && chosen < 0;
  const follow = (atEnd: boolean) => setLeftAt(left => (atEnd ? undefined : (left ?? total)));
  const unseen = leftAt === undefined ? 0 : Math.max(0, total - leftAt);
  return (
    <div class="dialogue">
      <VirtualList
        label={`Dialogue of ${opened.name}`}
        role="listbox"
        count={shown.length}
        forgotten={forgotten}
        chosen={chosen < 0 ? undefined : chosen}
        chosenId={chosen < 0 ? undefined : lineId(chosenLine!)}
        isFollowing={isFollowing}
        onFollow={follow}
        row={index => <Line {...{ opened, shown, index, isBetween }} isChosen={index === chosen} />}
      />
      {shown.length === 0 && (
        <p class="empty">{opened.dialogue.length === 0 ? 'Nothing has been said yet.' : 'No line is like that.'}</p>
      )}
      {!isFollowing && (
        <button
          type="button"
          class="to-end"
          onClick={() => {
            opened.choose(undefined);
            setLeftAt(undefined);
          }}
        >
          {unseen > 0 ? `${unseen} new line${unseen === 1 ? '' : 's'} ↓` : 'To the end ↓'}
        </button>
      )}
      {chosen >= 0 && <Whole line={shown[chosen]!} before={shown[chosen - 1]} />}
    </div>
  );
}

const lineId = (n: number): string => `line-${n}`;

interface LineProps {
  opened: OpenedModem;
  shown: readonly BufferedLine[];
  index: number;
  isBetween: boolean;
  isChosen: boolean;
}

function Line({ opened, shown, index, isBetween, isChosen }: LineProps) {
  const line = shown[index]!;
  const before = shown[index - 1];
  const { n, at, channel, text, missing } = line;
  const speaker = speakerOf(line);
  return (
    <div
      class={`line ${speaker}`}
      id={lineId(n)}
      role="option"
      tabIndex={-1}
      aria-selected={isChosen}
      aria-posinset={index + 1}
      aria-setsize={shown.length}
      onClick={() => opened.choose(isChosen ? undefined : n)}
    >
      <span class="at">{isBetween ? (before ? betweenText(at - before.at) : '') : clockText(at)}</span>
      <span class="channel" title={`channel ${channel}`}>
        {channel}
      </span>
      <span class="who" title={speakerNames[speaker]}>
        {signOf(line)}
      </span>
      <span class="sr">{speakerNames[speaker]}: </span>
      <span class="text">
        {missing !== undefined && (
          <em class="missing" title={`${missing} lines before this one are not here`}>
            ⋯ {missing}{' '}
          </em>
        )}
        {text}
      </span>
    </div>
  );
}

/** As in transcripts; the modem's broker has arrows of its own. */
function signOf(line: BufferedLine): string {
  switch (speakerOf(line)) {
    case 'host':
      return '>';
    case 'broker':
      return line.direction === 'out' ? '⇢' : '⇠';
    case 'fault':
      return '!';
    case 'urc':
      return '*';
    default:
      return '<';
  }
}

/** One line in full. */
function Whole({ line, before }: { line: BufferedLine; before: BufferedLine | undefined }) {
  const { n, at, channel, text } = line;
  return (
    <div class="whole" role="status">
      <div class="dim">
        line {n} · {speakerNames[speakerOf(line)]} · channel {channel} · {clockText(at)}
        {before && ` · ${betweenText(at - before.at)} after the line above`}
      </div>
      <code>{text}</code>
    </div>
  );
}
