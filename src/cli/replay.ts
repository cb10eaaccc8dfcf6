/** `atmodem replay`: one side of a transcript is played, the module's at a port or the host's at a modem. */
import { OperatorError } from '../base/errors.js';
import type { ExitCode } from './failure.js';
import { createLog, type LogLevel } from './log.js';
import type { Output } from './output.js';
import { loadPlay } from './transcript-files.js';

export interface ReplayOptions {
  timing: 'recorded' | 'none';
  port?: string;
  lenient?: true;
  host?: true;
  dialect?: string;
  to?: string;
  route?: readonly string[];
  strict?: true;
  logLevel: LogLevel;
}

const ofModule = ['port', 'lenient'] as const;
const ofHost = ['dialect', 'to', 'route', 'strict'] as const;

export async function replay(file: string, options: ReplayOptions, output: Output): Promise<ExitCode> {
  refuseMixed(options);
  const loaded = loadPlay(file);
  const log = createLog(options.logLevel, process.stderr.isTTY ? 'readable' : 'json', output);
  if (!options.host) {
    const { replayModule } = await import('./replay-module.js');
    return replayModule(file, loaded, options, log, output);
  }
  const { replayHost } = await import('./replay-host.js');
  return replayHost(file, loaded, options, log, output);
}

/** @throws OperatorError (usage) */
function refuseMixed(options: ReplayOptions): void {
  const foreign = (options.host ? ofModule : ofHost).find(option => options[option] !== undefined);
  if (foreign !== undefined) {
    throw new OperatorError('usage', `--${foreign} is for the other side of the transcript`, {
      found: options.host ? '--host: the host is played' : 'no --host: the module is played',
      hint: `With --host: ${names(ofHost)}. Without: ${names(ofModule)}.`,
    });
  }
  const both = (['dialect', 'route'] as const).find(option => options[option] !== undefined);
  if (options.to === undefined || both === undefined) return;
  throw new OperatorError('usage', `--${both} is for the emulated modem`, {
    found: `--to ${options.to}: the host is played at a port`,
  });
}

const names = (options: readonly string[]): string => options.map(option => `--${option}`).join(', ');
