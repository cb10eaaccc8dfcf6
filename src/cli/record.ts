/**
 * `atmodem record`: between a host and a real module, recording what passes; beside it, if asked for, an emulated modem that
 * is told the same. Ends with 0 when it is told to stop, with 1 when an end is lost or the two modems differ.
 */
import type { ByteString } from '../base/bytes.js';
import { systemClock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { openDialect } from '../dialects/open.js';
import type { Dialect } from '../grammar/dialect.js';
import { builtInLibrary } from '../grammar/library.js';
import { createPort, parsePort } from '../ports/open-port.js';
import type { Port } from '../ports/port.js';
import { DifferenceReport } from '../recording/difference-report.js';
import { Masks } from '../recording/masks.js';
import { type LineAddress, openLine, parseLine } from '../recording/module-line.js';
import { RecordedPort } from '../recording/recorded-port.js';
import { Recording } from '../recording/recording.js';
import { Relay } from '../recording/relay.js';
import { SideBySide } from '../recording/side-by-side.js';
import { EmulatedModem } from './emulated.js';
import { type EndOfRun, endOfRun } from './end-of-run.js';
import { type ExitCode, tellFailure } from './failure.js';
import { createLog, type LogLevel } from './log.js';
import { besideStdout, type Output } from './output.js';
import { RecordingFile } from './recording-file.js';

export interface RecordOptions {
  through: string;
  port: string;
  dialect?: string;
  out?: string;
  compare?: string;
  route?: readonly string[];
  strict?: true;
  secrets?: true;
  logLevel: LogLevel;
}

export async function record(options: RecordOptions, output: Output): Promise<ExitCode> {
  const address = parseLine(options.through);
  const spec = parsePort(options.port);
  if (spec.kind === 'stdio' && options.out === undefined)
    throw new OperatorError('usage', 'stdout is the host’s, and has no room for the transcript', {
      hint: 'Name a file: --out FILE.',
    });
  const log = createLog(options.logLevel, process.stderr.isTTY ? 'readable' : 'json', output);
  const end = endOfRun();
  try {
    const session = await prepare(options, log, spec.kind === 'stdio' ? besideStdout(output) : output);
    const passing = pass(address, await createPort(spec, { clock: systemClock, log }), session, end, output);
    const failure = await passing.finally(() => session.close());
    const exitCode = session.verdict();
    return failure === undefined ? exitCode : tellFailure(failure, output);
  } finally {
    end.forget();
  }
}

/** Until it is told to stop. @returns why it had to, else */
async function pass(address: LineAddress, inner: Port, { recording }: Session, end: EndOfRun, output: Output) {
  const port = new RecordedPort(inner, recording.recorder, systemClock);
  const lost = (what: string, found: string) => end.fail(new OperatorError('port', `${what} is gone`, { found }));
  const relay = new Relay(port, { lost });
  try {
    await relay.open(events => openLine(address, events));
    output.note(`${port.path} leads to ${nameOf(address)}, and is recorded; Ctrl-C ends it`);
    return await end.reached;
  } finally {
    await relay.close();
  }
}

interface Session {
  recording: Recording;
  /** After all has passed. */
  close(): Promise<void>;
  /** Says what came of the comparison. */
  verdict(): ExitCode;
}

async function prepare(options: RecordOptions, log: Log, output: Output): Promise<Session> {
  const name = options.dialect ?? options.compare ?? 'v250';
  const dialect = await openDialect(name);
  const masks = options.secrets ? undefined : new Masks({ dialect, others: await builtInDialects() });
  const file = options.out === undefined ? undefined : RecordingFile.open(options.out);
  const comparison =
    options.compare === undefined ? undefined : await compare(options.compare, options, masks, log, output);
  const recording = new Recording({
    masks,
    listener: comparison?.sideBySide,
    header: () => ({ dialect: name, settings: [], routes: [], files: [], accessPoints: [] }),
    remarks: [
      `Recorded at ${options.through}, ${new Date(systemClock.wall()).toISOString()}.`,
      ...(name === 'v250' ? ['Which module it was is not said: --dialect.'] : []),
    ],
    write: file?.write ?? (line => output.result(line)),
  });
  return {
    recording,
    async close() {
      recording.end();
      await comparison?.end();
      await file?.close();
    },
    verdict: () => comparison?.verdict() ?? 0,
  };
}

interface Comparison {
  sideBySide: SideBySide;
  end(): Promise<void>;
  verdict(): ExitCode;
}

async function compare(
  dialect: string,
  { route: routes = [], strict, out }: RecordOptions,
  masks: Masks | undefined,
  log: Log,
  output: Output,
): Promise<Comparison> {
  if (routes.length === 0) output.note(noNetwork);
  const emulated = await EmulatedModem.start({ name: 'emulated', dialect, routes }, log);
  await emulated.boot();
  // The transcript has stdout where it has no file.
  const tell = (text: string) => (out === undefined ? output.note(text) : output.result(text));
  const hide = (bytes: ByteString) => masks?.hide(bytes) ?? bytes;
  const report = new DifferenceReport({ sides: { expected: 'real', actual: 'emulated' }, tell, hide });
  const sideBySide = new SideBySide({ counterpart: emulated, report, hide });
  return {
    sideBySide,
    end() {
      sideBySide.end();
      return emulated.stop();
    },
    verdict() {
      tell(report.summary);
      return report.isSame(strict === true) ? 0 : 1;
    },
  };
}

const noNetwork =
  'The emulated modem dials nothing, so answers that need a network differ; --route leads it to one, as in `atmodem run`.';

/** Whoever knows a command knows its secrets. */
async function builtInDialects(): Promise<Dialect[]> {
  const library = await builtInLibrary();
  return Promise.all(library.names().map(name => openDialect(name)));
}

function nameOf(address: LineAddress): string {
  switch (address.kind) {
    case 'device':
      return `${address.path} at ${address.baud} baud`;
    case 'tcp':
      return `${address.host}:${address.port}`;
    case 'unix':
      return address.path;
  }
}
