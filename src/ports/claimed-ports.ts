/** Which modem has which port: no two can have one. */
import { realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { OperatorError } from '../base/errors.js';
import type { PortSpec } from './port-spec.js';

export class ClaimedPorts {
  readonly #owners = new Map<string, string>();

  /** @throws OperatorError (config) that names both modems */
  claim(modem: string, spec: PortSpec): void {
    const place = placeOf(spec);
    if (place === undefined) return;
    const owner = this.#owners.get(place);
    if (owner === undefined) this.#owners.set(place, modem);
    else throw taken(owner, modem, spec.spec);
  }
}

function taken(owner: string, modem: string, spec: string): OperatorError {
  const summary = owner === modem ? `\`${modem}\` has one port twice` : `\`${owner}\` and \`${modem}\` are on one port`;
  return new OperatorError('config', summary, { found: spec, hint: 'Give each modem and each channel its own port.' });
}

/** What names a port alone, however it is spelt; undefined where there are as many as are asked for. */
function placeOf(spec: PortSpec): string | undefined {
  switch (spec.kind) {
    case 'pty':
      return spec.link && (isAbsolute(spec.link) ? spec.link : `link ${spec.link}`);
    case 'tcp':
    case 'rfc2217':
      return spec.port === 0 ? undefined : `${spec.host}:${spec.port}`;
    case 'uart':
      return deviceOf(spec.device);
    case 'unix':
      return resolve(spec.path);
    case 'stdio':
      return 'stdio';
  }
}

/** Where its links lead; one that is not there is for its driver to tell. */
function deviceOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
