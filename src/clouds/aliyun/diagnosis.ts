/**
 * Why a password at Alibaba Cloud IoT is wrong: the contents, keys and methods that firmware signs by mistake are tried
 * until one gives the password that came. Pure.
 */
import type { DeviceList, ListedDevice } from '../device-list.js';
import { type Attempt, bytesOf, explains, type Hash, otherOrders, readDigest } from '../digests.js';
import type { AliyunClientId } from './client-id.js';
import { type AliyunMethod, aliyunHashes, contentOf, type Parameters, signedParameters } from './signature.js';

export interface WrongPassword {
  password: string;
  clientId: string;
  shown: AliyunClientId;
  device: ListedDevice;
  list: DeviceList;
  /** Milliseconds since 1970. */
  now: number;
}

/** Devices whose secrets are tried. */
const mostOthers = 200;

/** What is wrong, as a sentence. The password is a digest, or something else altogether. */
export function diagnose(wrong: WrongPassword): string {
  const { password, shown, device, list } = wrong;
  const given = readDigest(password);
  const found = given && explains(given.digest, attempts(wrong));
  if (!given || !found) return unexplained(wrong);
  const mistakes = [...found.mistakes];
  const method = methodOf(found.hash);
  if (method !== shown.method)
    mistakes.push(`is signed by ${method}, while the client id says signmethod=${shown.method}`);
  if (given.form !== 'hex') mistakes.push(`is written in ${given.form}, not in hex`);
  if (found.content === rightContent(shown, device))
    return `this password signs the right content, but ${mistakes.join(' and ')}`;
  return `this password is right for ${list.quoted(found.content)}, which ${mistakes.join(' and ')}`;
}

function unexplained({ password, shown, list }: WrongPassword): string {
  const digits = hexDigits(shown.method);
  const small = password.toLowerCase();
  if (list.all.some(({ secret }) => secret.toLowerCase() === small))
    return 'the password is a device secret itself, which signs and is never sent';
  if (!isHex(password)) return `the password is not hex: by ${shown.method} it is ${digits} hex digits`;
  if (password.length !== digits)
    return `the password has ${password.length} digits, by ${shown.method} it has ${digits}`;
  return 'the password belongs to no likely content: compare the device secret, and byte by byte what is signed';
}

export const isHex = (text: string): boolean => /^[0-9a-f]+$/i.test(text);

const hexDigits = (method: AliyunMethod): number => 2 * bytesOf[aliyunHashes[method]];

function methodOf(hash: Hash): AliyunMethod {
  return (Object.keys(aliyunHashes) as AliyunMethod[]).find(method => aliyunHashes[method] === hash)!;
}

const rightParameters = ({ id, timestamp }: AliyunClientId, { device, product }: ListedDevice): Parameters =>
  signedParameters({ id, deviceName: device, productKey: product, timestamp });

export const rightContent = (shown: AliyunClientId, device: ListedDevice): string =>
  contentOf(rightParameters(shown, device));

const outOfOrder = 'has its parameters out of the alphabet’s order: clientId, deviceName, productKey, timestamp';

/** The likely ones first. */
function* attempts(wrong: WrongPassword): Generator<Attempt> {
  const { shown, device, list } = wrong;
  const right = rightParameters(shown, device);
  const content = contentOf(right);
  const key = device.secret;
  yield { key, content, mistakes: [] };
  yield* otherValues(wrong);
  for (const order of otherOrders(right)) yield { key, content: contentOf(order), mistakes: [outOfOrder] };
  if (shown.timestamp !== undefined)
    for (const order of otherOrders(right.slice(0, -1)))
      yield { key, content: contentOf(order), mistakes: [timestampLeftOut(wrong), outOfOrder] };
  yield* otherSpellings(right, key);
  yield { key: content, content: key, mistakes: ['is signed with key and content swapped'] };
  for (const other of list.others(device, mostOthers)) {
    const mistake = `is signed with the secret of device \`${other.device}\` of product key \`${other.product}\``;
    yield { key: other.secret, content, mistakes: [mistake] };
  }
}

/** A value left out, or another one in its place. */
function* otherValues(wrong: WrongPassword): Generator<Attempt> {
  const { shown, device } = wrong;
  const { device: deviceName, product: productKey, secret: key } = device;
  for (const id of otherIds(wrong))
    for (const stamp of otherTimestamps(wrong)) {
      const parameters = signedParameters({ id: id.value ?? '', deviceName, productKey, timestamp: stamp.value });
      yield {
        key,
        content: contentOf(id.value === undefined ? parameters.slice(1) : parameters),
        mistakes: [...id.mistakes, ...stamp.mistakes],
      };
    }
  const swapped = signedParameters({ ...shown, deviceName: productKey, productKey: deviceName });
  yield { key, content: contentOf(swapped), mistakes: ['has product key and device name swapped'] };
}

interface Variant {
  /** Undefined: left out. */
  value: string | undefined;
  mistakes: readonly string[];
}

function otherIds({ clientId, shown: { id }, device: { device, product }, list }: WrongPassword): Variant[] {
  const instead = (value: string): Variant => ({
    value,
    mistakes: [`has ${list.quoted(value)} for the client id, while ${list.quoted(id)} stands before its first bar`],
  });
  return [
    { value: id, mistakes: [] },
    { value: clientId, mistakes: ['has the client id whole, while only what stands before its first bar is signed'] },
    { value: undefined, mistakes: ['leaves out the client id'] },
    ...[`${product}.${device}`, device].filter(value => value !== id).map(instead),
  ];
}

const timestampLeftOut = ({ shown, list }: WrongPassword): string =>
  `leaves out the timestamp, while the client id has ${list.quoted(`timestamp=${shown.timestamp}`)}`;

function otherTimestamps(wrong: WrongPassword): Variant[] {
  const { list, now } = wrong;
  const { timestamp } = wrong.shown;
  if (timestamp === undefined) return [{ value: undefined, mistakes: [] }, ...likelyTimestamps(now)];
  const sent = list.quoted(`timestamp=${timestamp}`);
  const inOtherUnits = [`${timestamp}000`, timestamp.slice(0, -3)].map(value => ({
    value,
    mistakes: [`has timestamp ${list.quoted(value)}, while the client id has ${sent}`],
  }));
  return [
    { value: timestamp, mistakes: [] },
    { value: undefined, mistakes: [timestampLeftOut(wrong)] },
    ...inOtherUnits,
  ];
}

/** What was signed and not sent cannot be known; these are the constant of the SDKs, that of the documents, and now. */
function likelyTimestamps(now: number): Variant[] {
  const seconds = Math.floor(now / 1000);
  const lately = Array.from({ length: 120 }, (_, i) => String(seconds - i));
  return ['2524608000000', '789', ...lately].map(value => ({
    value,
    mistakes: [`has timestamp ${value}, while the client id has none: send \`timestamp=${value}\` in it too`],
  }));
}

function* otherSpellings(right: Parameters, key: string): Generator<Attempt> {
  const spelt = (content: string, mistake: string): Attempt => ({ key, content, mistakes: [mistake] });
  const pairs = right.map(([name, value]) => `${name}=${value}`);
  yield spelt(pairs.join('&'), 'has `=` and `&` in it, while nothing stands between names and values');
  yield spelt(pairs.join(','), 'has `=` and `,` in it, while nothing stands between names and values');
  yield spelt(right.map(([, value]) => value).join(''), 'has the values alone, while their names are signed too');
}
