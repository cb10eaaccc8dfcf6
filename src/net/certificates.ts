/**
 * Certificates as a host uploads them, turned into what OpenSSL takes. Hosts send PEM, often with a final NUL or a line of
 * log around it, and sometimes DER. What cannot be read is a failed handshake with the reason, never an exception.
 */
import { X509Certificate } from 'node:crypto';
import { DialError } from './outcome.js';

const pemBlock = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;
const derSequence = 0x30;

/** Every certificate in the file. `what` names the file in the reason: `CA`, `client`. */
export function readCertificates(file: Buffer, what: string): X509Certificate[] {
  const blocks: (string | Buffer)[] =
    file[0] === derSequence ? [file] : (file.toString('latin1').match(pemBlock) ?? []);
  if (blocks.length === 0) throw new DialError('tls-failed', `the ${what} file holds no certificate`, 'tls-setup');
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch (error) {
      const reason = (error as Error).message;
      throw new DialError(
        'tls-failed',
        `certificate ${index + 1} of the ${what} file cannot be read: ${reason}`,
        'tls-setup',
      );
    }
  });
}

export const toPem = (certificates: readonly X509Certificate[]): string => certificates.join('');
