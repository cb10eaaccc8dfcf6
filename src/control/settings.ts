/** Where the API listens, and what its callers must know: from what the operator typed. */
import { readFileSync } from 'node:fs';
import { OperatorError } from '../base/errors.js';
import { isLoopback } from '../ports/tcp.js';

/** As the library, the command line and a config file give it; all text is still unchecked. */
export interface ControlConfig {
  /** `[HOST:]PORT`; HOST is 127.0.0.1 unless said, PORT 0 takes any free one. */
  listen: string;
  /** What callers must say. Needed where other machines can reach the port. */
  token?: string;
  /** A file with the token in its first line; it goes before `token`. */
  tokenFile?: string;
}

export interface ControlSettings {
  host: string;
  port: number;
  isLoopback: boolean;
  token: string | undefined;
}

const shortestToken = 16;

/** @throws OperatorError */
export function controlSettings({ listen, token, tokenFile }: ControlConfig): ControlSettings {
  const { host, port } = parseControlListen(listen);
  const onLoopback = isLoopback(host);
  const given = tokenFile === undefined ? token : readToken(tokenFile);
  if (given !== undefined) checkToken(given, tokenFile);
  else if (!onLoopback)
    throw new OperatorError('config', `the control API needs a token to listen on ${host}`, {
      found: `${listen}, which other machines may reach`,
      expected: `a token of at least ${shortestToken} characters`,
      hint: 'Give it by --control-token FILE or ATMODEM_TOKEN, or leave the host out to listen on 127.0.0.1.',
    });
  return { host, port, isLoopback: onLoopback, token: given };
}

/** @throws OperatorError (usage) */
export function parseControlListen(listen: string): { host: string; port: number } {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]/]+)):)?(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (match && port <= 65_535) return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
  throw new OperatorError('usage', 'the address of the control API is not understood', {
    found: listen === '' ? 'nothing' : listen,
    expected: '[HOST:]PORT, such as 8080 or 127.0.0.1:8080',
    hint: 'PORT is 0 (any free one) to 65535; an IPv6 address stands in brackets: [::1]:8080.',
  });
}

/** Its first line. @throws OperatorError (config) */
export function readToken(file: string): string {
  try {
    return (readFileSync(file, 'utf8').split('\n')[0] ?? '').trim();
  } catch (cause) {
    throw new OperatorError('config', 'cannot read the token of the control API', {
      found: file,
      hint: (cause as Error).message,
      cause,
    });
  }
}

/** What is found is not told: it may be nearly the token. */
function checkToken(token: string, file: string | undefined): void {
  if (token.length >= shortestToken && /^[!-~]+$/.test(token)) return;
  const isBlank = token === '';
  throw new OperatorError('config', 'not a token for the control API', {
    found: isBlank ? 'nothing' : `${token.length} characters${file === undefined ? '' : ` in ${file}`}`,
    expected: `at least ${shortestToken} printable ASCII characters without blanks`,
    hint: 'Make one: head -c 24 /dev/urandom | base64 > token',
  });
}
