/** All modems as the list shows them, from the batches of `WS /api/events`. Pure. */
import type { EventBatch, LiveEvent, ModemSummary } from '../control/messages.js';

export interface Fleet {
  /** By name, in the order of the configuration; undefined until the daemon told. */
  readonly modems: ReadonlyMap<string, ModemSummary> | undefined;
  /** Lines a second of those that speak. */
  readonly rates: ReadonlyMap<string, number>;
  /** When `rates` was told last, in ms. */
  readonly ratesAt: number;
}

export const noFleet: Fleet = { modems: undefined, rates: new Map(), ratesAt: 0 };

/** The daemon tells twice a second who spoke; past this nobody did. */
const quietAfter = 1500;
/** A first count has nothing before it to take a rate from. */
const usualStep = 500;

/** @param now ms since 1970 */
export function withBatch(fleet: Fleet, batch: EventBatch, now: number): Fleet {
  const modems = new Map(fleet.modems);
  let next: Fleet = { ...fleet, modems };
  for (const event of batch) next = withEvent(next, modems, event, now);
  return next;
}

/** @param modems of `fleet`, and not yet anybody else's: one copy serves a whole batch */
function withEvent(fleet: Fleet, modems: Map<string, ModemSummary>, event: LiveEvent, now: number): Fleet {
  switch (event.event) {
    case 'modems':
      modems.clear();
      for (const modem of event.modems) modems.set(modem.name, modem);
      return fleet;
    case 'modem':
      modems.set(event.modem.name, event.modem);
      return fleet;
    case 'removed':
      modems.delete(event.modem);
      return fleet;
    case 'activity':
      return withActivity(fleet, modems, event.lines, now);
    default:
      return fleet;
  }
}

function withActivity(
  fleet: Fleet,
  modems: Map<string, ModemSummary>,
  counts: Record<string, number>,
  now: number,
): Fleet {
  const passed = now - fleet.ratesAt;
  const seconds = (passed > 0 && passed < quietAfter ? passed : usualStep) / 1000;
  const rates = new Map<string, number>();
  for (const [name, lines] of Object.entries(counts)) {
    const modem = modems.get(name);
    if (!modem) continue;
    rates.set(name, Math.max(0, Math.round((lines - modem.lines) / seconds)));
    modems.set(name, { ...modem, lines });
  }
  return { ...fleet, rates, ratesAt: now };
}

/** Nothing came for a while: nobody speaks. */
export const quietened = (fleet: Fleet, now: number): Fleet =>
  fleet.rates.size > 0 && now - fleet.ratesAt > quietAfter ? { ...fleet, rates: new Map() } : fleet;
