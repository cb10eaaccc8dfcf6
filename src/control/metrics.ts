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
  samples: (watched: WatchedModem) => readonly Sample[];
}

const one = (value: number, labels?: Labels): Sample[] => [{ value, labels }];

const ofModem: readonly Metric[] = [
  {
    name: 'atmodem_modem_up',
    help: 'Does the modem have power?',
    type: 'gauge',
    samples: ({ modem }) => one(Number(modem.isOn), { dialect: modem.dialect.name }),
  },
  {
    name: 'atmodem_modem_online',
    help: 'May it dial?',
    type: 'gauge',
    samples: ({ modem }) => one(Number(modem.surroundings.isOnline)),
  },
  {
    name: 'atmodem_channel_attached',
    help: 'Does a host have the AT channel open?',
    type: 'gauge',
    samples: ({ modem }) =>
      modem.channels
        .filter(({ role }) => role === 'port')
        .map(({ index, port }) => ({ labels: { channel: index }, value: Number(port.isAttached) })),
  },
  {
    name: 'atmodem_commands_total',
    help: 'Commands that were started.',
    type: 'counter',
    samples: ({ modem }) => one(modem.counters.commands),
  },
  {
    name: 'atmodem_urcs_dropped_total',
    help: 'URCs that a host did not take in time.',
    type: 'counter',
    samples: ({ modem }) => one(modem.counters.urcsDropped),
  },
  {
    name: 'atmodem_port_bytes_total',
    help: 'Bytes from hosts (in), and handed to ports (out).',
    type: 'counter',
    samples: ({ modem: { counters } }) => [
      { labels: { direction: 'in' }, value: counters.bytesIn },
      { labels: { direction: 'out' }, value: counters.bytesOut },
    ],
  },
  {
    name: 'atmodem_mqtt_messages_total',
    help: 'Messages that its MQTT clients received (in), and published (out).',
    type: 'counter',
    samples: ({ modem: { counters } }) => [
      { labels: { direction: 'in' }, value: counters.messagesIn },
      { labels: { direction: 'out' }, value: counters.messagesOut },
    ],
  },
  {
    name: 'atmodem_mqtt_clients_connected',
    help: 'MQTT clients that are connected.',
    type: 'gauge',
    samples: ({ modem }) => one(connectedClients(modem)),
  },
  {
    name: 'atmodem_links_open',
    help: 'Sockets of the modem that are open.',
    type: 'gauge',
    samples: ({ modem }) => one(modem.links.named.filter(({ socket }) => socket.isOpen).length),
  },
  {
    name: 'atmodem_faults_active',
    help: 'Faults that are injected.',
    type: 'gauge',
    samples: ({ faults }) => one(faults?.active.length ?? 0),
  },
  {
    name: 'atmodem_faults_struck_total',
    help: 'How often faults have struck.',
    type: 'counter',
    samples: ({ faults }) => one(faults?.struck ?? 0),
  },
  {
    name: 'atmodem_dialogue_lines_total',
    help: 'Lines of the dialogue.',
    type: 'counter',
    samples: ({ dialogue }) => one(dialogue.last),
  },
];

export function metricsOf({ monitor, ownMetrics }: Pick<Rig, 'monitor' | 'ownMetrics'>): string {
  const { all } = monitor;
  const modems = metricText('atmodem_modems', 'Modems of the daemon.', 'gauge', [{ value: all.length }]);
  return [modems, ...ofModem.map(metric => ofAll(metric, all)), ownMetrics()].join('');
}

export function metricText(name: string, help: string, type: Metric['type'], samples: readonly Sample[]): string {
  const lines = samples.map(({ labels = {}, value }) => `${name}${labelText(labels)} ${value}`);
  return `${[`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n')}\n`;
}

function ofAll({ name, help, type, samples }: Metric, all: readonly WatchedModem[]): string {
  return metricText(
    name,
    help,
    type,
    all.flatMap(watched =>
      samples(watched).map(({ labels, value }) => ({ labels: { modem: watched.name, ...labels }, value })),
    ),
  );
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(String(value))}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
