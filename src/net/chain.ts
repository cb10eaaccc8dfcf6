/**
 * A certificate chain, walked by hand [RFC 5280 6.1].
 *
 * OpenSSL has already walked it during the handshake, but Node tells only the last error that it met, and OpenSSL looks at
 * dates last: `CERT_HAS_EXPIRED` can stand in front of an unknown CA. A module that ignores dates (its clock says 1970 until
 * SNTP) must still refuse that CA, and one that checks them uses its own clock, not this host's. So dates are always checked
 * here, and where OpenSSL stopped at a date, the rest is checked here as well: issuer names, signatures, CA flags, the
 * server's key usage. Only path length and key strength of such an outdated chain are not looked at again.
 */
import type { X509Certificate } from 'node:crypto';

/** Deeper chains and longer searches are an attack, not a configuration. */
const maximumDepth = 8;
const maximumSteps = 200;
const serverAuth = '1.3.6.1.5.5.7.3.1';

/** Every way from the leaf to a trusted certificate. Cross-signed and renewed CAs make more than one. */
export function* chains(
  leaf: X509Certificate,
  sent: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): Generator<X509Certificate[]> {
  const anchors = new Set(trusted.map(certificate => certificate.fingerprint256));
  const candidates = distinct([...trusted, ...sent]);
  let steps = 0;
  function* from(path: X509Certificate[]): Generator<X509Certificate[]> {
    const top = path[path.length - 1]!;
    if (anchors.has(top.fingerprint256)) yield path;
    if (path.length === maximumDepth) return;
    for (const candidate of candidates) {
      if (++steps > maximumSteps) return;
      if (path.includes(candidate) || candidate.fingerprint256 === top.fingerprint256) continue;
      if (isIssuer(candidate, top)) yield* from([...path, candidate]);
    }
  }
  yield* from([leaf]);
}

function isIssuer(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    return false; // a key of a kind that OpenSSL does not know vouches for nothing
  }
}

/** No extended key usage at all means any use [RFC 5280 4.2.1.12]. */
export function isForServers(leaf: X509Certificate): boolean {
  const usage: readonly string[] | undefined = leaf.keyUsage;
  return !usage || usage.length === 0 || usage.includes(serverAuth);
}

/** What is wrong with the dates of a chain at that moment, if anything. */
export function dateFault(chain: readonly X509Certificate[], at: number): string | undefined {
  for (const certificate of chain) {
    const moment = new Date(at).toISOString();
    if (at < Date.parse(certificate.validFrom)) {
      return `${name(certificate)} is not valid before ${certificate.validFrom}; the module's clock says ${moment}`;
    }
    if (at > Date.parse(certificate.validTo)) {
      return `${name(certificate)} expired on ${certificate.validTo}; the module's clock says ${moment}`;
    }
  }
  return undefined;
}

const name = (certificate: X509Certificate) =>
  `the certificate of ${certificate.subject?.replaceAll('\n', ', ') ?? '?'}`;

function distinct(certificates: readonly X509Certificate[]): X509Certificate[] {
  return [...new Map(certificates.map(certificate => [certificate.fingerprint256, certificate])).values()];
}
