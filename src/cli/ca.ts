/** `atmodem ca`: the certificate of the local CA on stdout, for a file; where it lies on stderr, for people. */
import { defaultCaFolder, openAuthority } from '../ca/folder.js';
import type { ExitCode } from './failure.js';
import type { Output } from './output.js';

export interface CaOptions {
  dir?: string;
  rsa?: true;
}

export async function ca({ dir = defaultCaFolder(), rsa }: CaOptions, output: Output): Promise<ExitCode> {
  const { folder, pem, certificate } = await openAuthority(dir, rsa && 'rsa');
  output.result(pem.trimEnd());
  output.note(`The CA is kept in ${folder}; ca.key there signs for any name, so it is for tests alone.`);
  output.note(`SHA-256 fingerprint ${certificate.fingerprint256}`);
  return 0;
}
