/** With UPDATE=1: what the modem really wrote, put in the place of a transcript's `<` lines. Touches nothing else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { inRepository } from './repository.js';

interface Correction {
  /** Lines that go, from 1. */
  removed: readonly number[];
  /** The new lines stand behind this one. */
  after: number;
  added: readonly string[];
}

export class Corrections {
  readonly #files = new Map<string, Correction[]>();

  add(file: string, correction: Correction): void {
    this.#files.set(file, [...(this.#files.get(file) ?? []), correction]);
  }

  /** The text of the file as it should be. */
  applyTo(file: string, text: string): string {
    return correctedText(text, this.#files.get(file) ?? []);
  }

  /** Writes the files; returns their names. */
  write(): string[] {
    const files = [...this.#files.keys()];
    for (const file of files) {
      const path = inRepository(file);
      writeFileSync(path, this.applyTo(file, readFileSync(path, 'utf8')));
    }
    return files;
  }
}

function correctedText(text: string, corrections: readonly Correction[]): string {
  const removed = new Set(corrections.flatMap(correction => correction.removed));
  const added = (line: number) =>
    corrections.filter(({ after }) => after === line).flatMap(correction => correction.added);
  return text
    .split('\n')
    .flatMap((content, index) => [...(removed.has(index + 1) ? [] : [content]), ...added(index + 1)])
    .join('\n');
}
