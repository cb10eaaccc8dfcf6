/** The module's side of a transcript, played at a port. Ends with the dialogue, or with what the host says otherwise. */
import { fromBuffer, toBuffer, visible } from '../base/bytes.js';
import { systemClock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { usualLineEnd } from '../config/transcript-modem.js';
import { openDialect } from '../dialects/open.js';
import { createPort, parsePort } from '../ports/open-port.js';
import type { Port } from '../ports/port.js';
import { withoutEnd } from '../recording/host-talk.js';
import { Masks } from '../recording/masks.js';
import { type Deviation, ModulePart, type ModulePartParts, type PartEnd } from '../recording/module-part.js';
import type { HostItem } from '../transcripts/transcript.js';
import { type EndOfRun, endOfRun } from './end-of-run.js';
import { type ExitCode, tellFailure } from './failure.js';
import { besideStdout, type Output } from './output.js';
import type { ReplayOptions } from './replay.js';
import type { LoadedPlay } from './transcript-files.js';

/** Ms that a host may take to read the last words and leave: what a pty still holds is lost when it is closed. */
const farewell = 1000;
/** Bytes that a host has not read, past which it is waited for. */
const mostUnread = 256 * 1024;

export async function replayModule(
  file: string,
  { play, items, content, placeOf }: LoadedPlay,
  { port: spec = 'pty', timing, lenient }: ReplayOptions,
  log: Log,
  told: Output,
): Promise<ExitCode> {
  const { header, channels } = play;
  const output = spec === 'stdio' ? besideStdout(told) : told;
  const dialect = await openDialect(header.dialect);
  const bytes = header.end ?? usualLineEnd(dialect);
  const port = await createPort(parsePort(spec), { clock: systemClock, log });
  if (channels > 1) output.note('The dialogue has several ports: the first one is played.');
  const run = endOfRun();
  try {
    const masks = new Masks({ dialect });
    const deviated = (deviation: Deviation) => output.result(deviationText(deviation, placeOf, masks));
    const end = { bytes, isStrict: header.end !== undefined };
    const manner = { timing, isLenient: lenient === true, isMasked: header.secrets === 'masked' };
    const stage = new ModuleStage(port, run, { items, end, content, clock: systemClock, ...manner, deviated });
    await stage.open();
    output.result(`the module of ${file} is at ${port.path}`);
    const how = await Promise.race([stage.ended, run.reached]);
    if (how instanceof Error) return tellFailure(how, output);
    if (how === undefined) {
      const { next } = stage.part;
      output.note(`stopped before the end${next ? `, at ${placeOf(next)}` : ''}`);
      return 1;
    }
    await stage.farewell();
    return how === 'played' ? 0 : 1;
  } finally {
    run.forget();
    await port.close();
  }
}

/** The port, and who plays at it. */
class ModuleStage {
  readonly part: ModulePart;
  readonly ended: Promise<PartEnd>;
  readonly #left: Promise<void>;
  #leave = () => {};

  constructor(
    readonly port: Port,
    readonly run: EndOfRun,
    parts: Omit<ModulePartParts, 'write' | 'isFull' | 'ended'>,
  ) {
    let end: (how: PartEnd) => void = () => {};
    this.ended = new Promise(resolve => {
      end = resolve;
    });
    this.#left = new Promise(resolve => {
      this.#leave = resolve;
    });
    const write = (bytes: string) => port.write(toBuffer(bytes));
    this.part = new ModulePart({ ...parts, write, isFull: () => port.queued > mostUnread, ended: end });
  }

  open(): Promise<void> {
    return this.port.open({
      attached: () => this.part.attached(),
      detached: () => {
        this.part.detached();
        this.#leave();
      },
      bytes: chunk => this.part.host(fromBuffer(chunk)),
      drained: () => this.part.drained(),
      lost: reason => this.run.fail(new OperatorError('port', `${this.port.path} is gone`, { found: reason.message })),
    });
  }

  async farewell(): Promise<void> {
    if (!this.port.isAttached) return;
    const over = new Promise<void>(resolve => void systemClock.after(farewell, resolve));
    await Promise.race([over, this.#left, this.run.reached]);
  }
}

/** What the host says may be a secret. */
function deviationText(
  { item, expected, found, goesOnAt }: Deviation,
  placeOf: (item: HostItem) => string,
  masks: Masks,
): string {
  const text = withoutEnd(found);
  return [
    `${placeOf(item)}: the host says something else`,
    `  found:    ${visible(masks.line(text) + found.slice(text.length))}`,
    `  expected: ${visible(expected)}`,
    ...(goesOnAt ? [`  It goes on at ${placeOf(goesOnAt)}.`] : []),
  ].join('\n');
}
