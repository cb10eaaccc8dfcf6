/**
 * Alibaba Cloud IoT as a device meets it. CONNACK codes: 2 for the client id, 4 for user name or password out of form, 5
 * for a wrong signature [MQTT error codes; Link SDK, common error codes]. Pure.
 */
import type { Credentials } from '../credentials.js';
import { DeviceList, type ListedDevice } from '../device-list.js';
import { hmac, isSameDigest } from '../digests.js';
import type { CloudDevice, CloudMessage, Platform, Refusal, SignIn, SignInAnswer, Transport } from '../platform.js';
import { alinkAnswer, alinkPropertySet } from './alink.js';
import { type AliyunClientId, readClientId } from './client-id.js';
import { diagnose, isHex, rightContent } from './diagnosis.js';
import { type AliyunDevice, aliyunHashes, inHex } from './signature.js';
import { aliyunTopics } from './topics.js';

export interface AliyunOptions {
  /** May devices come without TLS? Those of accounts made since August 2022 may not. Default true. */
  plainTcp?: boolean;
}

/** Seconds, both included; 0 is none of them. */
const keepalives = { least: 30, most: 1200 };

export class AliyunPlatform implements Platform {
  readonly name = 'aliyun';
  readonly title = 'Alibaba Cloud IoT';
  readonly topics = aliyunTopics;
  /** Its device log says `No authorization`; that the connection stays is assumed. */
  readonly offTopic = 'dropped';
  /** Not by MQTT 3.1 and 3.1.1. [Alibaba Cloud IoT Platform, MQTT protocol] */
  readonly retains = false;
  readonly devices: readonly CloudDevice[];
  readonly #list: DeviceList;
  readonly #plainTcp: boolean;

  constructor(devices: readonly AliyunDevice[], { plainTcp = true }: AliyunOptions = {}) {
    const listed = devices.map(({ productKey, deviceName, deviceSecret }) => ({
      product: productKey,
      device: deviceName,
      secret: deviceSecret,
    }));
    this.#list = new DeviceList(listed, { product: 'product key', device: 'device name' });
    this.#plainTcp = plainTcp;
    this.devices = listed.map(each => this.#identityOf(each));
  }

  isMeantBy({ clientId, username }: Credentials): boolean {
    return clientId.includes('|') || username.includes('&');
  }

  signIn(signIn: SignIn, now: number): SignInAnswer {
    const shown = readClientId(signIn.clientId, text => this.#list.quoted(text));
    if ('fault' in shown) return { refusal: { code: 2, ...shown } };
    const device = this.#deviceOf(signIn.username);
    if ('fault' in device) return { refusal: device };
    const refusal = this.#refusesConnection(signIn) ?? this.#refusesPassword(signIn, shown, device, now);
    if (refusal) return { refusal };
    return { device: this.#identityOf(device), remark: remarkOn(shown, signIn.transport) };
  }

  shown(text: string): string {
    return this.#list.shown(text);
  }

  answer(device: CloudDevice, topic: string, payload: Buffer): CloudMessage | undefined {
    return alinkAnswer(device, topic, payload);
  }

  propertySet(device: CloudDevice, id: string, params: Readonly<Record<string, unknown>>): CloudMessage {
    return alinkPropertySet(device, id, params);
  }

  #identityOf({ product, device }: ListedDevice): CloudDevice {
    return { platform: this.name, product, device };
  }

  /** Names that are not in the list are answered 4, as field reports have it for devices that do not exist (assumed). */
  #deviceOf(username: string): ListedDevice | Refusal {
    const at = username.lastIndexOf('&');
    const [deviceName, productKey] = [username.slice(0, Math.max(at, 0)), username.slice(at + 1)];
    if (deviceName === '' || productKey === '') {
      const explanation = `the user name ${this.#list.quoted(username)} is not \`<device name>&<product key>\``;
      return { code: 4, fault: 'username', explanation };
    }
    return this.#list.find(productKey, deviceName) ?? { code: 4, ...this.#list.absence(productKey, deviceName) };
  }

  /** A keep-alive out of range is answered 2 in a field report; no source has the code for plain TCP (assumed). */
  #refusesConnection({ keepalive, transport }: SignIn): Refusal | undefined {
    const { least, most } = keepalives;
    if (keepalive < least || keepalive > most)
      return {
        code: 2,
        fault: 'keepalive',
        explanation: `the keep-alive is ${keepalive} s, it may be ${least} to ${most}`,
      };
    if (!this.#plainTcp && !isEncrypted(transport))
      return {
        code: 5,
        fault: 'transport',
        explanation: 'the client came without TLS, and the list has `plain-tcp: false`',
      };
    return undefined;
  }

  #refusesPassword(signIn: SignIn, shown: AliyunClientId, device: ListedDevice, now: number): Refusal | undefined {
    const { password, clientId } = signIn;
    if (password === '') return { code: 4, fault: 'password', explanation: 'the sign-in has no password' };
    const signed = rightContent(shown, device);
    const expected = hmac(aliyunHashes[shown.method], device.secret, signed);
    if (isSameDigest(Buffer.from(password.toUpperCase()), Buffer.from(inHex(expected)))) return undefined;
    return {
      ...(isHex(password) ? { code: 5, fault: 'signature' } : { code: 4, fault: 'password' }),
      explanation: diagnose({ password, clientId, shown, device, list: this.#list, now }),
      signature: {
        method: shown.method,
        signed: this.#list.shown(signed),
        expected: inHex(expected),
        given: this.#list.shown(password),
      },
    };
  }
}

const isEncrypted = (transport: Transport): boolean => transport === 'tls' || transport === 'wss';

/** Devices in the field say 2 over plain TCP and are let in. */
function remarkOn({ securemode }: AliyunClientId, transport: Transport): string | undefined {
  const right = isEncrypted(transport) ? '2' : '3';
  if (securemode === right) return undefined;
  return `securemode=${securemode} means ${securemode === '2' ? 'TLS' : 'TCP'}, and the client came by ${transport}`;
}
