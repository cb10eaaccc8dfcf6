/** Listens where the command line writes. */
import type { Output } from '../../../src/cli/output.js';

export class RecordedOutput implements Output {
  readonly results: string[] = [];
  readonly notes: string[] = [];

  result(text: string): void {
    this.results.push(text);
  }

  note(text: string): void {
    this.notes.push(text);
  }

  get stdout(): string {
    return this.results.join('\n');
  }

  get stderr(): string {
    return this.notes.join('\n');
  }
}
