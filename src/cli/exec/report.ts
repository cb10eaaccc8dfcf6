/** What `exec` says when it is over: on the terminal, in files, and to GitHub Actions. */
import { basename } from 'node:path';
import type { Place } from '../../base/errors.js';
import { failuresOf, type Suite, type Verdict, verdictInWords } from '../../scenarios/verdict.js';
import type { Output } from '../output.js';
import { type ReportFiles, writeReports } from '../scenario-reports.js';
import { type Annotation, annotationText } from './annotations.js';
import { exitCodeOf, type Outcome } from './exit-code.js';

export interface ExecReport {
  outcome: Outcome;
  /** The command's own part. */
  command: Suite;
  verdicts: readonly Verdict[];
  /** The last lines of the dialogue. */
  dialogue: readonly string[];
}

/** Standard output is the command's: only GitHub's commands go there, which it does not read elsewhere. */
export async function report(done: ExecReport, files: ReportFiles, output: Output): Promise<void> {
  const { command, verdicts, dialogue, outcome } = done;
  const code = exitCodeOf(
    outcome,
    verdicts.every(({ passed }) => passed),
  );
  if (code !== 0) {
    if (dialogue.length > 0) output.note(`the last ${dialogue.length} lines of the dialogue:\n${dialogue.join('\n')}`);
    else output.note('nothing was said at the port');
  }
  for (const verdict of verdicts) output.note(verdictInWords(verdict));
  for (const { message } of failuresOf(command)) output.note(message);
  if (underGitHub()) for (const annotation of await annotationsOf(done)) output.result(annotationText(annotation));
  writeReports(files, [command, ...verdicts], code === 0 ? [] : dialogue);
}

/** atmodem itself failed, maybe before there was a modem: the files are written all the same. */
export function writeFailure(error: unknown, command: readonly string[], files: ReportFiles, output: Output): void {
  const message = error instanceof Error ? error.message : String(error);
  const name = basename(command[0] ?? '');
  if (underGitHub()) output.result(annotationText({ title: 'atmodem exec', message }));
  const suite = {
    name: `command ${name}`,
    duration: 0,
    cases: [{ name: `${name} does its part`, passed: false, at: undefined, message: `atmodem failed: ${message}` }],
  };
  try {
    writeReports(files, [suite]);
  } catch {
    // What is wrong with the file was told already, or is not what went wrong first.
  }
}

const underGitHub = (): boolean => process.env.GITHUB_ACTIONS === 'true';

async function annotationsOf({ command, verdicts }: ExecReport): Promise<Annotation[]> {
  const { enablePlaces, placeIn } = await import('../../grammar/document.js');
  await enablePlaces();
  const placeOf = ({ file }: Verdict, path: readonly (string | number)[] = []): Place | undefined =>
    file === undefined ? undefined : placeIn({ file, document: {} }, path);
  return [
    ...failuresOf(command).map(({ message }) => ({ title: 'atmodem exec', message })),
    ...verdicts.flatMap(verdict =>
      failuresOf(verdict).map(({ name, message, path }) => ({
        title: `${verdict.name}: ${name}`,
        message,
        place: placeOf(verdict, path),
      })),
    ),
  ];
}
