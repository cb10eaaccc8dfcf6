/** The devices that a platform knows: for looking up, and for saying what was meant by a name that is not there. */
import { didYouMean } from '../base/nearest.js';

export interface ListedDevice {
  product: string;
  device: string;
  /** What it signs with. */
  secret: string;
}

/** What the platform calls a product and a device, such as `product key` and `device name`. */
export interface Terms {
  product: string;
  device: string;
}

/** Why a device is not in the list. */
export interface Absence {
  fault: 'product' | 'device';
  explanation: string;
}

/** Characters of a client's text in a message, and those that are looked at. */
const [longest, looked] = [200, 4096];
/** Names longer than this are no slip of a known one. */
const comparable = 64;

export class DeviceList {
  readonly #byProduct = new Map<string, Map<string, ListedDevice>>();
  readonly #secrets: RegExp | undefined;

  constructor(
    readonly all: readonly ListedDevice[],
    readonly terms: Terms,
  ) {
    for (const each of all) {
      const devices = this.#byProduct.get(each.product) ?? new Map<string, ListedDevice>();
      this.#byProduct.set(each.product, devices.set(each.device, each));
    }
    this.#secrets = anyOf(all.map(({ secret }) => secret));
  }

  find(product: string, device: string): ListedDevice | undefined {
    return this.#byProduct.get(product)?.get(device);
  }

  /** Some others, those of the same product first. */
  others({ product, device }: ListedDevice, most: number): ListedDevice[] {
    const rest = this.all.filter(other => other.product !== product || other.device !== device);
    return [
      ...rest.filter(other => other.product === product),
      ...rest.filter(other => other.product !== product),
    ].slice(0, most);
  }

  absence(product: string, device: string): Absence {
    const { terms } = this;
    const devices = this.#byProduct.get(product);
    if (devices) {
      const elsewhere = this.all.find(other => other.device === device)?.product;
      const hint =
        elsewhere === undefined
          ? didYouMean(device.slice(0, comparable), devices.keys())
          : `it is under ${terms.product} \`${elsewhere}\``;
      return {
        fault: 'device',
        explanation: `${terms.product} \`${product}\` has no ${terms.device} ${this.quoted(device)} in the list${ending(hint)}`,
      };
    }
    const hint = this.find(device, product)
      ? `${terms.product} and ${terms.device} are swapped`
      : didYouMean(product.slice(0, comparable), this.#byProduct.keys());
    return {
      fault: 'product',
      explanation: `${terms.product} ${this.quoted(product)} is not in the list${ending(hint)}`,
    };
  }

  /** What a client sent, for a message: bounded, and without any device's secret. */
  shown(text: string): string {
    const start = text.slice(0, looked);
    const hidden = this.#secrets ? start.replace(this.#secrets, '(a device secret)') : start;
    return hidden.length > longest ? `${hidden.slice(0, longest)}…` : hidden;
  }

  quoted(text: string): string {
    return `\`${this.shown(text)}\``;
  }
}

const ending = (hint: string): string => (hint === '' ? '' : `: ${hint}`);

/** Whatever the case, for hex is the same in capitals. Three characters are no secret, and could be anything. */
function anyOf(secrets: readonly string[]): RegExp | undefined {
  const written = secrets.filter(secret => secret.length > 3).flatMap(secret => [secret, encodeURIComponent(secret)]);
  if (written.length === 0) return undefined;
  return new RegExp(written.map(text => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'gi');
}
