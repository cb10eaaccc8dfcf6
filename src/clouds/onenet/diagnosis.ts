/** Why the signature of a token for OneNET is wrong: what is signed by mistake is tried until it fits. Pure. */
import type { DeviceList, ListedDevice } from '../device-list.js';
import { type Attempt, explains, otherOrders, readDigest } from '../digests.js';
import type { Token } from './read-token.js';
import { signedLines, tokenContent, tokenKey } from './token.js';

/** Devices whose keys are tried. */
const mostOthers = 200;

/** What is wrong, as a sentence. */
export function diagnose(token: Token, device: ListedDevice, list: DeviceList): string {
  const given = readDigest(token.sign);
  const found = given && explains(given.digest, attempts(token, device, list));
  if (!given || !found) return unexplained(token, list);
  const mistakes = [...found.mistakes];
  if (found.hash !== token.method)
    mistakes.push(`is signed by ${found.hash}, while the token says method=${token.method}`);
  if (given.form !== 'base64') mistakes.push(`is written in ${given.form}, not in base64`);
  if (found.content === tokenContent(token))
    return `this sign is over the right content, but ${mistakes.join(' and ')}`;
  const lines = found.content.replaceAll('\r', '\\r').replaceAll('\n', '\\n');
  return `this sign is right for ${list.quoted(lines)}, which ${mistakes.join(' and ')}`;
}

function unexplained({ sign, method }: Token, list: DeviceList): string {
  if (list.all.some(({ secret }) => secret === sign))
    return 'the sign is an access key itself, which signs and is never sent';
  if (!readDigest(sign)) return `the sign is no ${method} digest in base64, percent-encoded`;
  return 'the sign belongs to no likely content: compare the access key, and byte by byte what is signed';
}

/** The likely ones first. The method is signed too, so one that is signed by another method may name that one. */
function* attempts(token: Token, device: ListedDevice, list: DeviceList): Generator<Attempt> {
  const content = tokenContent(token);
  const key = tokenKey(device.secret);
  yield { key, content, mistakes: [] };
  yield {
    key: device.secret,
    content,
    mistakes: ['is signed with the access key as text, while its base64 is decoded first'],
  };
  for (const method of ['md5', 'sha1', 'sha256'])
    if (method !== token.method)
      yield { key, content: tokenContent({ ...token, method }), mistakes: [`has method ${method} in it`] };
  yield* otherSpellings(token, key);
  for (const order of otherOrders(signedLines(token)))
    yield { key, content: order.join('\n'), mistakes: ['has its lines out of order: et, method, res, version'] };
  for (const other of list.others(device, mostOthers)) {
    const mistake = `is signed with the access key of device \`${other.device}\` of product id \`${other.product}\``;
    yield { key: tokenKey(other.secret), content, mistakes: [mistake] };
  }
}

function* otherSpellings(token: Token, key: Buffer): Generator<Attempt> {
  const lines = signedLines(token);
  const spelt = (content: string, mistake: string): Attempt => ({ key, content, mistakes: [mistake] });
  const encoded = tokenContent({ ...token, res: encodeURIComponent(token.res) });
  yield spelt(encoded, 'has res percent-encoded, while it is signed as it is');
  yield spelt(lines.join('\r\n'), 'has CR LF between its lines, while LF alone stands there');
  yield spelt(lines.join('\\n'), 'has a backslash and an n between its lines, while LF stands there');
  yield spelt(lines.join(''), 'has nothing between its lines, while LF stands there');
  yield spelt(`${lines.join('\n')}\n`, 'has an LF behind its last line');
  const { et, method, res, version } = token;
  const named = `et=${et}\nmethod=${method}\nres=${res}\nversion=${version}`;
  yield spelt(named, 'has the names of the fields, while their values alone are signed');
}
