/**
 * Every fault by its name: what it does, where it strikes, what it takes. Data alone: the command line, the API, scenarios,
 * the page and docs/faults.md read it, and `Fault` in fault.ts has its types from it.
 */
import type { PointKind } from './points.js';

export const faultLayers = ['line', 'at', 'module', 'network'] as const;
export type FaultLayer = (typeof faultLayers)[number];

export interface ParameterSpec {
  kind: 'number' | 'duration' | 'text' | 'word' | 'flag' | 'bytes';
  title: string;
  words?: readonly string[];
  /** As a request writes it: `2s`. */
  default?: unknown;
  required?: true;
  /** Of a number its lowest and highest value, of a duration in ms, of text and bytes their length in bytes. */
  least?: number;
  most?: number;
  /** A number that may stand though it is out of these bounds. */
  also?: number;
  /** A number need not be whole. */
  fraction?: true;
}

export interface FaultDraft {
  layer: FaultLayer;
  title: string;
  /** `at-once`: with its injection, unless a `command`, `nth`, `at` or `rate` has it wait for a point. */
  begins: 'at-points' | 'at-once';
  /** `once`: it is lifted when it has struck, unless `count`, `for` or `rate` says otherwise. */
  lasts: 'once' | 'until-lifted';
  points: readonly PointKind[];
  parameters: Readonly<Record<string, ParameterSpec>>;
}

export interface FaultSpec extends FaultDraft {
  name: FaultName;
}

const day = 86_400_000;

// What several faults take.

const nth = { kind: 'number', least: 1, most: 1e9, title: 'the nth point from now on that fits' } as const;
const at = { kind: 'number', least: 1, most: 1e15, title: 'the point of this number, as the run counts them' } as const;
const count = { kind: 'number', least: 1, most: 1e9, title: 'lifted when it has struck so often' } as const;
const rate = {
  kind: 'number',
  fraction: true,
  least: 0,
  most: 1,
  title: 'each point that fits is struck with this chance, by the seed',
} as const;
const within = { for: { kind: 'duration', least: 1, most: day, title: 'lifted after so long' } } as const;
const command = {
  command: { kind: 'text', least: 1, most: 64, title: 'only this command, such as `+MPUB`; `AT` is AT alone' },
} as const;
const peer = {
  host: { kind: 'text', least: 1, most: 255, title: 'only to this host, as the AT command names it' },
  port: { kind: 'number', least: 1, most: 65_535, title: 'only to this port' },
} as const;
const struck = { nth, at, count, rate, ...within } as const;
const waits = { ...command, nth, at } as const;
const onCommand = {
  command: { ...command.command, title: 'while this command is the last that began on the port' },
} as const;
const direction = {
  direction: {
    kind: 'word',
    words: ['out', 'in'],
    default: 'out',
    title: 'bytes to the host (`out`), or from it (`in`)',
  },
} as const;

const bytesOnTheLine = { layer: 'line', begins: 'at-points', lasts: 'once', points: ['line.out', 'line.in'] } as const;
const commands = { layer: 'at', begins: 'at-points', lasts: 'once', points: ['at.command'] } as const;
const acts = { begins: 'at-once', lasts: 'once', points: ['at.command'] } as const;
const states = { begins: 'at-once', lasts: 'until-lifted', points: ['at.command'] } as const;
const dials = { layer: 'network', begins: 'at-points', lasts: 'once' } as const;
const onLinks = { layer: 'network', begins: 'at-points', lasts: 'until-lifted' } as const;

