/**
 * TLS over a TCP link, with the checks of the module and not of a browser: each of chain, dates and host name can be on or
 * off. Handshake and cryptography are Node's; what Node does not tell is in chain.ts.
 */
import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.js';
import type { Log } from '../base/log.js';
import { readCertificates, toPem } from './certificates.js';
import { chains, dateFault, isForServers } from './chain.js';
import { stoppable, within } from './deadline.js';
import { asciiName } from './host-name.js';
import { DialError } from './outcome.js';

export type TlsVersion = 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface TlsRequest {
  /** Off: nothing about the server is checked, and the next two mean nothing. */
  verify: boolean;
  checkHost: boolean;
  checkExpiry: boolean;
  /** The module's wall clock, in ms since 1970: dates are checked against it. */
  now?: () => number;
  /** Trusted certificates, PEM or DER; an intermediate or the server's own is trusted as well as a root. */
  ca?: Buffer;
  certificate?: Buffer;
  key?: Buffer;
  /** Of an encrypted key. */
  keyPassword?: string;
  /** Off: no SNI. Default on. */
  sendsName?: boolean;
  /** Instead of the requested host, as SNI and in the host check. */
  serverName?: string;
  alpn?: string[];
  minVersion?: TlsVersion;
  /** TLS 1.2 unless told otherwise: see `latest`. */
  maxVersion?: TlsVersion;
  /** In OpenSSL's notation. */
  ciphers?: string;
  /** For the handshake alone, in ms. */
  within?: number;
}

/**
 * Modules of this age end at TLS 1.2, and it matters: in TLS 1.3 a server refuses a missing client certificate only after
 * the client's handshake is done, so the AT host would read CONNECT OK and then CLOSED where its module reads CONNECT FAIL.
 */
const latest: TlsVersion = 'TLSv1.2';

const dateErrors = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

export async function startTls(
  socket: Socket,
  host: string,
  request: TlsRequest,
  { signal, clock, log }: { signal: AbortSignal; clock: Clock; log: Log },
): Promise<TLSSocket> {
  if (request.verify && !request.ca) throw unready('the server is to be verified, but there is no CA certificate');
  const trusted = request.ca ? readCertificates(request.ca, 'CA') : [];
  const context = secureContext(request, trusted, log);
  const serverName = asciiName(request.serverName || host) ?? '';
  checkAlpn(request.alpn);
  const sni = request.sendsName === false ? '' : serverName;
  const shake = (inner: AbortSignal) => handshake(socket, context, sni, request.alpn, inner);
  const { within: ms } = request;
  const secure = await (ms === undefined
    ? shake(signal)
    : within({ signal, clock }, ms, failed(`no handshake within ${ms} ms`), shake));

  const fault = request.verify ? peerFault(secure, serverName, request, trusted, clock) : undefined;
  if (fault === undefined) return secure;
  secure.destroy();
  throw failed(fault);
}

const failed = (cause: string) => new DialError('tls-failed', cause);
/** Nothing was sent yet: what the module has does not make a session. */
const unready = (cause: string) => new DialError('tls-failed', cause, 'tls-setup');

