/**
 * Rows of one height, of which only those in sight are in the document: ten thousand cost what forty do. Rows are drawn by
 * their place, so that text that flows by changes elements in place and makes none.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Pixels; the style sheet has it as --row. */
export const rowHeight = 22;
/** Rows that are drawn beyond what is in sight, at either end. */
const beyond = 8;

export interface VirtualListProps {
  /** For who cannot see it. */
  label: string;
  role: 'grid' | 'listbox';
  count: number;
  /** Of the row that the keys stand on. */
  chosen: number | undefined;
  /** The id of its element. */
  chosenId: string | undefined;
  /** How many rows have left at the front, ever: what is looked at stays where it is. */
  forgotten?: number;
  /** Stays at the end while `true`; told when somebody scrolls away from it, or back. */
  isFollowing?: boolean;
  onFollow?: (isFollowing: boolean) => void;
  row: (index: number) => ComponentChildren;
  columns?: number;
}

interface Sight {
  top: number;
  height: number;
}

export function VirtualList(props: VirtualListProps) {
  const { label, role, count, chosen, chosenId, forgotten = 0, isFollowing = false, onFollow, row, columns } = props;
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState<Sight>({ top: 0, height: 600 });
  const before = useRef(forgotten);

  useLayoutEffect(() => stayInPlace(box.current!, { forgotten, before, isFollowing, setSight }));
  useEffect(() => watchSize(box.current!, setSight), []);
  useLayoutEffect(() => {
    if (chosen !== undefined) bringIntoSight(box.current!, chosen);
  }, [chosenId]);

  const scrolled = () => {
    const { scrollTop, clientHeight, scrollHeight } = box.current!;
    setSight({ top: scrollTop, height: clientHeight });
    onFollow?.(scrollTop + clientHeight >= scrollHeight - rowHeight);
  };
  const first = Math.max(0, Math.min(count, Math.floor(sight.top / rowHeight) - beyond));
  const last = Math.min(count, Math.ceil((sight.top + sight.height) / rowHeight) + beyond);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, i) => row(first + i));
  return (
    <div
      class="rows"
      ref={box}
      role={role}
      aria-label={label}
      aria-activedescendant={chosenId}
      aria-rowcount={role === 'grid' ? count : undefined}
      aria-colcount={columns}
      tabIndex={0}
      onScroll={scrolled}
    >
      <div class="rows-all" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div class="rows-seen" role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}

/** After each drawing: at the end, or where it was though rows have left at the front. */
function stayInPlace(
  box: HTMLDivElement,
  {
    forgotten,
    before,
    isFollowing,
    setSight,
  }: { forgotten: number; before: { current: number }; isFollowing: boolean; setSight: (sight: Sight) => void },
): void {
  const gone = forgotten - before.current;
  before.current = forgotten;
  const end = box.scrollHeight - box.clientHeight;
  const wanted = isFollowing ? end : Math.max(0, box.scrollTop - Math.max(0, gone) * rowHeight);
  if (Math.abs(box.scrollTop - wanted) < 1) return;
  box.scrollTop = wanted;
  setSight({ top: box.scrollTop, height: box.clientHeight });
}

function watchSize(box: HTMLDivElement, setSight: (sight: Sight) => void): () => void {
  const observer = new ResizeObserver(() => setSight({ top: box.scrollTop, height: box.clientHeight }));
  observer.observe(box);
  return () => observer.disconnect();
}

function bringIntoSight(box: HTMLDivElement, index: number): void {
  const top = index * rowHeight;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight;
}
