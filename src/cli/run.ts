/**
 * `atmodem run`: starts the daemon, says where it is, and waits. Ends with 0 when it is told to stop, with 1 when a port
 * is lost or a bug gets through; links and sockets are gone by then.
 */
import { existsSync } from 'node:fs';
import { systemClock } from '../base/clock.js';
import { OperatorError } from '../base/errors.js';
import type { DaemonConfig } from '../config/modem-config.js';
import { type Daemon, startDaemon } from '../daemon.js';
import { isGrammarPath } from '../grammar/library.js';
import { type ExitCode, tellFailure } from './failure.js';
import { dialogueText } from './live-dialogue.js';
import { createLog } from './log.js';
import type { Output } from './output.js';
import { readyInWords, readyOf } from './ready.js';
import { daemonConfig, type RunOptions } from './run-options.js';
import { announce } from './running.js';

/** The spec of the port that stdin and stdout are. */
const stdio = 'stdio';

/** Milliseconds: 24 days. */
const longestInterval = 0x7fff_ffff;

/** SIGHUP: the terminal is gone, and nobody else would remove the links. */
const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export async function run(file: string | undefined, options: RunOptions, output: Output): Promise<ExitCode> {
  const config = daemonConfig(options, file === undefined ? undefined : await readConfig(file));
  const told = speaksOnStdout(config) ? besideStdout(output) : output;
  const log = createLog(options.logLevel, process.stderr.isTTY ? 'readable' : 'json', output);
  const end = endOfRun();
  try {
    const daemon = await startDaemon(config, { clock: systemClock, log });
    watchPorts(daemon, end.fail);
    watchStdin(daemon, end.stop);
    if (options.verbose) showDialogue(daemon, output);
    const conceal = await sayReady(daemon, options, told);
    const failure = await end.reached;
    conceal();
    await daemon.stop();
    return failure === undefined ? 0 : tellFailure(failure, output);
  } finally {
    end.forget();
  }
}

const speaksOnStdout = ({ modems }: DaemonConfig): boolean =>
  modems.some(({ port = [] }) => [port].flat().includes(stdio));

/** stdout is what a modem says: what it is told about goes beside it. */
const besideStdout = (output: Output): Output => ({
  result: text => output.note(text),
  note: text => output.note(text),
});

async function readConfig(file: string): Promise<DaemonConfig> {
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

/** The host on stdin has no more to say, and no other can come. */
function watchStdin({ modems }: Daemon, stop: () => void): void {
  for (const modem of modems) {
    modem.events.on(event => {
      if (event.event === 'detached' && modem.channels[event.channel]?.port.spec === stdio) stop();
    });
  }
}

function showDialogue({ modems }: Daemon, output: Output): void {
  const byModem = modems.length > 1;
  for (const modem of modems) {
    const byChannel = modem.channels.length > 1;
    modem.dialogue.on(line => output.note(dialogueText(line, { byModem, byChannel })));
  }
}

interface EndOfRun {
  /** Resolves with nothing when the run was told to stop, with what went wrong else. */
  reached: Promise<Error | undefined>;
  fail(error: Error): void;
  stop(): void;
  /** From here on a signal does what it does by itself: a second Ctrl-C ends a stop that hangs. */
  forget(): void;
}

function endOfRun(): EndOfRun {
  let end: (failure: Error | undefined) => void = () => {};
  const reached = new Promise<Error | undefined>(resolve => {
    end = resolve;
  });
  const stop = () => {
    forget();
    end(undefined);
  };
  const fail = (error: Error) => end(error);
  const forget = () => {
    for (const signal of stopSignals) process.off(signal, stop);
    process.off('uncaughtException', fail);
    clearInterval(alive);
  };
  // A modem whose device is unplugged holds nothing open, and yet waits for it.
  const alive = setInterval(() => {}, longestInterval);
  for (const signal of stopSignals) process.on(signal, stop);
  process.on('uncaughtException', fail);
  return { reached, fail, stop, forget };
}