export const faults = {
  // The line: bytes between host and module.

  'line.drop': {
    ...bytesOnTheLine,
    title: 'A byte is lost.',
    parameters: { ...direction, ...onCommand, ...struck },
  },
  'line.flip': {
    ...bytesOnTheLine,
    title: 'Bits of a byte arrive wrong.',
    parameters: {
      mask: { kind: 'number', least: 1, most: 255, title: 'the bits; without it one, by the seed' },
      ...direction,
      ...onCommand,
      ...struck,
    },
  },
  'line.insert': {
    ...bytesOnTheLine,
    title: 'Bytes that nobody sent come in front of a byte.',
    parameters: {
      bytes: { kind: 'bytes', least: 1, most: 1024, title: 'these' },
      size: { kind: 'number', least: 1, most: 4096, default: 1, title: 'or so many, by the seed' },
      ...direction,
      ...onCommand,
      ...struck,
    },
  },
  'line.duplicate': {
    ...bytesOnTheLine,
    title: 'A byte comes twice.',
    parameters: { ...direction, ...onCommand, ...struck },
  },
  'line.stall': {
    ...bytesOnTheLine,
    title: 'The line stands still in front of a byte; what waits then comes in order.',
    parameters: {
      by: { kind: 'duration', least: 1, most: day, default: '1s', title: 'how long' },
      ...direction,
      ...onCommand,
      ...struck,
    },
  },
  'line.chop': {
    layer: 'line',
    begins: 'at-points',
    lasts: 'until-lifted',
    points: ['line.write'],
    title: 'What the modem writes comes in pieces.',
    parameters: {
      size: { kind: 'number', least: 1, most: 65_536, default: 1, title: 'bytes of a piece' },
      gap: { kind: 'duration', least: 0, most: 60_000, default: '10ms', title: 'between two pieces' },
      ...onCommand,
      ...struck,
    },
  },

  // AT: commands and their answers.

  'at.error': {
    ...commands,
    title: 'A command is not executed, and answered with an error.',
    parameters: {
      text: {
        kind: 'bytes',
        least: 1,
        most: 400,
        default: 'ERROR',
        title: 'the final result, such as `+CMS ERROR: 500`',
      },
      cme: { kind: 'number', least: 0, most: 65_535, title: 'instead: this code, as +CMEE says' },
      ...command,
      ...struck,
    },
  },
  'at.silent': {
    ...commands,
    title: 'A command is executed; neither answer nor prompt comes.',
    parameters: { ...command, ...struck },
  },
  'at.late': {
    ...commands,
    title: 'A command is executed later, and so is answered late; the port is its own meanwhile.',
    parameters: {
      by: { kind: 'duration', least: 1, most: day, default: '2s', title: 'how much' },
      ...command,
      ...struck,
    },
  },
  'at.swallow': {
    ...commands,
    title: 'A command is lost: it is neither executed nor answered.',
    parameters: { ...command, ...struck },
  },
  'at.urc': {
    layer: 'at',
    begins: 'at-points',
    lasts: 'once',
    points: ['at.echo', 'at.before', 'at.between', 'at.prompt'],
    title: 'A URC stands where the manual lets none.',
    parameters: {
      text: { kind: 'bytes', least: 1, most: 400, required: true, title: 'the line, without its CR LF' },
      place: {
        kind: 'word',
        words: ['echo', 'before', 'between', 'prompt'],
        default: 'before',
        title: 'inside the echo; in front of the first line; between information and final result; inside the prompt',
      },
      ...command,
      ...struck,
    },
  },

  // The module.

  'module.reboot': {
    layer: 'module',
    ...acts,
    title: 'The module resets, and says its boot lines. A command that it waited for is never answered.',
    parameters: {
      off: { kind: 'duration', least: 0, most: day, default: '0s', title: 'how long it is without power' },
      ...waits,
      count,
      rate,
    },
  },
  'module.freeze': {
    layer: 'module',
    ...states,
    title: 'The module hangs: nothing comes from it, and nothing reaches it, on any port and link.',
    parameters: {
      loses: { kind: 'flag', default: false, title: 'what the host types meanwhile is lost, not late' },
      ...waits,
      ...within,
    },
  },
  'module.brown-out': {
    layer: 'module',
    ...acts,
    title: 'The supply dips: what is being written breaks off, a wrong byte follows, and the module resets.',
    parameters: {
      after: { kind: 'number', least: 0, most: 65_536, default: 0, title: 'bytes of it that still come, at a command' },
      glitch: { kind: 'bytes', least: 0, most: 64, default: '\\x00', title: 'what follows them' },
      off: { kind: 'duration', least: 0, most: day, default: '500ms', title: 'how long it is without power' },
      ...waits,
      count,
      rate,
    },
  },
  'module.slow': {
    layer: 'module',
    begins: 'at-points',
    lasts: 'until-lifted',
    points: ['at.command'],
    title: 'Every command takes longer.',
    parameters: {
      by: { kind: 'duration', least: 0, most: day, default: '200ms', title: 'how much' },
      jitter: { kind: 'duration', least: 0, most: day, default: '0s', title: 'up to so much more, by the seed' },
      ...command,
      ...struck,
    },
  },

  // The network.

  'network.signal': {
    layer: 'network',
    ...states,
    title: 'The network is heard so well.',
    parameters: {
      rssi: { kind: 'number', least: 0, most: 31, also: 99, default: 2, title: '99 is not known [27.007 8.5 +CSQ]' },
      ber: { kind: 'number', least: 0, most: 7, also: 99, title: 'bit errors; 99 is not known' },
      ...waits,
      ...within,
    },
  },
  'network.registration': {
    layer: 'network',
    ...states,
    title: 'The network says this about registration.',
    parameters: {
      state: {
        kind: 'word',
        words: ['lost', 'home', 'searching', 'denied', 'unknown', 'roaming'],
        default: 'lost',
        title: '0 to 5 of +CREG, in this order [27.007 7.2]',
      },
      domain: { kind: 'word', words: ['cs', 'ps', 'eps'], title: 'in this domain; without it, in all' },
      ...waits,
      ...within,
    },
  },
  'network.pdp-lost': {
    layer: 'network',
    ...acts,
    title: 'The network takes a PDP context away. It comes back when the host activates it.',
    parameters: {
      cid: { kind: 'number', least: 1, most: 15, title: 'this one; without it, all' },
      ...waits,
      count,
      rate,
    },
  },
  'network.wifi-lost': {
    layer: 'network',
    ...states,
    title: 'Every access point falls silent. They are back when it is lifted.',
    parameters: { ...waits, ...within },
  },
  'network.dns': {
    ...dials,
    points: ['net.dns'],
    title: 'A name is not found.',
    parameters: {
      how: {
        kind: 'word',
        words: ['fails', 'hangs', 'late'],
        default: 'fails',
        title: '`hangs`: nobody answers, until the module gives up; `late`: the name is found, so much later',
      },
      by: { kind: 'duration', least: 0, most: day, default: '0s', title: 'how long until it fails, or is found' },
      host: peer.host,
      ...struck,
    },
  },
  'network.refuse': {
    ...dials,
    points: ['net.tcp'],
    title: 'The peer or broker takes no connection.',
    parameters: {
      how: {
        kind: 'word',
        words: ['refused', 'unreachable', 'reset', 'hangs'],
        default: 'refused',
        title: '`hangs`: nobody answers, until the module gives up',
      },
      by: { kind: 'duration', least: 0, most: day, default: '0s', title: 'how long that takes' },
      ...peer,
      ...struck,
    },
  },
  'network.tls': {
    ...dials,
    points: ['net.tls'],
    title: 'The TLS handshake fails.',
    parameters: {
      reason: {
        kind: 'word',
        words: ['expired', 'unknown-ca', 'wrong-host', 'handshake', 'hangs'],
        default: 'handshake',
        title: 'what the log says; `hangs`: the peer says nothing, until the module gives up',
      },
      by: { kind: 'duration', least: 0, most: day, default: '0s', title: 'how long that takes' },
      ...peer,
      ...struck,
    },
  },
  'network.connack': {
    ...dials,
    points: ['net.connack'],
    title: 'The broker answers CONNECT with a refusal, and closes the link.',
    parameters: {
      code: { kind: 'number', least: 1, most: 255, default: 3, title: 'the return code [MQTT 3.2.2.3]' },
      ...peer,
      ...struck,
    },
  },
  'network.latency': {
    ...onLinks,
    points: ['net.in', 'net.out', 'net.dns', 'net.tcp', 'net.tls', 'net.websocket'],
    title: 'Bytes on links take longer each way, and steps of a dial twice that, once for each way.',
    parameters: {
      by: { kind: 'duration', least: 0, most: 600_000, default: '300ms', title: 'one way' },
      jitter: { kind: 'duration', least: 0, most: 600_000, default: '0s', title: 'up to so much more, by the seed' },
      ...peer,
      ...within,
    },
  },
  'network.loss': {
    ...onLinks,
    points: ['net.in', 'net.out'],
    title: 'Bytes on links are lost. TCP sends them again; a datagram is gone.',
    parameters: {
      direction: {
        kind: 'word',
        words: ['both', 'in', 'out'],
        default: 'both',
        title: 'those that come to the module (`in`), those that it sends (`out`)',
      },
      again: {
        kind: 'duration',
        least: 1,
        most: 600_000,
        default: '1s',
        title: 'until TCP sends again',
      },
      ...peer,
      ...struck,
      rate: { ...rate, default: 0.1 },
    },
  },
  'network.close': {
    layer: 'network',
    ...acts,
    title: 'The peers close their links (FIN).',
    parameters: { ...peer, ...waits, count, rate },
  },
  'network.reset': {
    layer: 'network',
    ...acts,
    title: 'The peers reset their links (RST).',
    parameters: { ...peer, ...waits, count, rate },
  },
} as const satisfies Record<string, FaultDraft>;

export type FaultName = keyof typeof faults;

export const faultCatalogue: readonly FaultSpec[] = Object.entries(faults).map(([name, draft]) => ({
  name: name as FaultName,
  ...draft,
}));
