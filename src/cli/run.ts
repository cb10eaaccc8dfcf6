/**
 * `atmodem run`: starts the daemon, says where it is, and waits; SIGHUP reads the config again. Ends with 0 when it is told
 * to stop, with 1 when a port is lost, a bug gets through or a scenario failed; links and sockets are gone by then.
 */
import { existsSync } from 'node:fs';
import { systemClock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { ConfigFile } from '../config/file.js';
import type { DaemonConfig } from '../config/modem-config.js';
import type { Changes } from '../daemon/fleet.js';
import { type Daemon, type DaemonParts, startDaemon } from '../daemon.js';
import { isGrammarPath } from '../grammar/library.js';
import type { Modem } from '../modem/modem.js';
import type { ConfigSource } from './config-reload.js';
import { endOfRun } from './end-of-run.js';
import { type ExitCode, tellFailure } from './failure.js';
import { ControllingTerminal } from './hang-up.js';
import { dialogueText } from './live-dialogue.js';
import { createLog } from './log.js';
import { besideStdout, type Output } from './output.js';
import { readyInWords, readyOf } from './ready.js';
import { daemonConfig, type RunOptions } from './run-options.js';
import type { RunRecordings } from './run-recordings.js';
import { announce } from './running.js';
import type { ScenarioVerdicts } from './scenario-reports.js';

/** The spec of the port that stdin and stdout are. */
const stdio = 'stdio';

export async function run(file: string | undefined, options: RunOptions, output: Output): Promise<ExitCode> {
  const token = process.env.ATMODEM_TOKEN || undefined;
  const read = file === undefined ? undefined : await readConfig(file);
  const complete = (config: DaemonConfig | undefined) => daemonConfig({ ...options, token }, config);
  const config = complete(read?.config);
  const told = speaksOnStdout(config) ? besideStdout(output) : output;
  checkReports(config, options);
  const log = createLog(options.logLevel, process.stderr.isTTY ? 'readable' : 'json', output);
  const hangUp = new HangUp();
  const end = endOfRun(fail => hangUp.take(fail));
  try {
    const recordings = await recordingsOf(config, options);
    const daemon = await startFrom(read, config, { clock: systemClock, log, between: recordings?.between });
    recordings?.follow(daemon);
    watchPorts(daemon, end.fail);
    watchStdin(daemon, end.stop);
    if (options.verbose) showDialogue(daemon, output);
    let conceal = await sayReady(daemon, options, told);
    if (read) {
      const reload = async () => {
        const changes = await reloaded({ file: read.file, complete }, daemon, options, told);
        conceal();
        conceal = announce(readyOf(daemon));
        return changes;
      };
      hangUp.reload = () =>
        reload().then(
          () => {},
          error => tellUnchanged(error, told),
        );
      if (daemon.control) daemon.control.reload = reload;
    }
    const verdicts = await followScenarios(daemon, options, told);
    const failure = await end.reached;
    const havePassed = (await verdicts?.stop())?.every(({ passed }) => passed) ?? true;
    conceal();
    await daemon.stop();
    await recordings?.end();
    if (failure !== undefined) return tellFailure(failure, output);
    return havePassed ? 0 : 1;
  } finally {
    end.forget();
  }
}

export async function startFrom(
  read: ConfigFile | undefined,
  config: DaemonConfig,
  parts: DaemonParts,
): Promise<Daemon> {
  try {
    return await startDaemon(config, parts);
  } catch (error) {
    if (!read) throw error;
    const { atItsPlace } = await import('./config-reload.js');
    throw await atItsPlace(read, config, error);
  }
}

const speaksOnStdout = ({ modems }: DaemonConfig): boolean =>
  modems.some(({ port = [] }) => [port].flat().includes(stdio));

export async function readConfig(file: string): Promise<ConfigFile> {
  if (!existsSync(file) && !isGrammarPath(file)) {
    const hint = `A config is a YAML file; a dialect is an option: --dialect ${file}`;
    throw new OperatorError('usage', `there is no config ${file}`, { hint });
  }
  const { readSource } = await import('./config-reload.js');
  return readSource({ file });
}

/** @throws OperatorError; all is as it was then */
async function reloaded(source: ConfigSource, daemon: Daemon, { json }: RunOptions, output: Output): Promise<Changes> {
  const { changesInWords, reloadConfig } = await import('./config-reload.js');
  const changes = await reloadConfig(source, daemon);
  const { modems } = readyOf(daemon);
  output.result(json ? JSON.stringify({ event: 'reloaded', ...changes, modems }) : changesInWords(changes));
  return changes;
}

/** A mistake in the new config ends nothing: what ran runs on. */
function tellUnchanged(error: unknown, output: Output): void {
  tellFailure(error, output);
  output.note('nothing was changed');
}

/** @throws OperatorError (usage) */
export async function recordingsOf(
  config: DaemonConfig,
  { record, secrets }: Pick<RunOptions, 'record' | 'secrets'>,
): Promise<RunRecordings | undefined> {
  if (record === undefined && secrets)
    throw new OperatorError('usage', '--secrets is for a recording', { hint: 'Name its file: --record FILE.' });
  if (record === undefined) return undefined;
  const { RunRecordings } = await import('./run-recordings.js');
  const options = { path: record, secrets: secrets ?? false, hasState: config.state !== undefined, clock: systemClock };
  return new RunRecordings(options, config.modems.length);
}

/** @throws OperatorError (usage) */
function checkReports({ modems }: DaemonConfig, { junit, tap }: RunOptions): void {
  const wanted = junit !== undefined ? '--junit' : tap !== undefined ? '--tap' : undefined;
  if (wanted !== undefined && modems.every(({ scenario }) => scenario === undefined))
    throw new OperatorError('usage', `${wanted} is for a scenario`, { hint: 'Name its file: --scenario FILE.' });
}

/** Each verdict is told when it is final; the reports are written when the last one is. */
async function followScenarios(
  daemon: Daemon,
  { json, junit, tap }: RunOptions,
  output: Output,
): Promise<ScenarioVerdicts | undefined> {
  if (daemon.scenarios.size === 0) return undefined;
  const { ScenarioVerdicts, writeReports } = await import('./scenario-reports.js');
  const { verdictInWords } = await import('../scenarios/verdict.js');
  const verdicts = new ScenarioVerdicts(daemon, verdict =>
    output.result(json ? JSON.stringify({ event: 'verdict', ...verdict }) : verdictInWords(verdict)),
  );
  verdicts.all.then(all => writeReports({ junit, tap }, all)).catch(error => tellFailure(error, output));
  return verdicts;
}

async function sayReady(daemon: Daemon, options: RunOptions, output: Output): Promise<() => void> {
  const ready = readyOf(daemon);
  output.result(
    options.json
      ? JSON.stringify(ready)
      : readyInWords(ready, { takenPort: daemon.broker?.takenPort, control: daemon.control }),
  );
  if (options.welcome) {
    const { welcome } = await import('./welcome.js');
    output.result(welcome(ready));
  }
  return announce(ready);
}

/** A modem without its port is of no use to anybody: better to end than to seem to run. */
export function watchPorts(daemon: Pick<Daemon, 'modems' | 'started'>, fail: (error: Error) => void): void {
  forEachModem(daemon, modem => {
    modem.events.on(event => {
      if (event.event !== 'port-lost') return;
      const port = modem.channel(event.channel)?.port;
      fail(new OperatorError('port', `${modem.name} lost its port ${port?.path ?? ''}`, { found: event.reason }));
    });
  });
}

/** The host on stdin has no more to say, and no other can come. */
function watchStdin(daemon: Daemon, stop: () => void): void {
  forEachModem(daemon, modem => {
    modem.events.on(event => {
      if (event.event === 'detached' && modem.channel(event.channel)?.port.spec === stdio) stop();
    });
  });
}

export function showDialogue(daemon: Daemon, output: Output): void {
  forEachModem(daemon, modem => {
    const isOne = modem.channels.length === 1;
    // A guest may come later.
    modem.dialogue.on(line => {
      const byChannel = !isOne || line.channel > 0;
      output.note(dialogueText(line, { byModem: daemon.modems.length > 1, byChannel }));
    });
  });
}

/** Those that run, and those that come. */
function forEachModem({ modems, started }: Pick<Daemon, 'modems' | 'started'>, act: (modem: Modem) => void): void {
  modems.forEach(act);
  started.on(act);
}

/** SIGHUP before there is anything to reload, or without its terminal, ends the run. */
class HangUp {
  reload: (() => Promise<void>) | undefined;
  readonly #terminal = new ControllingTerminal();

  /** Says whether it was taken for a wish to reload. */
  take(fail: (error: Error) => void): boolean {
    if (!this.reload || this.#terminal.isGone) return false;
    this.reload().catch(fail);
    return true;
  }
}
