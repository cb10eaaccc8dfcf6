/** docs/faults.md, and `atmodem explain --faults`: what can go wrong on purpose. Pure. */
import {
  type FaultLayer,
  type FaultSpec,
  faultCatalogue,
  faultLayers,
  type ParameterSpec,
} from '../scenarios/catalogue.js';
import { pointTitles } from '../scenarios/points.js';
import { code, madeFrom, table } from './markdown.js';

/** What most faults take, in the words that hold for all of them. */
export const commonParameters: Readonly<Record<string, string>> = {
  command:
    'only this command, such as `+CSQ`; `AT` is AT alone. For a fault of the line: while it is the last that began there',
  host: 'only to this host, as the AT command names it, before routes',
  port: 'only to this port, likewise',
  nth: 'the nth point that fits, counted from the injection',
  at: 'the point of this number, as the run counts them: for a run that is repeated',
  count: 'it is lifted when it has struck so often',
  rate: 'each point that fits is struck with this chance, 0 to 1, by the seed',
  for: 'it is lifted after so long: counted from the injection, or from where its state begins',
};

export interface FaultManual {
  name: string;
  layer: FaultLayer;
  title: string;
  /** Where, and how long it stays. */
  strikes: string;
  /** Its own. */
  parameters: readonly { name: string; form: string; default: string; title: string }[];
  /** Of those in `commonParameters`: `nth`, or with a default `rate=0.1`. */
  common: readonly string[];
}

export const faultManuals = (): FaultManual[] =>
  faultCatalogue.map(spec => ({
    name: spec.name,
    layer: spec.layer,
    title: spec.title,
    strikes: strikesOf(spec),
    parameters: Object.entries(spec.parameters)
      .filter(([name]) => !(name in commonParameters))
      .map(([name, parameter]) => ({
        name,
        form: formOf(parameter),
        default: defaultOf(parameter),
        title: parameter.title,
      })),
    common: Object.entries(spec.parameters)
      .filter(([name]) => name in commonParameters)
      .map(([name, parameter]) => (parameter.default === undefined ? name : `${name}=${defaultOf(parameter)}`)),
  }));

const defaultOf = ({ default: value }: ParameterSpec): string => (value === undefined ? '' : String(value));

function strikesOf({ begins, lasts, points, parameters }: FaultSpec): string {
  const stays = lasts === 'once' ? 'once' : 'until lifted';
  if (begins === 'at-points') return `at ${points.join(', ')}; ${stays}`;
  return `${'command' in parameters ? 'at once, or at a command' : 'at once'}; ${stays}`;
}

/** What may stand behind its `=`. */
function formOf({ kind, words = [], least, most, also }: ParameterSpec): string {
  switch (kind) {
    case 'number':
      return `${least}..${most}${also === undefined ? '' : `, ${also}`}`;
    case 'duration':
      return 'time';
    case 'flag':
      return 'true, false';
    case 'word':
      return words.join(', ');
    case 'text':
      return 'text';
    case 'bytes':
      return 'bytes';
  }
}

const layerTitles: Readonly<Record<FaultLayer, string>> = {
  line: 'The line',
  at: 'AT',
  module: 'The module',
  network: 'The network',
};

export const faultsPage = (): string =>
  `${[
    madeFrom('src/scenarios/catalogue.ts'),
    '',
    '# Faults',
    '',
    'What can go wrong on purpose. A fault has a name and parameters, and is written as YAML or JSON, or in one line:',
    '',
    '```',
    "{ fault: at.late, command: +CSQ, nth: 3, by: 2s }          # scenarios, the API, the library's `modem.faults.inject`",
    "atmodem run --fault 'at.late,command=+CSQ,nth=3,by=2s'      # repeatable",
    '! fault at.late command=+CSQ nth=3 by=2s                    # a transcript',
    '```',
    '',
    'Times are `500ms`, `2s`, `5m`, or a number of milliseconds. Bytes are text with the escapes `\\r \\n \\t \\\\ \\xHH`.',
    '',
    '## When and how often',
    '',
    'A run meets **points** where a fault can strike. Each kind is numbered from 1, a modem, in the order in which the run',
    'meets them; a strike is logged, and shown in the dialogue, with its number:',
    '`! at.late struck +CSQ (at.command 7)`.',
    '',
    'A fault that strikes at points strikes the next one that fits, once; with `count`, `for` or `rate`, as often as that',
    'says. A fault that brings about a state, or lasts as long as a condition, stays until it is lifted. One that begins at',
    'once waits for a command instead where `command`, `nth`, `at` or `rate` is given.',
    '',
    'Of several faults that would decide what becomes of the same command, the one that was injected first does; the others',
    'wait for the next.',
    '',
    ...table(
      ['parameter', 'meaning'],
      Object.entries(commonParameters).map(([name, title]) => [code(name), title]),
    ),
    '',
    '## The seed',
    '',
    'Chance follows from the seed of the run: it is in the log and the ready line where faults may come, and `--seed N` sets',
    'it. Each fault draws for itself, by the seed, the name of the modem and the number of its injection. So the same faults,',
    'the same bytes of the host and the same seed give the same bytes again. What real peers do in the meantime is theirs.',
    '',
    '## Points',
    '',
    ...table(
      ['point', 'what it is'],
      Object.entries(pointTitles).map(([point, title]) => [code(point), title]),
    ),
    ...faultLayers.flatMap(layer => ['', `## ${layerTitles[layer]}`, '', ...layerTable(layer)]),
  ].join('\n')}\n`;

function layerTable(layer: FaultLayer): string[] {
  const manuals = faultManuals().filter(manual => manual.layer === layer);
  const rows = manuals.map(({ name, title, strikes, parameters, common }) => [
    code(name),
    title,
    strikes,
    parameters.map(parameterText).join('; '),
    common.map(code).join(' '),
  ]);
  return table(['fault', 'what happens', 'strikes', 'its own parameters', 'and'], rows);
}

function parameterText({ name, form, default: value, title }: FaultManual['parameters'][number]): string {
  const facts = value === '' ? form : `${form}; ${code(value)}`;
  return `${code(name)} (${facts}): ${title.replaceAll(';', ',')}`;
}
