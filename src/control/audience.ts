/** Those who listen to the same events, and what waits for the next batch. The batch is written once for all of them. */
import type { EventStream } from './event-stream.js';
import type { DialogueEntry, LiveEvent } from './messages.js';

/** What one batch holds at most of each; past it the oldest are left out, and counted. */
const mostLines = 2000;
const mostEvents = 5000;

export class Audience {
  readonly streams = new Set<EventStream>();
  #events: LiveEvent[] = [];
  #lines: DialogueEntry[] = [];
  #missed = 0;

  event(event: LiveEvent): void {
    if (this.streams.size === 0) return;
    this.#events.push(event);
    if (this.#events.length > mostEvents) this.#missed += this.#events.splice(0, mostEvents / 2).length;
  }

  line(entry: DialogueEntry): void {
    if (this.streams.size === 0) return;
    this.#lines.push(entry);
    if (this.#lines.length > mostLines) this.#missed += this.#lines.splice(0, mostLines / 2).length;
  }

  /**
   * @param modem whose the lines are
   * @param anew what a client needs that has missed some
   */
  flush(modem: string, anew: () => readonly LiveEvent[]): void {
    const batch = this.#take(modem);
    if (batch.length === 0) return;
    const text = JSON.stringify(batch);
    for (const stream of this.streams) stream.offer(text, batch.length, anew);
  }

  #take(modem: string): LiveEvent[] {
    const batch: LiveEvent[] = this.#missed > 0 ? [{ event: 'missed', count: this.#missed }] : [];
    batch.push(...this.#events);
    if (this.#lines.length > 0) batch.push({ event: 'dialogue', modem, lines: this.#lines });
    this.#events = [];
    this.#lines = [];
    this.#missed = 0;
    return batch;
  }
}
