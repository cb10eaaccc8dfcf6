/**
 * OneNET as a device meets it. Every refusal is CONNACK code 4: field reports have it for a client id that is no device
 * and for wrong tokens; for the others it is assumed. Pure.
 */
import type { Credentials } from '../credentials.js';
import { DeviceList, type ListedDevice } from '../device-list.js';
import { hmac, isSameDigest } from '../digests.js';
import type { CloudDevice, CloudMessage, Platform, Refusal, SignIn, SignInAnswer } from '../platform.js';
import { diagnose } from './diagnosis.js';
import { onenetAnswer, onenetPropertySet } from './onejson.js';
import { readToken, type Token } from './read-token.js';
import { type OnenetDevice, readFields, resourceOf, tokenContent, tokenKey } from './token.js';
import { onenetTopics } from './topics.js';

export class OnenetPlatform implements Platform {
  readonly name = 'onenet';
  readonly title = 'OneNET';
  readonly topics = onenetTopics;
  /** It closes connections for data that it does not take; that it does so here is assumed. */
  readonly offTopic = 'cut-off';
  /** Assumed. */
  readonly retains = true;
  readonly devices: readonly CloudDevice[];
  readonly #list: DeviceList;

  constructor(devices: readonly OnenetDevice[]) {
    const listed = devices.map(({ productId, deviceName, accessKey }) => ({
      product: productId,
      device: deviceName,
      secret: accessKey,
    }));
    this.#list = new DeviceList(listed, { product: 'product id', device: 'device name' });
    this.devices = listed.map(each => this.#identityOf(each));
  }

  isMeantBy({ username, clientId, password }: Credentials): boolean {
    const { res, sign } = readFields(password);
    return res !== undefined || sign !== undefined || this.#list.find(username, clientId) !== undefined;
  }

  signIn({ clientId, username, password }: SignIn, now: number): SignInAnswer {
    const device = this.#list.find(username, clientId);
    if (!device) return { refusal: this.#refusal(this.#list.absence(username, clientId)) };
    const token = readToken(password, text => this.#list.quoted(text));
    if ('fault' in token) return { refusal: this.#refusal(token) };
    const refusal = this.#refusesToken(token, device, now);
    return refusal ? { refusal } : { device: this.#identityOf(device), remark: remarkOn(token) };
  }

  shown(text: string): string {
    return this.#list.shown(text);
  }

  answer(device: CloudDevice, topic: string, payload: Buffer): CloudMessage | undefined {
    return onenetAnswer(device, topic, payload);
  }

  propertySet(device: CloudDevice, id: string, params: Readonly<Record<string, unknown>>): CloudMessage {
    return onenetPropertySet(device, id, params);
  }

  #identityOf({ product, device }: ListedDevice): CloudDevice {
    return { platform: this.name, product, device };
  }

  #refusesToken(token: Token, device: ListedDevice, now: number): Refusal | undefined {
    const res = resourceOf(device.product, device.device);
    // A token of the whole product serves each of its devices.
    if (token.res !== res && token.res !== resourceOf(device.product)) {
      const explanation = `the token is for ${this.#list.quoted(token.res)}, and the client is \`${res}\``;
      return this.#refusal({ fault: 'resource', explanation });
    }
    const signed = tokenContent(token);
    const expected = hmac(token.method, tokenKey(device.secret), signed).toString('base64');
    if (!isSameDigest(Buffer.from(token.sign), Buffer.from(expected)))
      return this.#refusal({
        fault: 'signature',
        explanation: diagnose(token, device, this.#list),
        signature: {
          method: token.method,
          signed: this.#list.shown(signed),
          expected,
          given: this.#list.shown(token.sign),
        },
      });
    const expiry = expiryFault(token.et, now);
    return expiry === undefined ? undefined : this.#refusal({ fault: 'expired', explanation: expiry });
  }

  #refusal(found: Omit<Refusal, 'code'>): Refusal {
    return { code: 4, ...found };
  }
}

/** @param et Unix time in seconds, as digits; @param now milliseconds since 1970 */
function expiryFault(et: string, now: number): string | undefined {
  if (Number(et) * 1000 > now) return undefined;
  return `the token expired at ${et} (${dateOf(Number(et) * 1000)}), and it is ${dateOf(now)}`;
}

const remarkOn = ({ et }: Token): string | undefined =>
  et.length > 11
    ? `the token's et is ${et.slice(0, 20)}, which looks like milliseconds: it is Unix time in seconds`
    : undefined;

const dateOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
