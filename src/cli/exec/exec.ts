/**
 * `atmodem exec -- COMMAND`: a modem for as long as a command runs. Starts the modem, gives the command its port, waits,
 * ends both; the exit code says what came of command and scenario.
 */
import { basename } from 'node:path';
import { systemClock } from '../../base/clock.js';
import { OperatorError } from '../../base/errors.js';
import type { Daemon } from '../../daemon.js';
import type { Suite } from '../../scenarios/verdict.js';
import { tellFailure } from '../failure.js';
import { createLog } from '../log.js';
import type { Output } from '../output.js';
import { readyOf } from '../ready.js';
import { readConfig, recordingsOf, showDialogue, startFrom, watchPorts } from '../run.js';
import { daemonConfig, type RunOptions } from '../run-options.js';
import { ScenarioVerdicts } from '../scenario-reports.js';
import { CommandProcess } from './command-process.js';
import { DialogueTail } from './dialogue-tail.js';
import { exitCodeOf, isGood, type Outcome, outcomeText, ownFailure } from './exit-code.js';
import { environmentFor, fillIn } from './placeholders.js';
import { type ExecReport, report, writeFailure } from './report.js';
import { PassedSignals } from './signals.js';

export interface ExecOptions extends RunOptions {
  config?: string;
  /** Milliseconds. */
  timeout?: number;
  /** Milliseconds between SIGTERM and SIGKILL. */
  grace: number;
  transcript?: string;
  untilVerdict?: true;
}

/** Never rejects: what goes wrong with atmodem itself is told, and 125. */
export async function exec(command: readonly string[], options: ExecOptions, output: Output): Promise<number> {
  try {
    return await execute(command, options, output);
  } catch (error) {
    tellFailure(error, output);
    writeFailure(error, command, options, output);
    return ownFailure;
  }
}

async function execute(command: readonly string[], options: ExecOptions, output: Output): Promise<number> {
  const read = options.config === undefined ? undefined : await readConfig(options.config);
  const config = daemonConfig(options, read?.config);
  if (options.untilVerdict && config.modems.every(({ scenario }) => scenario === undefined))
    throw new OperatorError('usage', '--until-verdict is for a scenario', { hint: 'Name its file: --scenario FILE.' });
  const log = createLog(options.logLevel, process.stderr.isTTY ? 'readable' : 'json', output);
  const recordings = await recordingsOf(config, { record: options.transcript, secrets: options.secrets });
  const daemon = await startFrom(read, config, { clock: systemClock, log, between: recordings?.between });
  recordings?.follow(daemon);
  let done: ExecReport;
  try {
    done = await attend(command, options, daemon, output);
  } finally {
    await daemon.stop();
    await recordings?.end();
  }
  await report(done, options, output);
  return exitCodeOf(
    done.outcome,
    done.verdicts.every(({ passed }) => passed),
  );
}

/** From the command's start to its end, and the scenario's. */
async function attend(
  command: readonly string[],
  options: ExecOptions,
  daemon: Daemon,
  output: Output,
): Promise<ExecReport> {
  const tail = new DialogueTail(daemon);
  const verdicts = new ScenarioVerdicts(daemon, () => {});
  if (options.verbose) showDialogue(daemon, output);
  const startedAt = systemClock.now();
  const { outcome, failure } = await outcomeOf(command, options, daemon, verdicts);
  const name = basename(command[0] ?? '');
  const suite: Suite = {
    name: `command ${name}`,
    duration: systemClock.now() - startedAt,
    cases: [
      {
        name: `${name} does its part`,
        passed: isGood(outcome),
        at: systemClock.now() - startedAt,
        message: failure?.message ?? `${name} ${outcomeText(outcome)}`,
      },
    ],
  };
  return { outcome, command: suite, verdicts: await verdicts.stop(), dialogue: tail.lines };
}

interface End {
  outcome: Outcome;
  /** Of atmodem's own. */
  failure?: Error;
}

async function outcomeOf(
  command: readonly string[],
  options: ExecOptions,
  daemon: Daemon,
  verdicts: ScenarioVerdicts,
): Promise<End> {
  const ready = readyOf(daemon);
  const words = command.map(word => fillIn(word, ready));
  const signals = new PassedSignals();
  try {
    const started = await CommandProcess.start(words, { ...process.env, ...environmentFor(ready) });
    if ('failure' in started) return { outcome: started.failure };
    signals.to(signal => started.command.signal(signal));
    return await endOf(started.command, options, daemon, verdicts);
  } finally {
    signals.stop();
  }
}

/** What comes first. The modem stays as long as the command does: one that ends well hangs up first. */
async function endOf(
  running: CommandProcess,
  { timeout, grace, untilVerdict }: ExecOptions,
  daemon: Daemon,
  verdicts: ScenarioVerdicts,
): Promise<End> {
  const failed = failureOf(daemon);
  const ends: Promise<End>[] = [running.ended.then(outcome => ({ outcome })), failed.reached];
  const timer = timeout === undefined ? undefined : timerOf(timeout);
  if (timer) ends.push(timer.reached);
  if (untilVerdict) ends.push(verdicts.all.then(() => ({ outcome: { kind: 'verdict' } })));
  const end = await Promise.race(ends);
  timer?.cancel();
  await running.end(grace);
  failed.forget();
  return end;
}

function timerOf(ms: number): { reached: Promise<End>; cancel(): void } {
  let cancel = () => {};
  const reached = new Promise<End>(resolve => {
    const timer = systemClock.after(ms, () => resolve({ outcome: { kind: 'timeout' } }));
    cancel = () => timer.cancel();
  });
  return { reached, cancel };
}

/** A port that is lost, or a bug that gets through: the command can no longer be tested. */
function failureOf(daemon: Daemon): { reached: Promise<End>; forget(): void } {
  let fail = (_error: Error) => {};
  const reached = new Promise<End>(resolve => {
    fail = failure => resolve({ outcome: { kind: 'failed' }, failure });
  });
  watchPorts(daemon, error => fail(error));
  const bug = (error: Error) => fail(error);
  process.on('uncaughtException', bug);
  return { reached, forget: () => process.off('uncaughtException', bug) };
}
