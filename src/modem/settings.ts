/**
 * The values that outlive their commands: kept in RAM, in the stored profile, in flash, or set by the operator. Owns what
 * is lost when: at power-off what is `run`, never what is `flash`.
 */
import { Signal } from '../base/signal.js';
import type { Dialect, SettingDefinition } from '../grammar/dialect.js';
import type { SettingTarget } from '../grammar/steps.js';
import type { Row, Value } from '../grammar/values.js';
import type { Address, AddressKind } from '../grammar/vocabulary.js';
import type { Flash, JsonValue } from '../store/flash.js';

export interface SettingChange {
  name: string;
  /** The channel, where the setting is one's own. */
  channel: number | undefined;
  value: Value;
}

const profilePrefix = 'profile.';
const flashPrefix = 'setting.';

export class Settings {
  readonly changed = new Signal<SettingChange>();
  #values = new Map<string, Value>();

  constructor(
    readonly dialect: Dialect,
    readonly flash: Flash,
  ) {}

  get(name: string, of: AddressKind | undefined, address: Address): Value {
    const value = this.#values.get(keyOf(name, of, address));
    return value === undefined ? this.dialect.settings.get(name)?.factory : value;
  }

  set({ name, of }: SettingTarget, value: Value, address: Address): void {
    const key = keyOf(name, of, address);
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    if (this.#definition(name).keep === 'flash') this.#toFlash(key, value);
    this.changed.emit({ name, channel: of === 'channel' ? (address.channel ?? 0) : undefined, value });
  }

  /** All that is set, each by its name. */
  *entries(): Iterable<readonly [name: string, value: Value]> {
    for (const [key, value] of this.#values) yield [nameOf(key), value];
  }

  /** Appends to a list setting. @returns false when the list is full */
  add(target: SettingTarget, row: Row, address: Address): boolean {
    const list = this.#list(target, address);
    const { limit = 64, bytes = Number.POSITIVE_INFINITY } = this.#definition(target.name).list ?? {};
    const longer = [...list, row];
    if (longer.length > limit || textLength(longer as readonly Row[]) > bytes) return false;
    this.set(target, longer, address);
    return true;
  }

  clear(target: SettingTarget, address: Address): void {
    this.set(target, undefined, address);
  }

  /** Power-on: RAM is empty, flash speaks, and the stored profile where there is one. */
  powerOn(): void {
    this.#values = new Map();
    for (const key of this.flash.keys()) {
      if (key.startsWith(flashPrefix)) this.#values.set(key.slice(flashPrefix.length), fromJson(this.flash.get(key)));
    }
    if (this.dialect.style.profileAtPowerOn === 'recalled') this.recall(0);
    else this.#announceAll();
  }

  /** `&W`: stores the profile settings. */
  save(profile: number): void {
    const kept = [...this.#values].filter(([key]) => this.#keepOf(key) === 'profile');
    this.flash.set(profilePrefix + profile, Object.fromEntries(kept.map(([key, value]) => [key, toJson(value)])));
  }

  /** `Z`: what `&W` stored, else factory values. @returns false when nothing was stored */
  recall(profile: number): boolean {
    this.#forget('profile');
    const stored = this.flash.get(profilePrefix + profile);
    if (stored && typeof stored === 'object' && !Array.isArray(stored)) {
      for (const [key, value] of Object.entries(stored)) this.#values.set(key, fromJson(value));
    }
    this.#announceAll();
    return stored !== undefined;
  }

  /** `&F`: factory values of the profile. @param all flash too, with the stored profiles */
  factory(all: boolean): void {
    this.#forget('profile');
    if (all) {
      this.#values = new Map();
      this.flash.clear();
    }
    this.#announceAll();
  }

  /** The channel is gone for good; what flash keeps of it stays. */
  forgetChannel(index: number): void {
    for (const key of this.#values.keys()) {
      const definition = this.dialect.settings.get(nameOf(key));
      if (definition?.of === 'channel' && definition.keep !== 'flash' && key.endsWith(`@${index}`))
        this.#values.delete(key);
    }
  }

  #definition(name: string): SettingDefinition {
    const definition = this.dialect.settings.get(name);
    if (!definition) throw new Error(`no setting ${name}`);
    return definition;
  }

  #list(target: SettingTarget, address: Address): readonly Value[] {
    const list = this.get(target.name, target.of, address);
    return Array.isArray(list) ? list : [];
  }

  #keepOf(key: string): SettingDefinition['keep'] | undefined {
    return this.dialect.settings.get(nameOf(key))?.keep;
  }

  #forget(keep: SettingDefinition['keep']): void {
    this.#values = new Map([...this.#values].filter(([key]) => this.#keepOf(key) !== keep));
  }

  #toFlash(key: string, value: Value): void {
    if (value === undefined) this.flash.delete(flashPrefix + key);
    else this.flash.set(flashPrefix + key, toJson(value));
  }

  #announceAll(): void {
    for (const name of this.dialect.settings.keys()) this.changed.emit({ name, channel: undefined, value: undefined });
  }
}

/** Of all texts in the rows of a list, in bytes. */
function textLength(rows: readonly Row[]): number {
  const texts = rows.flatMap(row => Object.values(row)).filter(value => typeof value === 'string');
  return texts.reduce((sum, text) => sum + text.length, 0);
}

function keyOf(name: string, of: AddressKind | undefined, address: Address): string {
  return of === undefined ? name : `${name}@${address[of] ?? 0}`;
}

const nameOf = (key: string): string => key.replace(/@\d+$/, '');

const toJson = (value: Value): JsonValue => (value ?? null) as JsonValue;
const fromJson = (value: JsonValue | undefined): Value => (value ?? undefined) as Value;
