/**
 * `atmodem run`: starts the daemon, says where it is, and waits. Ends with 0 when it is told to stop, with 1 when a port
 * is lost, a bug gets through or a scenario failed; links and sockets are gone by then.
 */
import { existsSync } from 'node:fs';
import { systemClock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { DaemonConfig } from '../config/modem-config.js';
import { type Daemon, startDaemon } from '../daemon.js';
import { isGrammarPath } from '../grammar/library.js';
import { endOfRun } from './end-of-run.js';
import { type ExitCode, tellFailure } from './failure.js';
import { dialogueText } from './live-dialogue.js';
import { createLog } from './log.js';
import type { Output } from './output.js';
import { readyInWords, readyOf } from './ready.js';
import { daemonConfig, type RunOptions } from './run-options.js';
import type { RunRecordings } from './run-recordings.js';
import { announce } from './running.js';
import type { ScenarioVerdicts } from './scenario-reports.js';

export async function run(file: string | undefined, options: RunOptions, output: Output): Promise<ExitCode> {
  const config = daemonConfig(options, file === undefined ? undefined : await readConfig(file));
  checkReports(config, options);
  const log = createLog(options.logLevel, process.stderr.isTTY ? 'readable' : 'json', output);
  const end = endOfRun();
  try {
    const recordings = await recordingsOf(config, options);
    const daemon = await startDaemon(config, { clock: systemClock, log, between: recordings?.between });
    recordings?.follow(daemon);
    watchPorts(daemon, end.fail);
    if (options.verbose) showDialogue(daemon, output);
    const conceal = await sayReady(daemon, options, output);
    const verdicts = await followScenarios(daemon, options, output);
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

export async function readConfig(file: string): Promise<DaemonConfig> {
  if (!existsSync(file) && !isGrammarPath(file)) {
    const hint = `A config is a YAML file; a dialect is an option: --dialect ${file}`;
    throw new OperatorError('usage', `there is no config ${file}`, { hint });
  }
  const { readConfigFile } = await import('../config/file.js');
  const { checkDialects } = await import('./config-dialects.js');
  const read = await readConfigFile(file);
  await checkDialects(read);
  return read.config;
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
  output.result(options.json ? JSON.stringify(ready) : readyInWords(ready, daemon.broker?.takenPort));
  if (options.welcome) {
    const { welcome } = await import('./welcome.js');
    output.result(welcome(ready));
  }
  return announce(ready);
}

/** A modem without its port is of no use to anybody: better to end than to seem to run. */
export function watchPorts({ modems }: Pick<Daemon, 'modems'>, fail: (error: Error) => void): void {
  for (const modem of modems) {
    modem.events.on(event => {
      if (event.event !== 'port-lost') return;
      const port = modem.channels[event.channel]?.port;
      fail(new OperatorError('port', `${modem.name} lost its port ${port?.path ?? ''}`, { found: event.reason }));
    });
  }
}

export function showDialogue({ modems }: Daemon, output: Output): void {
  const byModem = modems.length > 1;
  for (const modem of modems) {
    const byChannel = modem.channels.length > 1;
    modem.dialogue.on(line => output.note(dialogueText(line, { byModem, byChannel })));
  }
}
