/** What modems count, in the text format of Prometheus, version 0.0.4. */
import type { Rig } from './routes/route.js';
import { connectedClients } from './states.js';
import type { WatchedModem } from './watched-modem.js';

type Labels = Readonly<Record<string, string | number>>;

export interface Sample {
  labels?: Labels;
  value: number;
}

interface Metric {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  /** One number, or several with a label each: a thousand modems have them all, so nothing is made twice. */
  value: (watched: WatchedModem) => number | readonly (readonly [label: string, value: number])[];
}

const ofModem: readonly Metric[] = [
  {
    name: 'atmodem_modem_up',
    help: 'Does the modem have power?',
    type: 'gauge',
    value: ({ modem }) => [[`dialect="${escaped(modem.dialect.name)}"`, Number(modem.isOn)]],
  },
  {
    name: 'atmodem_modem_online',
    help: 'May it dial?',
    type: 'gauge',
    value: ({ modem }) => Number(modem.surroundings.isOnline),
  },
  {
    name: 'atmodem_channel_attached',
    help: 'Does a host have the AT channel open?',
    type: 'gauge',
    value: ({ modem }) =>
      modem.channels
        .filter(({ role }) => role === 'port')
        .map(({ index, port }) => [`channel="${index}"`, Number(port.isAttached)] as const),
  },
  {
    name: 'atmodem_commands_total',
    help: 'Commands that were started.',
    type: 'counter',
    value: ({ modem }) => modem.counters.commands,
  },
  {
    name: 'atmodem_urcs_dropped_total',
    help: 'URCs that a host did not take in time.',
    type: 'counter',
    value: ({ modem }) => modem.counters.urcsDropped,
  },
  {
    name: 'atmodem_port_bytes_total',
    help: 'Bytes from hosts (in), and handed to ports (out).',
    type: 'counter',
    value: ({ modem: { counters } }) => [
      ['direction="in"', counters.bytesIn],
      ['direction="out"', counters.bytesOut],
    ],
  },
  {
    name: 'atmodem_mqtt_messages_total',
    help: 'Messages that its MQTT clients received (in), and published (out).',
    type: 'counter',
    value: ({ modem: { counters } }) => [
      ['direction="in"', counters.messagesIn],
      ['direction="out"', counters.messagesOut],
    ],
  },
  {
    name: 'atmodem_mqtt_clients_connected',
    help: 'MQTT clients that are connected.',
    type: 'gauge',
    value: ({ modem }) => connectedClients(modem),
  },
  {
    name: 'atmodem_links_open',
    help: 'Sockets of the modem that are open.',
    type: 'gauge',
    value: ({ modem }) => modem.links.named.filter(({ socket }) => socket.isOpen).length,
  },
  {
    name: 'atmodem_faults_active',
    help: 'Faults that are injected.',
    type: 'gauge',
    value: ({ faults }) => faults?.active.length ?? 0,
  },
  {
    name: 'atmodem_faults_struck_total',
    help: 'How often faults have struck.',
    type: 'counter',
    value: ({ faults }) => faults?.struck ?? 0,
  },
  {
    name: 'atmodem_dialogue_lines_total',
    help: 'Lines of the dialogue.',
    type: 'counter',
    value: ({ dialogue }) => dialogue.last,
  },
];

export function metricsOf({ monitor, ownMetrics }: Pick<Rig, 'monitor' | 'ownMetrics'>): string {
  const all = monitor.all.map(watched => ({ watched, label: `modem="${escaped(watched.name)}"` }));
  const modems = metricText('atmodem_modems', 'Modems of the daemon.', 'gauge', [{ value: all.length }]);
  return [modems, ...ofModem.map(metric => ofAll(metric, all)), ownMetrics()].join('');
}

export function metricText(name: string, help: string, type: Metric['type'], samples: readonly Sample[]): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}\n`);
  return header(name, help, type) + lines.join('');
}

const header = (name: string, help: string, type: Metric['type']): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

function ofAll(
  { name, help, type, value: of }: Metric,
  all: readonly { watched: WatchedModem; label: string }[],
): string {
  let text = header(name, help, type);
  for (const { watched, label } of all) {
    const value = of(watched);
    if (typeof value === 'number') text += `${name}{${label}} ${value}\n`;
    else for (const [more, each] of value) text += `${name}{${label},${more}} ${each}\n`;
  }
  return text;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
