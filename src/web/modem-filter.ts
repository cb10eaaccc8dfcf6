/** Which modems a search finds. Pure. */
import type { ModemSummary } from '../control/messages.js';

/** Every word must be in what the list shows of a modem; `-word` must not. */
export function modemFilter(search: string): (modem: ModemSummary) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = words.filter(word => !word.startsWith('-'));
  const unwanted = words.filter(word => word.length > 1 && word.startsWith('-')).map(word => word.slice(1));
  if (words.length === 0) return () => true;
  return modem => {
    const text = textOf(modem);
    return wanted.every(word => text.includes(word)) && !unwanted.some(word => text.includes(word));
  };
}

function textOf({ name, dialect, power, port, attached, network, mqtt, links, faults }: ModemSummary): string {
  const states = [attached ? 'attached' : 'detached', mqtt && 'mqtt', links && 'link', faults && 'fault'];
  return [name, dialect, power, port, network, ...states.filter(Boolean)].join('\n').toLowerCase();
}
