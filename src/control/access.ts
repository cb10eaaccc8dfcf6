/**
 * Who may drive the modems. On loopback everybody of this machine may, but no web page that one of them has open: Host must
 * be a loopback name (else DNS rebinding makes a page ours), Origin our own, and a write JSON, which a form cannot send.
 * Beyond loopback there is a token. Pure, but for the session that it makes up; requests and upgrades are judged alike.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ControlFailure } from './failure.js';

/** What is judged of a request; header values as they came. */
export interface Asked {
  method: string;
  /** Without the query. */
  path: string;
  host: string | undefined;
  origin: string | undefined;
  contentType: string | undefined;
  authorization: string | undefined;
  cookie: string | undefined;
}

export interface AccessRules {
  /** Does the server listen where only this machine reaches it? */
  isLoopback: boolean;
  token: string | undefined;
  /** Browsers keep one jar for all ports of a host: the name of the cookie has the port in it. */
  port: number;
}

const loopbackHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;
const writes: readonly string[] = ['POST', 'PUT', 'PATCH'];

export class Access {
  readonly #isLoopback: boolean;
  readonly #token: string | undefined;
  readonly #cookieName: string;
  /** What the cookie holds in place of the token; it ends with the process. */
  readonly #session = randomBytes(32).toString('base64url');

  constructor({ isLoopback, token, port }: AccessRules) {
    this.#isLoopback = isLoopback;
    this.#token = token;
    this.#cookieName = `atmodem-${port}`;
  }

  get needsToken(): boolean {
    return this.#token !== undefined;
  }

  /** @returns why not */
  refusal(asked: Asked): ControlFailure | undefined {
    return this.#strangeHost(asked) ?? foreignOrigin(asked) ?? this.#withoutToken(asked) ?? notJson(asked);
  }

  /** For the page, which cannot send headers with a WebSocket. @returns the value of Set-Cookie, for the right token */
  signIn(token: string): string | undefined {
    if (this.#token !== undefined && !isSame(token, this.#token)) return undefined;
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  #strangeHost({ host = '' }: Asked): ControlFailure | undefined {
    if (!this.#isLoopback || loopbackHost.test(host)) return undefined;
    return new ControlFailure('forbidden', 'this server answers to names of this machine alone', {
      found: `Host: ${host}`,
      expected: 'localhost, 127.0.0.1 or [::1]',
      hint: 'To be reached by another name, let it listen beyond loopback, with a token.',
    });
  }

  #withoutToken({ path, authorization, cookie = '' }: Asked): ControlFailure | undefined {
    if (this.#token === undefined || isOpen(path)) return undefined;
    const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? [];
    if (bearer !== undefined && isSame(bearer, this.#token)) return undefined;
    const session = cookieIn(cookie, this.#cookieName);
    if (session !== undefined && isSame(session, this.#session)) return undefined;
    const isGiven = authorization !== undefined || session !== undefined;
    return new ControlFailure('unauthorized', isGiven ? 'the token is wrong' : 'a token is needed', {
      expected: 'Authorization: Bearer TOKEN',
      hint: 'It is what the operator gave atmodem by --control-token or ATMODEM_TOKEN.',
    });
  }
}

/** Nothing of a modem is told there: the page's files, how to sign in, and whether the process lives. */
const isOpen = (path: string): boolean =>
  path === '/api/session' || !(path === '/api' || path.startsWith('/api/') || path === '/metrics');

/** Browsers name the page that asks, with every write and every WebSocket; programs send no Origin. */
function foreignOrigin({ origin, host = '' }: Asked): ControlFailure | undefined {
  if (origin === undefined || isOriginOf(origin, host)) return undefined;
  return new ControlFailure('forbidden', 'a page of another origin may not drive the modems', {
    found: `Origin: ${origin}`,
    expected: `http://${host}`,
  });
}

function isOriginOf(origin: string, host: string): boolean {
  const [, of] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
  return of !== undefined && of.toLowerCase() === host.toLowerCase();
}

function notJson({ method, contentType = '' }: Asked): ControlFailure | undefined {
  if (!writes.includes(method) || /^application\/json *(?:;.*)?$/i.test(contentType)) return undefined;
  return new ControlFailure('unsupported-media-type', 'writes are JSON', {
    found: contentType === '' ? 'no Content-Type' : `Content-Type: ${contentType}`,
    expected: 'Content-Type: application/json',
  });
}

function cookieIn(header: string, name: string): string | undefined {
  const pairs = header.split(';').map(pair => pair.trim());
  return pairs.find(pair => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** In a time that tells nothing of either. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
