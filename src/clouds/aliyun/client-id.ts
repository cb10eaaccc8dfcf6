/** The client id of a sign-in at Alibaba Cloud IoT: `<id>|<name>=<value>,…|`. Pure. */
import { didYouMean, nearest } from '../../base/nearest.js';
import { type AliyunMethod, aliyunHashes } from './signature.js';

export interface AliyunClientId {
  id: string;
  /** 2: TLS, 3: TCP. */
  securemode: '2' | '3';
  method: AliyunMethod;
  /** As it was sent. */
  timestamp: string | undefined;
}

export interface ClientIdFault {
  fault: 'client-id' | 'parameter' | 'securemode' | 'signmethod';
  explanation: string;
}

/** [Alibaba Cloud IoT Platform, "Establish MQTT connections": clientId] */
const longestId = 64;
const form = '`<id>|securemode=3,signmethod=hmacsha1,timestamp=<ms>|`';
const methods = Object.keys(aliyunHashes);

/** @param quoted makes what a client sent fit for a message */
export function readClientId(clientId: string, quoted: (text: string) => string): AliyunClientId | ClientIdFault {
  const bar = clientId.indexOf('|');
  if (bar < 0) return wrong('client-id', `the client id ${quoted(clientId)} has no bars: its form is ${form}`);
  if (bar === clientId.length - 1 || !clientId.endsWith('|'))
    return wrong('client-id', `the client id ${quoted(clientId)} does not end in a second bar: its form is ${form}`);
  const id = clientId.slice(0, bar);
  if (id === '') return wrong('client-id', `nothing stands before the first bar of the client id: its form is ${form}`);
  if (id.length > longestId)
    return wrong('client-id', `${id.length} characters stand before the first bar of the client id, ${longestId} may`);
  return readParameters(id, clientId.slice(bar + 1, -1), quoted);
}

/** Those that the platform does not know here, such as `_v` and `lan` of its own SDKs, are let through. */
function readParameters(id: string, text: string, quoted: (text: string) => string): AliyunClientId | ClientIdFault {
  const given = new Map<string, string>();
  for (const pair of text.split(',')) {
    const equals = pair.indexOf('=');
    if (equals <= 0)
      return wrong('parameter', `${quoted(pair)} in the client id is no \`name=value\`: its form is ${form}`);
    given.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  const securemode = given.get('securemode');
  if (securemode !== '2' && securemode !== '3') return wrong('securemode', securemodeFault(securemode, given, quoted));
  const method = given.get('signmethod') ?? 'hmacmd5';
  if (!isMethod(method)) return wrong('signmethod', signmethodFault(method, quoted));
  return { id, securemode, method, timestamp: given.get('timestamp') };
}

function securemodeFault(
  given: string | undefined,
  others: ReadonlyMap<string, string>,
  quoted: (text: string) => string,
): string {
  if (given !== undefined) return `securemode=${quoted(given)} is none of 2 (TLS) and 3 (TCP)`;
  const near = nearest('securemode', others.keys());
  return `the client id has no securemode, which is 2 (TLS) or 3 (TCP)${near === undefined ? '' : `, but ${quoted(near)}`}`;
}

function signmethodFault(method: string, quoted: (text: string) => string): string {
  const letters = method.toLowerCase().replace(/[^a-z0-9]/g, '');
  const near = methods.find(known => known === letters || known === `hmac${letters}`);
  const hint = near === undefined ? didYouMean(method, methods) : `did you mean \`${near}\`?`;
  return `signmethod=${quoted(method)} is none of ${methods.join(', ')}${hint && `: ${hint}`}`;
}

const wrong = (fault: ClientIdFault['fault'], explanation: string): ClientIdFault => ({ fault, explanation });

const isMethod = (word: string): word is AliyunMethod => Object.hasOwn(aliyunHashes, word);
