/** What the control API tells, for people. Pure. */
import type {
  ActiveFault,
  ChannelDetail,
  CloudDeviceList,
  FaultCatalogue,
  FaultList,
  FaultSpec,
  ModemDetail,
  ModemSummary,
  ParameterSpec,
} from '../../control/messages.js';
import { columns } from '../output.js';

type Row = readonly string[];

const lines = (rows: readonly Row[]): string => columns(rows).join('\n');

export function modemTable(modems: readonly ModemSummary[]): string {
  const head = ['modem', 'dialect', 'power', 'host', 'network', 'dBm', 'mqtt', 'links', 'faults', 'port'];
  const rows = modems.map(each => [
    each.name,
    each.dialect,
    each.power,
    each.attached ? 'yes' : 'no',
    each.network,
    String(each.dbm ?? '-'),
    ...[each.mqtt, each.links, each.faults].map(String),
    each.port,
  ]);
  return lines([head, ...rows]);
}

export function modemText(modem: ModemDetail): string {
  const { name, dialect, power, address, offline, timing, identity } = modem;
  return lines([
    ['modem', name],
    ['dialect', dialect],
    ['power', power],
    ['timing', timing],
    ['network', address === undefined ? `offline: ${offline}` : `online as ${address}`],
    ...bearerRows(modem),
    ['identity', `IMEI ${identity.imei}, MAC ${identity.mac}`],
    ...modem.channels.map((channel): Row => [`channel ${channel.channel + 1}`, channelText(channel)]),
    ...modem.clients.map((each): Row => [`mqtt ${each.client}`, withPeer(each.state, each)]),
    ...modem.sockets.map(
      (each): Row => [
        `link ${each.link}`,
        `${withPeer(`${each.kind ?? ''} ${each.state}`.trim(), each)}, ${each.sent} bytes out, ${each.received} in`,
      ],
    ),
    ...modem.activeFaults.map((each): Row => [`fault ${each.id}`, faultText(each)]),
  ]);
}

function bearerRows({ cellular, wifi }: ModemDetail): Row[] {
  if (wifi) return [['wifi', wifi.ssid === undefined ? wifi.state : `${wifi.state}, ${wifi.ssid}, ${wifi.rssi} dBm`]];
  if (!cellular) return [];
  const { sim, registration, signal, operator } = cellular;
  const domains = Object.entries(registration).map(([domain, word]) => `${domain} ${word}`);
  return [
    ['sim', sim],
    ['registration', [...domains, ...(operator === undefined ? [] : [operator])].join(', ')],
    ['signal', `rssi ${signal.rssi}, ber ${signal.ber}`],
  ];
}

function channelText({ kind, path, attached, state, urcsDropped }: ChannelDetail): string {
  const host = attached ? 'a host is there' : 'no host';
  const dropped = urcsDropped > 0 ? `, ${urcsDropped} URCs dropped` : '';
  return `${kind === 'port' ? path : 'a terminal'}, ${host}, ${state}${dropped}`;
}

const withPeer = (state: string, { host, port }: { host?: string; port?: number }): string =>
  host === undefined ? state : `${state}, ${host}:${port}`;

const faultText = ({ text, state, struck }: ActiveFault): string => `${text} (${state}, has struck ${struck} times)`;

export function faultTable({ seed, faults }: FaultList): string {
  const rows = faults.map(each => [String(each.id), each.text, each.state, String(each.struck)]);
  return lines([['id', 'fault', 'state', `struck (seed ${seed})`], ...rows]);
}

export function catalogueText({ faults }: FaultCatalogue): string {
  return faults.flatMap(specLines).join('\n');
}

function specLines({ name, title, parameters }: FaultSpec): string[] {
  const rows = Object.entries(parameters).map(([key, each]) => [`${key}=${valueForm(each)}`, each.title]);
  return [`${name}  ${title}`, ...columns(rows, '    ')];
}

function valueForm({ kind, words, default: usual }: ParameterSpec): string {
  const value = words ? words.join('|') : kind.toUpperCase();
  return usual === undefined ? value : `${value} (${String(usual)})`;
}

export function deviceTable({ devices }: CloudDeviceList): string {
  const rows = devices.map(each => [each.platform, each.product, each.device, each.online ? 'online' : 'offline']);
  return lines([['platform', 'product', 'device', ''], ...rows]);
}
