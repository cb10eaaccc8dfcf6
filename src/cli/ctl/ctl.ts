/** `atmodem ctl`: the commands, each one call of the control API and what people see of its answer. */
import { OperatorError } from '../../base/errors.js';
import type {
  ActiveFault,
  CloudDeviceList,
  DialogueEntry,
  DialoguePage,
  FaultCatalogue,
  FaultList,
  Lifted,
  ModemDetail,
  ModemList,
  PropertySent,
  Published,
  Reloaded,
} from '../../control/messages.js';
import { readToken } from '../../control/settings.js';
import { dialogueText } from '../live-dialogue.js';
import type { Output } from '../output.js';
import { controlUrl } from './address.js';
import { ControlClient } from './client.js';
import { catalogueText, deviceTable, faultTable, modemTable, modemText } from './tables.js';

/** Of every command. */
export interface CtlOptions {
  url?: string;
  token?: string;
  tokenFile?: string;
  json?: true;
}

export interface Ctl {
  client: ControlClient;
  output: Output;
  json: boolean;
}

/** @param modem the name that was typed, where the command has one @throws OperatorError */
export function openCtl({ url, token, tokenFile, json }: CtlOptions, output: Output, modem?: string): Ctl {
  const given = tokenFile === undefined ? token : readToken(tokenFile);
  const client = new ControlClient(controlUrl(url, modem), given ?? (process.env.ATMODEM_TOKEN || undefined));
  return { client, output, json: json ?? false };
}

const ofModem = (name: string): string => `/api/modems/${encodeURIComponent(name)}`;

/** The answer as it came, or in words. */
function print<T>({ output, json }: Ctl, answer: T, inWords: (answer: T) => string): void {
  output.result(json ? JSON.stringify(answer, null, 2) : inWords(answer));
}

export async function modems(ctl: Ctl): Promise<void> {
  print(ctl, await ctl.client.get<ModemList>('/api/modems'), answer => modemTable(answer.modems));
}

export async function reload(ctl: Ctl): Promise<void> {
  const { changesInWords } = await import('../config-reload.js');
  print(ctl, await ctl.client.post<Reloaded>('/api/reload', {}), changesInWords);
}

export async function show(ctl: Ctl, name: string): Promise<void> {
  print(ctl, await ctl.client.get<ModemDetail>(ofModem(name)), modemText);
}

export async function urc(
  ctl: Ctl,
  name: string,
  text: readonly string[],
  { bytes, channel }: { bytes?: true; channel?: number },
): Promise<void> {
  const said = bytes ? { bytes: text.join('') } : { text };
  const where = channel === undefined ? {} : { channel: channel - 1 };
  print(ctl, await ctl.client.post(`${ofModem(name)}/urc`, { ...said, ...where }), () => 'sent');
}

export async function fault(ctl: Ctl, name: string, kind: string, parameters: readonly string[]): Promise<void> {
  const request = { fault: kind, ...pairs(parameters) };
  const injected = await ctl.client.post<ActiveFault>(`${ofModem(name)}/faults`, request);
  print(ctl, injected, ({ id, text }) => `${id}: ${text}`);
}

export async function faults(ctl: Ctl, name: string | undefined): Promise<void> {
  if (name === undefined) print(ctl, await ctl.client.get<FaultCatalogue>('/api/faults'), catalogueText);
  else print(ctl, await ctl.client.get<FaultList>(`${ofModem(name)}/faults`), faultTable);
}

export async function lift(ctl: Ctl, name: string, id: string | undefined): Promise<void> {
  const path = id === undefined ? '' : `/${encodeURIComponent(id)}`;
  print(ctl, await ctl.client.delete<Lifted>(`${ofModem(name)}/faults${path}`), ({ lifted }) => `lifted: ${lifted}`);
}

export async function power(ctl: Ctl, name: string, to: string): Promise<void> {
  print(ctl, await ctl.client.post<ModemDetail>(`${ofModem(name)}/power`, { to }), each => `${name} is ${each.power}`);
}

export async function signal(ctl: Ctl, name: string, rssi: number, { ber }: { ber?: number }): Promise<void> {
  const answer = await ctl.client.post<ModemDetail>(`${ofModem(name)}/signal`, { rssi, ber });
  print(ctl, answer, ({ dbm }) => (dbm === null ? 'nothing is heard' : `${dbm} dBm`));
}

export async function registration(
  ctl: Ctl,
  name: string,
  state: string,
  { domain }: { domain?: string },
): Promise<void> {
  const answer = await ctl.client.post<ModemDetail>(`${ofModem(name)}/registration`, { state, domain });
  print(ctl, answer, ({ cellular }) =>
    Object.entries(cellular?.registration ?? {})
      .map(([each, word]) => `${each} ${word}`)
      .join(', '),
  );
}

export interface PublishOptions {
  qos?: number;
  retain?: true;
  base64?: true;
}

export async function publish(
  ctl: Ctl,
  topic: string,
  payload: string,
  { qos, retain, base64 }: PublishOptions,
): Promise<void> {
  const encoding = base64 ? 'base64' : 'utf8';
  const answer = await ctl.client.post<Published>('/api/publish', { topic, payload, encoding, qos, retain });
  print(
    ctl,
    answer,
    ({ bytes, connected }) => `${bytes} bytes published; ${connected} clients of modems are connected`,
  );
}

export async function transcript(ctl: Ctl, name: string): Promise<void> {
  ctl.output.result((await ctl.client.text(`${ofModem(name)}/transcript`)).trimEnd());
}

/** @param enough ends what is followed */
export async function dialogue(
  ctl: Ctl,
  name: string,
  { follow, lines }: { follow?: true; lines: number },
  enough: () => Promise<void>,
): Promise<void> {
  const page = await ctl.client.get<DialoguePage>(`${ofModem(name)}/dialogue?limit=${lines}`);
  const show = (entry: DialogueEntry) => ctl.output.result(ctl.json ? JSON.stringify(entry) : lineText(name, entry));
  page.lines.forEach(show);
  if (!follow) return;
  const { follow: start } = await import('./follow.js');
  const missed = (count: number) => ctl.output.note(`(${count} events are lost: nobody read them in time)`);
  await start(ctl.client, { modem: name, after: page.last, line: show, missed, enough: enough() });
}

const lineText = (modem: string, entry: DialogueEntry): string =>
  dialogueText({ ...entry, modem }, { byModem: false, byChannel: entry.channel > 0 });

export async function devices(ctl: Ctl): Promise<void> {
  print(ctl, await ctl.client.get<CloudDeviceList>('/api/cloud/devices'), deviceTable);
}

export async function property(
  ctl: Ctl,
  product: string,
  device: string,
  parameters: readonly string[],
  { platform }: { platform?: string },
): Promise<void> {
  const params = Object.fromEntries(Object.entries(pairs(parameters)).map(([key, value]) => [key, valueFrom(value)]));
  const request = { platform, product, device, params };
  const sent = await ctl.client.post<PropertySent>('/api/cloud/property', request);
  print(ctl, sent, ({ id, topic }) => `${id}: ${topic}`);
}

/** @throws OperatorError (usage) */
export function pairs(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map(text => {
      const equals = text.indexOf('=');
      if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
      throw new OperatorError('usage', 'a parameter has the form NAME=VALUE', { found: text });
    }),
  );
}

/** A property may be a number, true, a list …: what is JSON is meant so, the rest is text. */
function valueFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
