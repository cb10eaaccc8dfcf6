/** What is wrong with a grammar, each at its place. The loader goes on after a problem, so that `check` names them all. */
import { OperatorError, type OperatorErrorDetails } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';

/** Where in the document: keys and indexes from the top. */
export type Path = readonly (string | number)[];

export interface Problem extends Omit<OperatorErrorDetails, 'place'> {
  path: Path;
  summary: string;
  /** Which end of `key: value` is wrong. */
  at: 'key' | 'value';
}

export type ProblemDetails = Partial<Omit<Problem, 'path' | 'summary'>>;

/** Past so many words a list of them helps nobody. */
const mostListed = 24;

export class Problems {
  readonly all: Problem[] = [];

  add(path: Path, summary: string, details: ProblemDetails = {}): void {
    this.all.push({ path, summary, at: 'value', ...details });
  }

  unknown(path: Path, kind: string, word: string, known: Iterable<string>, details: ProblemDetails = {}): void {
    const words = [...known];
    const hint = [didYouMean(word, words), details.hint].filter(Boolean).join(' ') || undefined;
    const expected =
      words.length > mostListed ? `one of ${words.length} known words` : words.join(', ') || 'none is known here';
    this.add(path, `unknown ${kind} \`${word}\``, { found: word, expected, ...details, hint });
  }

  /** Is something else wrong in the same entry (command, rule, …)? Then what is missing there may only follow from it. */
  isKnownNear(path: Path): boolean {
    return this.all.some(problem => path.slice(0, 2).every((key, i) => problem.path[i] === key));
  }
}

/** One or many problems as one OperatorError: the first in full, the rest below it. */
export class GrammarError extends OperatorError {
  constructor(readonly problems: readonly OperatorError[]) {
    const [first] = problems;
    super('grammar', first?.summary ?? 'not a grammar', first?.details);
    const rest = problems.slice(1, 20).map(problem => problem.message);
    if (rest.length > 0) this.message = [this.message, ...rest].join('\n');
    if (problems.length > 20) this.message += `\n(and ${problems.length - 20} more)`;
  }
}
