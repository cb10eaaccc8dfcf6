/**
 * The stable name of a pty: a symbolic link that a host can be configured with once. It owns the choice of folder and
 * the rule that nothing of anybody else is ever replaced or removed; a file is never touched.
 */
import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { OperatorError } from '../base/errors.js';

export interface LinkEnvironment {
  /** $XDG_RUNTIME_DIR */
  runtimeFolder?: string;
  temporaryFolder: string;
  uid: number;
}

export function currentLinkEnvironment(): LinkEnvironment {
  return { runtimeFolder: process.env.XDG_RUNTIME_DIR, temporaryFolder: tmpdir(), uid: userInfo().uid };
}

/** Where the link goes: an absolute name as it is, a plain one into the user's runtime folder or a private one. */
export function linkPath(link: string, environment: LinkEnvironment = currentLinkEnvironment()): string {
  return isAbsolute(link) ? link : join(defaultFolder(environment), link);
}

/**
 * Points `link` at `device`, in one step for whoever looks. Replaces only a link that leads nowhere, or to the device
 * itself: its number was given to us, so the link is what a killed process left.
 */
export function makeLink(link: string, device: string): void {
  refuseIfTaken(link, device);
  const temporary = join(dirname(link), `.${basename(link)}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    symlinkSync(device, temporary);
    renameSync(temporary, link);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw linkFailure(link, cause as NodeJS.ErrnoException);
  }
}

/** Removes the link if it is still ours. Says whether it did; never throws. */
export function removeLink(link: string, device: string): boolean {
  try {
    if (readlinkSync(link) !== device) return false;
    unlinkSync(link);
    return true;
  } catch {
    return false;
  }
}

function refuseIfTaken(link: string, device: string): void {
  const entry = lstatSync(link, { throwIfNoEntry: false });
  if (!entry) return;
  if (!entry.isSymbolicLink()) {
    throw new OperatorError('port', `${link} is there and is not a link`, {
      expected: 'a name that is free, or an old link of a pty that is gone',
      hint: 'take another name, or move the file away',
    });
  }
  const target = readlinkSync(link);
  if (target === device || !existsSync(link)) return;
  throw new OperatorError('port', `${link} is in use`, {
    found: `a link to ${target}, which exists`,
    hint: `take another name; if no other atmodem runs, the link is old: rm '${link}'`,
  });
}

function defaultFolder({ runtimeFolder, temporaryFolder, uid }: LinkEnvironment): string {
  if (runtimeFolder && isAbsolute(runtimeFolder) && isWritableFolder(runtimeFolder)) return runtimeFolder;
  return privateFolder(join(temporaryFolder, `atmodem-${uid}`), uid);
}

function isWritableFolder(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}

/** Anybody may have made that name in a shared folder first: used only if it is ours alone. */
function privateFolder(folder: string, uid: number): string {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (cause.code !== 'EEXIST') throw linkFailure(folder, cause);
  }
  const found = lstatSync(folder);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0) return folder;
  throw new OperatorError('port', `${folder} is not a private folder of this user`, {
    expected: 'a folder of this user with mode 0700',
    hint: 'remove it, set XDG_RUNTIME_DIR, or give the link as an absolute path',
  });
}

function linkFailure(path: string, cause: NodeJS.ErrnoException): OperatorError {
  return new OperatorError('port', `cannot make ${path}`, {
    found: cause.code ?? cause.message,
    hint: `give an absolute path in a folder that is there and may be written: \`--port pty:/tmp/ttyAT0\``,
    cause,
  });
}
