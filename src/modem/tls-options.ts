/** TLS settings of a dialect, by the core's names, as the dialler wants them. */
import { textOf, type Value } from '../grammar/values.js';
import type { TlsRequest, TlsVersion } from '../net/tls.js';
import { isOn, numberOf } from './argument-values.js';
import type { Arguments, DialectContext } from './operation.js';

/**
 * `uses-ca` and `uses-certificate`: true, a link is not tried without the file; false, one that is named is left aside.
 * @returns `missing` where a file that is named is not in the store, or none is named where one must be
 */
export function readTls(args: Arguments, { modem, scope }: DialectContext): TlsRequest | { missing: string } {
  const address = { ...scope.address };
  if (typeof args['tls-context'] === 'number') address['tls-context'] = args['tls-context'];
  const inContext = { ...scope, address };
  const value = (name: string): Value => args[name] ?? modem.dialect.tls.get(name)?.(inContext);
  const files: Partial<Record<'ca' | 'certificate' | 'key', Buffer>> = {};
  for (const name of ['ca', 'certificate', 'key'] as const) {
    const isUsed = value(name === 'ca' ? 'uses-ca' : 'uses-certificate');
    const fileName = isUsed === false ? '' : textOf(value(name));
    if (fileName === '' && isUsed === true) return { missing: name };
    if (fileName === '') continue;
    const file = modem.certificate(fileName);
    if (!file) return { missing: fileName };
    files[name] = file;
  }
  const seconds = numberOf(value('within'), 0);
  return {
    verify: isVerifying(value('verify')),
    checkHost: isOn(value('check-host'), true),
    checkExpiry: isOn(value('check-expiry'), true),
    now: () => modem.surroundings.time.now(),
    ...files,
    keyPassword: textOf(value('key-password')) || undefined,
    sendsName: isOn(value('sni'), true),
    serverName: textOf(value('server-name')) || undefined,
    alpn: alpnOf(value('alpn')),
    minVersion: versionOf(value('version-min')),
    maxVersion: versionOf(value('version-max')),
    ciphers: textOf(value('ciphers')) || undefined,
    within: seconds > 0 ? seconds * 1000 : undefined,
  };
}

const isVerifying = (value: Value): boolean => isOn(value) || value === 'server' || value === 'both';

function alpnOf(value: Value): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value
    .map(row => textOf(typeof row === 'object' && row !== null && 'alpn' in row ? (row.alpn as Value) : (row as Value)))
    .filter(Boolean);
  return names.length > 0 ? names : undefined;
}

const versions: Readonly<Record<string, TlsVersion>> = {
  '3.0': 'SSLv3',
  '1': 'TLSv1',
  '1.0': 'TLSv1',
  '1.1': 'TLSv1.1',
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
};
const versionOf = (value: Value): TlsVersion | undefined => versions[textOf(value)];
