/**
 * AT over a socket in the file system: reached by who may open the file, and by nobody from another machine. It owns that
 * file: only this user may use it, and one that a killed process left is replaced, if nobody listens on it.
 */
import { existsSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname, resolve } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { OperatorError } from '../base/errors.js';
import { ListeningPort, type ListeningPortOptions, listening } from './listening-port.js';

export interface UnixPortOptions extends ListeningPortOptions {
  path: string;
}

export class UnixPort extends ListeningPort {
  /** Absolute, for whoever looks from elsewhere. */
  readonly path: string;
  /** As it was given: shorter, perhaps, and a name has its limit. */
  readonly #name: string;

  constructor({ path, ...options }: UnixPortOptions) {
    super(options);
    this.#name = path;
    this.path = resolve(path);
  }

  protected async listen(server: Server): Promise<void> {
    await clearTheWay(this.#name);
    try {
      await privately(() => listening(server, { path: this.#name }));
    } catch (cause) {
      throw listenFailure(this.#name, cause as NodeJS.ErrnoException);
    }
  }

  protected nameOf(): string {
    return 'a process of this machine';
  }
}

/** Nothing of anybody else is removed: no file, and no socket that somebody listens on. */
async function clearTheWay(path: string): Promise<void> {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry) return;
  if (!entry.isSocket()) {
    throw new OperatorError('port', `${path} is there and is not a socket`, {
      expected: 'a name that is free, or the socket of a process that is gone',
      hint: 'take another name, or move the file away',
    });
  }
  if (await isListenedOn(path)) {
    throw new OperatorError('port', `${path} is in use`, {
      found: 'a socket that somebody listens on',
      hint: 'take another name, or stop what listens there; another atmodem, perhaps',
    });
  }
  unlinkSync(path);
}

/** A socket whose process is gone refuses. What does not let us ask, such as rights, is left for `listen` to say. */
function isListenedOn(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const probe = connect(path);
    const answer = (isThere: boolean) => {
      probe.destroy();
      resolve(isThere);
    };
    probe.once('connect', () => answer(true));
    probe.once('error', (error: NodeJS.ErrnoException) => answer(error.code !== 'ECONNREFUSED'));
  });
}

/** The file is bound in the turn of the call: at no time is it anybody else's. A thread has no mask of its own to set. */
function privately<T>(bind: () => T): T {
  if (!isMainThread) return bind();
  const before = process.umask(0o177);
  try {
    return bind();
  } finally {
    process.umask(before);
  }
}

function listenFailure(path: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError('port', `cannot listen on ${path}`, {
    found: cause.code ?? cause.message,
    hint: whatToDo(path, cause.code),
    cause,
  });
}

/** libuv says EACCES where there is no such folder. */
function whatToDo(path: string, code: string | undefined): string {
  if (!existsSync(dirname(path)))
    return 'its folder is not there: make it, or give a path in one that is: `--port unix:/tmp/at.sock`';
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'give a path in a folder that this user may write: `--port unix:/tmp/at.sock`';
    case 'EADDRINUSE':
      return 'somebody else took that name just now: take another';
    default:
      return 'look at what the system said above';
  }
}
