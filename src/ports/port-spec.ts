/** How the operator spells a port. What is misspelt is told with the right spelling, and what was most likely meant. */
import { OperatorError } from '../base/errors.js';
import { didYouMean } from '../base/nearest.js';
import type { FlowControl } from './uart-line.js';

/** `spec` is what the operator typed. */
export type PortSpec = { spec: string } & (
  | { kind: 'pty'; link?: string }
  | { kind: 'tcp' | 'rfc2217'; host: string; port: number }
  | { kind: 'uart'; device: string; baud?: number; flow?: readonly FlowControl[] }
  | { kind: 'unix'; path: string }
  | { kind: 'stdio' }
);

const spellings = {
  pty: 'pty[:LINK]',
  tcp: 'tcp:[HOST:]PORT',
  rfc2217: 'rfc2217:[HOST:]PORT',
  uart: 'uart:DEVICE[@BAUD][,rtscts]',
  unix: 'unix:PATH',
  stdio: 'stdio',
} as const satisfies Record<PortSpec['kind'], string>;

/** All of them, for help and messages. */
export const portSpellings = Object.values(spellings).join(', ');

/** Bytes: `sun_path` of unix(7), without the NUL at its end. */
const longestSocketPath = 107;

const flowControls = ['rtscts', 'xonxoff'] as const satisfies readonly FlowControl[];

/** @throws OperatorError (usage) */
export function parsePort(spec: string): PortSpec {
  const colon = spec.indexOf(':');
  const kind = colon < 0 ? spec : spec.slice(0, colon);
  const rest = colon < 0 ? undefined : spec.slice(colon + 1);
  switch (kind) {
    case 'pty':
      return parsePty(spec, rest);
    case 'tcp':
    case 'rfc2217':
      return parseTcp(spec, kind, rest);
    case 'uart':
      return parseUart(spec, rest);
    case 'unix':
      return parseUnix(spec, rest);
    case 'stdio':
      if (rest !== undefined) throw misspelt(spec, 'stdio');
      return { spec, kind: 'stdio' };
    default:
      throw unknownKind(spec, kind);
  }
}

function parsePty(spec: string, link: string | undefined): PortSpec {
  if (link === undefined) return { spec, kind: 'pty' };
  if (link === '') throw misspelt(spec, 'pty', 'name the link, or leave the colon out');
  if (!link.startsWith('/') && /\/|^\.\.?$/.test(link)) {
    throw misspelt(spec, 'pty', 'LINK is a plain name (made in the default folder) or an absolute path');
  }
  return { spec, kind: 'pty', link };
}

function parseTcp(spec: string, kind: 'tcp' | 'rfc2217', rest = ''): PortSpec {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(rest);
  const port = Number(match?.[3]);
  if (!match) throw misspelt(spec, kind, `PORT is a number; an IPv6 address stands in brackets: ${kind}:[::1]:2323`);
  if (port > 65535) throw misspelt(spec, kind, 'PORT is 0 (any free one) to 65535');
  return { spec, kind, host: match[1] ?? match[2] ?? '127.0.0.1', port };
}

function parseUart(spec: string, rest = ''): PortSpec {
  const [line = '', ...flow] = rest.split(',');
  const [, device, baud] = /^(.+?)(?:@([^@/]*))?$/.exec(line) ?? [];
  if (!device) throw misspelt(spec, 'uart');
  if (baud !== undefined && !/^[1-9]\d{0,7}$/.test(baud))
    throw misspelt(spec, 'uart', 'BAUD is a number such as 115200');
  for (const word of flow) if (!isFlowControl(word)) throw noFlowControl(spec, word);
  return {
    spec,
    kind: 'uart',
    device,
    ...(baud === undefined ? {} : { baud: Number(baud) }),
    ...(flow.length === 0 ? {} : { flow: flow.filter(isFlowControl) }),
  };
}

const isFlowControl = (word: string): word is FlowControl => (flowControls as readonly string[]).includes(word);

const noFlowControl = (spec: string, word: string): OperatorError =>
  misspelt(spec, 'uart', didYouMean(word, flowControls) || `flow control is ${flowControls.join(' or ')}`);

function parseUnix(spec: string, path = ''): PortSpec {
  if (path === '') throw misspelt(spec, 'unix');
  const length = Buffer.byteLength(path);
  if (length > longestSocketPath)
    throw misspelt(spec, 'unix', `PATH has ${length} bytes, and a socket's name at most ${longestSocketPath}`);
  return { spec, kind: 'unix', path };
}

function misspelt(spec: string, kind: PortSpec['kind'], hint?: string): OperatorError {
  return new OperatorError('usage', 'port not understood', { found: spec, expected: spellings[kind], hint });
}

function unknownKind(spec: string, kind: string): OperatorError {
  return new OperatorError('usage', 'unknown kind of port', {
    found: spec === '' ? 'an empty port' : spec,
    expected: portSpellings,
    hint: nearestSpec(spec, kind) || undefined,
  });
}

/** What a bare device, path or number most likely meant; else the kind whose name is near. */
function nearestSpec(spec: string, kind: string): string {
  if (/^\d+$/.test(spec)) return `did you mean \`tcp:${spec}\`?`;
  if (/^(?:COM\d+$|\/dev\/)/i.test(spec)) return `did you mean \`uart:${spec}\`?`;
  if (/^\/.*\.sock$/.test(spec)) return `did you mean \`unix:${spec}\`?`;
  if (spec.startsWith('/')) return `did you mean \`pty:${spec}\`?`;
  return didYouMean(kind, Object.keys(spellings));
}
