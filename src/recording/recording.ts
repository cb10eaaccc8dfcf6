/** A recording from one end to the other: bytes at a port in, the text of a transcript out. */

import type { HostUnit } from './host-talk.js';
import type { Masks } from './masks.js';
import type { ModemUnit } from './modem-talk.js';
import { type DialogueListener, type Happening, Recorder } from './recorder.js';
import { Transcriber } from './transcriber.js';
import { TranscriptText, type TranscriptTextParts } from './transcript-text.js';

export interface RecordingParts extends Omit<TranscriptTextParts, 'lineEnd'> {
  /** Absent: secrets stay. */
  masks: Masks | undefined;
  /** Hears what is recorded, after it was: secrets and all. */
  listener?: DialogueListener;
}

export class Recording {
  readonly recorder: Recorder;
  readonly #text: TranscriptText;

  constructor({ masks, listener, remarks, header, ...parts }: RecordingParts) {
    const lineEnd = () => this.recorder.lineEnd;
    const text = new TranscriptText({
      ...parts,
      header: () => ({ ...header(), ...(masks ? { secrets: 'masked' } : {}) }),
      remarks: masks ? [...remarks, maskRemark] : remarks,
      lineEnd,
    });
    const transcriber = new Transcriber({
      masks,
      lineEnd: () => text.lineEnd ?? lineEnd(),
      add: item => text.add(item),
      began: () => text.begin(),
    });
    this.#text = text;
    this.recorder = new Recorder(listener ? new Both(transcriber, listener) : transcriber);
  }

  get isFull(): boolean {
    return this.#text.isFull;
  }

  end(): void {
    this.recorder.flush();
    this.#text.end();
  }
}

const maskRemark = 'Secrets are masked: each is as many * as it has bytes. With --secrets they stay.';

class Both implements DialogueListener {
  constructor(
    readonly first: DialogueListener,
    readonly second: DialogueListener,
  ) {}

  began(at: number): void {
    this.first.began(at);
    this.second.began(at);
  }

  host(unit: HostUnit): void {
    this.first.host(unit);
    this.second.host(unit);
  }

  modem(unit: ModemUnit): void {
    this.first.modem(unit);
    this.second.modem(unit);
  }

  happened(item: Happening, at: number): void {
    this.first.happened(item, at);
    this.second.happened(item, at);
  }
}
