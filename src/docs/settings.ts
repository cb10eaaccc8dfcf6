/** What a dialect can be set to: its knobs, and the values that its commands keep. */
import type { Dialect, SettingDefinition } from '../grammar/dialect.js';
import { typeText, valueText } from './parameter-text.js';

export interface SettingManual {
  /** As `--set` and a config take it. */
  name: string;
  type: string;
  default: string;
  /** `config`: the operator sets it. Else how long what a command stores in it lasts. */
  keep: SettingDefinition['keep'];
  /** One value for each of these. */
  of: string | undefined;
  title: string | undefined;
  ref: string | undefined;
  /** What sources say, where they disagree. */
  views: string | undefined;
  assumed: boolean | string;
}

/** Knobs first. Lists, and marks that a command was given, are nothing to set. */
export function settingManuals({ settings }: Dialect): SettingManual[] {
  const manuals = [...settings.values()].flatMap(definition => settingManual(definition) ?? []);
  return [...manuals.filter(each => each.keep === 'config'), ...manuals.filter(each => each.keep !== 'config')];
}

function settingManual(definition: SettingDefinition): SettingManual | undefined {
  const { name, parameter, factory, keep, of, title, ref, views, assumed, secret } = definition;
  if (!parameter) return undefined;
  const value = secret && factory !== undefined ? '***' : valueText(factory);
  return { name, type: typeText(parameter.type), default: value, keep, of, title, ref, views, assumed };
}

/** Those that a command keeps: `MQTTUSERCFG.scheme`, or `CMEE`. */
export function settingsOfCommand(settings: readonly SettingManual[], command: string): SettingManual[] {
  const base = command.replace(/^[+*^$#%]/, '');
  return settings.filter(({ name }) => name === base || name.startsWith(`${base}.`));
}
