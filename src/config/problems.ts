/** What is wrong with a config file: every mistake at its place, as one OperatorError. */
import { OperatorError } from '../base/errors.js';

const most = 20;

export class ConfigError extends OperatorError {
  constructor(readonly problems: readonly OperatorError[]) {
    const [first] = problems;
    super('config', first?.summary ?? 'not a config', first?.details);
    const shown = problems.slice(0, most).map(problem => problem.message);
    if (problems.length > most) shown.push(`(and ${problems.length - most} more)`);
    this.message = shown.join('\n');
  }
}
