/** The host's side of a transcript, played at an emulated modem or at a port, and what is answered compared. */
import { type ByteString, fromBuffer, toBuffer } from '../base/bytes.js';
import { systemClock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { ModemConfig } from '../config/modem-config.js';
import { beginsSilent, modemOf, usualDate, usualLineEnd } from '../config/transcript-modem.js';
import { openDialect } from '../dialects/open.js';
import { isLoopback } from '../net/policy.js';
import { DifferenceReport } from '../recording/difference-report.js';
import { Heard } from '../recording/heard.js';
import { HostPart, type Target } from '../recording/host-part.js';
import { type ModuleLine, openLine, parseLine } from '../recording/module-line.js';
import { formatItem } from '../transcripts/format.js';
import type { PlayHeader } from '../transcripts/given.js';
import type { Route } from '../transcripts/transcript.js';
import { EmulatedModem } from './emulated.js';
import { type EndOfRun, endOfRun } from './end-of-run.js';
import { type ExitCode, tellFailure } from './failure.js';
import type { Output } from './output.js';
import type { ReplayOptions } from './replay.js';
import type { LoadedPlay } from './transcript-files.js';

export async function replayHost(
  file: string,
  loaded: LoadedPlay,
  options: ReplayOptions,
  log: Log,
  output: Output,
): Promise<ExitCode> {
  const run = endOfRun();
  try {
    if (options.to !== undefined && loaded.play.header.secrets)
      output.note(`Secrets in ${file} are masked: the module gets the masks.`);
    const stage = options.to === undefined ? emulated(loaded, options, log, output) : atPort(options.to, run);
    return await play(file, loaded, options, await stage, run, output);
  } finally {
    run.forget();
  }
}

interface Stage {
  target: Target;
  /** What it is called. */
  side: string;
  close(): Promise<void>;
}

async function play(
  file: string,
  { play: { header }, items, content, placeOf }: LoadedPlay,
  { timing, strict, dialect }: ReplayOptions,
  { target, side, close }: Stage,
  run: EndOfRun,
  output: Output,
): Promise<ExitCode> {
  const report = new DifferenceReport({
    sides: { expected: 'recorded', actual: side },
    tell: text => output.result(text),
  });
  const end = header.end ?? usualLineEnd(await openDialect(dialect ?? header.dialect));
  const notPlayed = (item: Parameters<typeof formatItem>[0]) =>
    output.note(`${placeOf(item)}: not played here: ${formatItem(item)}`);
  const part = new HostPart({ items, end, content, target, report, clock: systemClock, timing, placeOf, notPlayed });
  try {
    const failure = await Promise.race([part.play().then(() => 'played' as const), run.reached]);
    if (failure instanceof Error) return tellFailure(failure, output);
    output.result(failure === 'played' ? `${file}: ${report.summary}` : `${file}: stopped; ${report.summary}`);
    return failure === 'played' && report.isSame(strict === true) ? 0 : 1;
  } finally {
    await close();
  }
}

/** Chance in faults falls the same way each time. */
const seed = 1;

async function emulated(
  { play: { header, isFaulty }, content }: LoadedPlay,
  { dialect = header.dialect, route: routes = [] }: ReplayOptions,
  log: Log,
  output: Output,
): Promise<Stage> {
  const config = configOf({ ...header, dialect }, routes, content, output);
  const date = header.date ?? usualDate;
  const target = await EmulatedModem.start(config, log, { date, seed: isFaulty ? seed : undefined });
  if (header.power === undefined) await target.boot();
  else target.port.attach();
  if (header.power === 'start') target.modem.powerOn();
  if (beginsSilent(header, target.modem.dialect)) target.setEcho('off');
  return { target, side: 'emulated', close: () => target.stop() };
}

/** What the operator routes goes first; a route of the file may lead to the broker here, or to this machine. */
function configOf(
  header: PlayHeader,
  routes: readonly string[],
  content: LoadedPlay['content'],
  output: Output,
): ModemConfig {
  const placed = header.routes.map(route => placeOf(route, output));
  return {
    ...modemOf(header),
    power: header.power === 'start' ? 'manual' : header.power,
    routes: [...routes, ...placed.filter(route => route !== undefined)],
    certs: Object.fromEntries(header.files.map(({ name }) => [name, content(name)])),
    listen: ['*=127.0.0.1:0'],
  };
}

/** Nobody listens there, most likely: the first of the ports that only an administrator may have. */
const nowhere = '127.0.0.1:1';
const brokers = ['broker', 'tls', 'ws', 'wss'];

function placeOf({ pattern, target }: Route, output: Output): string | undefined {
  if (target.kind === 'endpoint' && brokers.includes(target.name)) return `${pattern}=embedded`;
  if (target.kind === 'endpoint' && target.name === 'refused') return `${pattern}=${nowhere}`;
  if (target.kind === 'address' && isLoopback(target.host)) return `${pattern}=${target.host}:${target.port}`;
  output.note(
    `The route of ${pattern} is not followed here: what needs it differs, unless --route leads it somewhere.`,
  );
  return undefined;
}

/** A modem that is there already. */
async function atPort(text: string, run: EndOfRun): Promise<Stage> {
  const heard = new Heard();
  const line = await openLine(parseLine(text), {
    bytes: chunk => heard.add(fromBuffer(chunk)),
    drained: () => {},
    lost: reason => run.fail(new OperatorError('port', `${text} is gone`, { found: reason })),
  });
  return { target: new LineTarget(line, heard), side: 'real', close: () => line.close() };
}

class LineTarget implements Target {
  constructor(
    readonly line: ModuleLine,
    readonly heard: Heard,
  ) {}

  write(bytes: ByteString): void {
    this.line.write(toBuffer(bytes));
  }

  /** What happens around a real module is not ours to do. */
  async cause(): Promise<boolean> {
    return false;
  }
}
