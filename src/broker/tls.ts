/**
 * The broker's side of TLS: a certificate for the name that the client asks for by SNI, else for the one that was dialled,
 * else for the address that it reached. Loaded with the first client that comes over TLS.
 */
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock.js';
import { DropLog } from '../base/drop-log.js';
import type { Log } from '../base/log.js';
import { type Subject, subjectOf } from '../ca/subject.js';
import { peerOf } from './client-link.js';
import { ServerCertificates } from './server-certificates.js';

export interface TlsAcceptorOptions {
  /** Folder of the CA. */
  ca: string | undefined;
  /** Certificates that are kept ready. */
  certificates: number;
  clock: Clock;
  log: Log;
}

/** Alerts by which a client says that it does not trust what it was shown [RFC 8446 6.2], by OpenSSL's names. */
const distrust = /UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|UNSUPPORTED_CERTIFICATE/;

export class TlsAcceptor {
  readonly #certificates: ServerCertificates;
  readonly #log: Log;
  readonly #distrusted: DropLog;
  readonly #failed: DropLog;

  constructor({ ca, certificates, clock, log }: TlsAcceptorOptions) {
    this.#certificates = new ServerCertificates(ca, certificates);
    const { folder } = this.#certificates;
    this.#log = log;
    this.#distrusted = new DropLog(
      `a client does not trust the embedded broker's certificate: let it trust what \`atmodem ca --dir ${folder}\` prints`,
      clock,
      log,
    );
    this.#failed = new DropLog('a TLS handshake with the embedded broker failed', clock, log);
  }

  /**
   * @param dialled the name that a modem of this process dialled, where that is known
   * @returns undefined where the handshake failed; rejects with an OperatorError where there is no CA
   */
  async accept(socket: Socket, dialled: string | undefined): Promise<TLSSocket | undefined> {
    const subject = subjectOf(dialled ?? '') ?? subjectOf(socket.localAddress ?? '') ?? localhost;
    const secureContext = await this.#certificates.for(subject);
    if (socket.destroyed) return undefined;
    const secure = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      SNICallback: (name, done) => this.#choose(name, done),
      // Clouds have their own words for MQTT, and any will do. Before Node 20.4 none is agreed on, with which clients put up.
      ALPNCallback: ({ protocols }) => protocols.find(name => name !== 'h2'),
    });
    return this.#shake(socket, secure);
  }

  /** A name that is none gets what a client without SNI gets. */
  #choose(name: string, done: (error: Error | null, context?: SecureContext) => void): void {
    const subject = subjectOf(name);
    if (!subject) done(null);
    else this.#certificates.for(subject).then(context => done(null, context), done);
  }

  #shake(socket: Socket, secure: TLSSocket): Promise<TLSSocket | undefined> {
    const peer = peerOf(socket);
    secure.on('error', error => this.#tell(error, peer));
    return new Promise(resolve => {
      // What Node's own TLS server waits for; `secureConnect` is for clients alone.
      secure.once('secure', () => resolve(secure));
      secure.once('close', () => resolve(undefined));
    });
  }

  #tell(error: Error & { code?: string; reason?: string }, peer: string): void {
    const { code = '', reason, message } = error;
    const fields = { peer, cause: reason ?? message };
    if (distrust.test(code)) this.#distrusted.add(fields);
    else if (code.startsWith('ERR_SSL_')) this.#failed.add(fields);
    else this.#log.debug(fields, 'TLS link to the broker');
  }
}

const localhost: Subject = { kind: 'name', value: 'localhost' };
