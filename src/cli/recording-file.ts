/** The file of a recording: written as it grows, so that what a crash leaves can still be read. For this user alone. */
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { OperatorError } from '../base/errors.js';

export class RecordingFile {
  readonly #stream: WriteStream;
  #failure: Error | undefined;

  private constructor(
    readonly path: string,
    fd: number,
  ) {
    this.#stream = createWriteStream(path, { fd });
    this.#stream.on('error', error => {
      this.#failure = error;
    });
  }

  /** In the place of what was there. @throws OperatorError */
  static open(path: string): RecordingFile {
    try {
      return new RecordingFile(path, openSync(path, 'w', 0o600));
    } catch (cause) {
      throw new OperatorError('state', `cannot write the recording ${path}`, {
        found: (cause as Error).message,
        hint: 'Name a file in a folder that is there and that this user may write to.',
        cause,
      });
    }
  }

  readonly write = (line: string): void => {
    if (this.#failure === undefined) this.#stream.write(`${line}\n`);
  };

  /** Resolves when all of it is with the system. @throws OperatorError where it is not */
  async close(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream).catch((error: Error) => {
      this.#failure ??= error;
    });
    if (this.#failure === undefined) return;
    const found = this.#failure.message;
    throw new OperatorError('state', `the recording ${this.path} is not complete`, { found, cause: this.#failure });
  }
}
