/** `run --record FILE`: what passes the first port of each modem, as a transcript, with the messages of its broker. */
import { join, parse } from 'node:path';
import { fromBuffer, utf8ToBytes } from '../base/bytes.js';
import type { Clock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { PublishedMessage } from '../broker/embedded.js';
import type { ModemConfig } from '../config/modem-config.js';
import { headerOf } from '../config/transcript-modem.js';
import type { Daemon } from '../daemon.js';
import type { Modem } from '../modem/modem.js';
import { matchesFilter } from '../mqtt/topic-filter.js';
import type { Port } from '../ports/port.js';
import { Masks } from '../recording/masks.js';
import { RecordedPort } from '../recording/recorded-port.js';
import { Recording } from '../recording/recording.js';
import type { Message, TranscriptHeader } from '../transcripts/transcript.js';
import { RecordingFile } from './recording-file.js';

export interface RunRecordingOptions {
  /** Of the files; `{name}` stands for the modem's. */
  path: string;
  secrets: boolean;
  /** Modems find what an earlier run has kept for them. */
  hasState: boolean;
  clock: Clock;
}

interface ModemRecording {
  modem: Modem;
  recording: Recording;
  file: RecordingFile;
}

const nameField = '{name}';

export class RunRecordings {
  readonly #options: RunRecordingOptions;
  readonly #recordings: ModemRecording[] = [];

  /** @throws OperatorError where several modems would share a file */
  constructor(options: RunRecordingOptions, modems: number) {
    this.#options = options;
    if (modems === 1 || options.path.includes(nameField)) return;
    throw new OperatorError('usage', 'several modems cannot be recorded in one file', {
      found: `${options.path}, and ${modems} modems`,
      hint: `Put ${nameField} into the path: each modem's name takes its place.`,
    });
  }

  /** What the daemon puts between a modem and its port. @throws OperatorError */
  readonly between = (port: Port, modem: Modem, config: ModemConfig): Port => {
    const { clock } = this.#options;
    const file = RecordingFile.open(this.#pathFor(modem));
    const recording = this.#recordingOf(modem, config, file);
    this.#recordings.push({ modem, recording, file });
    return new RecordedPort(port, recording.recorder, clock);
  };

  /** From here on the broker's messages are recorded too. */
  follow({ broker }: Pick<Daemon, 'broker'>): void {
    broker?.arriving.on(message => {
      for (const { modem, recording } of this.#recordings) this.#published(message, modem, recording);
    });
  }

  /** After the daemon has stopped. @throws OperatorError where a file is not complete */
  async end(): Promise<void> {
    for (const { recording } of this.#recordings) recording.end();
    await Promise.all(this.#recordings.map(({ file }) => file.close()));
  }

  /** A modem that a reload starts anew has another recording beside the first. */
  #pathFor({ name }: Modem): string {
    const path = this.#options.path.replaceAll(nameField, name.replace(/[^\w.-]/g, '_'));
    const { dir, name: base, ext } = parse(path);
    const isTaken = (each: string) => this.#recordings.some(({ file }) => file.path === each);
    let free = path;
    for (let i = 2; isTaken(free); i++) free = join(dir, `${base}.${i}${ext}`);
    return free;
  }

  #recordingOf(modem: Modem, config: ModemConfig, file: RecordingFile): Recording {
    const { clock, secrets, hasState } = this.#options;
    const { header, unsaid } = headerOf(modem.name, config);
    const unknown = hasState ? [...unsaid, 'state'] : unsaid;
    const masks = secrets ? undefined : new Masks({ dialect: modem.dialect, known: () => modem.secrets });
    const shown = masks ? withoutSecrets(header, masks, modem) : header;
    return new Recording({
      masks,
      header: () => ({ ...shown, date: clock.wall() }),
      remarks: [
        `Recorded at modem ${modem.name}, ${new Date(clock.wall()).toISOString()}.`,
        ...(unknown.length > 0
          ? [`What the header does not say, and a replay does not have: ${unknown.join(', ')}.`]
          : []),
      ],
      write: file.write,
    });
  }

  #published({ clientId, payload, ...rest }: PublishedMessage, modem: Modem, { recorder }: Recording): void {
    const message: Message = { ...rest, payload: fromBuffer(payload) };
    const at = this.#options.clock.now();
    if (isItsOwn(clientId, modem)) recorder.happened({ kind: 'delivery', line: 0, message }, at);
    else if (concerns(message, modem)) recorder.happened({ kind: 'publish', line: 0, message }, at);
  }
}

function withoutSecrets(header: TranscriptHeader, masks: Masks, { dialect }: Modem): TranscriptHeader {
  return {
    ...header,
    settings: header.settings.map(({ name, value }) => ({
      name,
      value: dialect.settings.get(name)?.secret ? masks.maskOf(utf8ToBytes(value)) : value,
    })),
    accessPoints: header.accessPoints.map(({ ssid, password }) =>
      password === undefined ? { ssid } : { ssid, password: masks.maskOf(utf8ToBytes(password)) },
    ),
  };
}

const clientsOf = ({ clients }: Modem) => clients.indexes.flatMap(index => clients.ifAny(index)?.client ?? []);

const isItsOwn = (clientId: string | undefined, modem: Modem): boolean =>
  clientId !== undefined && clientsOf(modem).some(client => client.clientId === clientId);

/** Is it delivered to this modem, or kept for later? A host that makes MQTT by hand has its own clients, which nobody knows. */
function concerns({ topic, retain }: Message, modem: Modem): boolean {
  if (modem.links.open.length > 0) return false;
  if (retain) return true;
  return clientsOf(modem).some(client => [...client.subscriptions.keys()].some(filter => matchesFilter(filter, topic)));
}
