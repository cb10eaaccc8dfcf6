/** What is wrong with a grammar, each at its place. The loader goes on after a problem, so that `check` names them all. */
import { OperatorError, type OperatorErrorDetails } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';

/** Where in the document: keys and indexes from the top. */
export type Path = readonly (string | number)[];

export interface Problem extends Omit<OperatorErrorDetails, 'place'> {
  path: Path;
  summary: string;
}

export class Problems {
  readonly all: Problem[] = [];

  add(path: Path, summary: string, details: Omit<Problem, 'path' | 'summary'> = {}): void {
    this.all.push({ path, summary, ...details });
  }

  unknown(path: Path, kind: string, word: string, known: Iterable<string>, hint?: string): void {
    const words = [...known];
    const near = didYouMean(word, words);
    const listed = words.length > 0 && words.length <= 24 ? words.join(', ') : undefined;
    this.add(path, `unknown ${kind} \`${word}\``, {
      expected: listed,
      hint: [near, hint].filter(Boolean).join(' ') || undefined,
    });
  }
}

/** For what is read twice: the other reading tells. Looking for the nearest word would be most of the time. */
class Unheard extends Problems {
  override add(): void {}
  override unknown(): void {}
}

export const unheard: Problems = new Unheard();

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