function secureContext(request: TlsRequest, trusted: readonly X509Certificate[], log: Log): SecureContext {
  const { minVersion, maxVersion = latest, ciphers, certificate, key, keyPassword } = request;
  warnOfOldVersions(maxVersion, log);
  if (maxVersion === 'SSLv3') throw failed('SSL 3.0 is no longer in OpenSSL');
  if (!certificate !== !key)
    throw unready(certificate ? 'a client certificate without its key' : 'a key without its certificate');
  try {
    return createSecureContext({
      ca: toPem(trusted),
      cert: certificate && toPem(readCertificates(certificate, 'client')),
      key: key && withoutNuls(key),
      passphrase: keyPassword,
      ciphers,
      maxVersion,
      minVersion: lowest(minVersion, maxVersion),
      // Modules (mbed TLS) trust what the host uploaded, even where that is an intermediate. Node 20.18 and later.
      allowPartialTrustChain: true,
    });
  } catch (error) {
    if (error instanceof DialError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_SSL_NO_CIPHER_MATCH') throw unready(message);
    log.warn({ ciphers }, "today's OpenSSL has none of the cipher suites that the AT host allows");
    throw failed(message); // the module has them, and no server of today does
  }
}

function lowest(minimum: TlsVersion | undefined, maximum: TlsVersion): Exclude<TlsVersion, 'SSLv3'> | undefined {
  const old = maximum === 'TLSv1' || maximum === 'TLSv1.1';
  if (minimum === undefined) return old ? 'TLSv1' : undefined;
  return minimum === 'SSLv3' ? 'TLSv1' : minimum;
}

function warnOfOldVersions(maximum: TlsVersion, log: Log): void {
  if (maximum === 'TLSv1.2' || maximum === 'TLSv1.3') return;
  log.warn(
    { maximum },
    `the AT host allows nothing above ${maximum}, which today's OpenSSL refuses: let it allow TLS 1.2`,
  );
}

/** Uploads written from a C string end in NUL. */
const withoutNuls = (file: Buffer) => file.toString('latin1').replaceAll('\0', '');

/** One name is 1 to 255 bytes [RFC 7301 3.1]. */
function checkAlpn(names: readonly string[] = []): void {
  for (const name of names) {
    const length = Buffer.byteLength(name);
    if (length < 1 || length > 255) throw failed(`an ALPN name of ${length} bytes`);
  }
}

function handshake(
  socket: Socket,
  secureContext: SecureContext,
  serverName: string,
  alpn: string[] | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return stoppable<TLSSocket>(signal, (resolve, reject) => {
    const secure = connect({
      socket,
      secureContext,
      // SNI holds names only [RFC 6066 3].
      servername: isIP(serverName) === 0 ? serverName : '',
      ALPNProtocols: alpn && alpn.length > 0 ? alpn : undefined,
      // Both checks are made after the handshake, where each can be switched off by itself.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    secure.on('error', error => reject(failed(`TLS handshake: ${error.message}`)));
    secure.once('close', () => reject(failed('TLS handshake: the server closed the link')));
    secure.once('secureConnect', () => resolve(secure));
    return () => secure.destroy();
  });
}

/** Why this server is not to be trusted, if so. */
function peerFault(
  secure: TLSSocket,
  serverName: string,
  request: TlsRequest,
  trusted: readonly X509Certificate[],
  clock: Clock,
): string | undefined {
  const leaf = secure.getPeerX509Certificate();
  if (!leaf) return 'the server showed no certificate';
  const verdict = secure.authorizationError as unknown as string | undefined;
  if (verdict && !dateErrors.has(verdict)) return `the server's certificate: ${verdict}`;

  const ways = [...chains(leaf, sentWith(leaf), trusted)];
  if (verdict && ways.length === 0) return `the server's certificate: no chain to a trusted CA (and ${verdict})`;
  if (verdict && !isForServers(leaf)) return "the server's certificate is not for servers";
  if (request.checkExpiry) {
    const now = request.now?.() ?? clock.wall();
    const faults = (ways.length > 0 ? ways : [[leaf]]).map(way => dateFault(way, now));
    if (!faults.includes(undefined)) return faults[0];
  }
  // Not `getPeerCertificate()`: after `getPeerX509Certificate()` Node finds none any more.
  return request.checkHost ? checkServerIdentity(serverName, leaf.toLegacyObject())?.message : undefined;
}

/** The certificates that the server sent after its own. */
function sentWith(leaf: X509Certificate): X509Certificate[] {
  const sent: X509Certificate[] = [];
  for (let next = leaf.issuerCertificate; next && sent.length < 10; next = next.issuerCertificate) sent.push(next);
  return sent;
}
