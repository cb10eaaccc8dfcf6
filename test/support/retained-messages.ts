/** What a broker must retain after a dialogue, on the topics that the dialogue names; others are not its business. */
import type { ByteString } from '../../src/base/bytes.js';
import type { Message } from '../../src/transcripts/transcript.js';
import { messageOrNothing } from './replay-report.js';

export class RetainedMessages {
  readonly #expected = new Map<string, ByteString>();
  readonly #named = new Set<string>();

  /** A message that the broker takes now. An empty payload ends the retaining [MQTT-3.3.1-10]. */
  note({ topic, payload, retain }: Message): void {
    this.#named.add(topic);
    if (!retain) return;
    if (payload === '') this.#expected.delete(topic);
    else this.#expected.set(topic, payload);
  }

  differenceFrom(actual: ReadonlyMap<string, ByteString>): { expected: string; actual: string } | undefined {
    const topic = [...this.#named].find(named => this.#expected.get(named) !== actual.get(named));
    if (topic === undefined) return undefined;
    const describe = (payload: ByteString | undefined) =>
      messageOrNothing(payload === undefined ? undefined : { topic, payload, qos: 0, retain: true });
    return { expected: describe(this.#expected.get(topic)), actual: describe(actual.get(topic)) };
  }
}
