/** What stands after `!`: a closed list of things that go wrong around the modem, or come to it, and their ends. */
import { nearest } from '../base/nearest.js';
import { refuse, type Span } from './mistakes.js';
import { type Fault, maximumChannels, maximumFlood, maximumLinks, peerActs, registrationStates } from './transcript.js';

/** What may follow the words of a fault, with the lowest and the highest value. */
const limits = {
  CID: [0, 999],
  CHANNEL: [1, maximumChannels],
  LINK: [1, maximumLinks],
  PORT: [1, 65_535],
  SIZE: [1, maximumFlood],
} as const;
type Parameter = keyof typeof limits;
type Arguments = Readonly<Partial<Record<Parameter, number>>>;
type Entry = readonly [usage: string, make: (given: Arguments) => Fault];

/** Every fault by its usage: words, then parameters; in brackets, one that may be left out. */
const faults: readonly Entry[] = [
  ...each(['closes', 'resets', 'silent', 'back'], does => [`broker ${does}`, () => ({ kind: 'broker', does })]),
  ...each(peerActs, does => [`peer ${does} [LINK]`, ({ LINK: link }) => ({ kind: 'peer', does, link })]),
  ['peer floods SIZE [LINK]', ({ SIZE, LINK: link }) => ({ kind: 'peer-floods', size: SIZE!, link })],
  ['peer connects PORT', ({ PORT }) => ({ kind: 'peer-connects', port: PORT! })],
  ['pdp lost [CID]', ({ CID: cid }) => ({ kind: 'pdp-lost', cid })],
  ...each(registrationStates, state => [`registration ${state}`, () => ({ kind: 'registration', state })]),
  ...each(['lost', 'back'], does => [`wifi ${does}`, () => ({ kind: 'wifi', does })]),
  ...each(['detaches', 'attaches'], does => [
    `dte ${does} [CHANNEL]`,
    ({ CHANNEL: channel = 1 }) => ({ kind: 'dte', does, channel }),
  ]),
  ...each(['off', 'on'], to => [`power ${to}`, () => ({ kind: 'power', to })]),
  ...each(['absent', 'ready'], state => [`sim ${state}`, () => ({ kind: 'sim', state })]),
];

function each<const Word>(words: readonly Word[], fault: (word: Word) => Entry): Entry[] {
  return words.map(fault);
}

const byWords: ReadonlyMap<string, Form> = new Map(faults.map(entry => formOf(entry)).map(form => [form.words, form]));

interface Form {
  usage: string;
  words: string;
  parameters: readonly Parameter[];
  /** How many of them may not be left out. */
  required: number;
  make: Entry[1];
}

function formOf([usage, make]: Entry): Form {
  const [words = '', ...parameters] = usage.split(/ (?=\[?[A-Z])/);
  return {
    usage,
    words,
    parameters: parameters.map(parameter => parameter.replace(/[[\]]/g, '') as Parameter),
    required: parameters.filter(parameter => !parameter.startsWith('[')).length,
    make,
  };
}

/** Those that end in words of another list: what those mean is not known here. */
const injections = ['fault NAME [KEY=VALUE…]', 'fault over [NAME]'] as const;

function injectionFrom({ text }: Span): Fault | undefined {
  const [, over, name] = /^fault (over)(?: (\S+))?$/.exec(text) ?? [];
  if (over !== undefined) return { kind: 'lifted', ...(name === undefined ? {} : { name }) };
  const [, request] = /^fault (\S.*)$/.exec(text) ?? [];
  return request === undefined ? undefined : { kind: 'injected', request };
}

export function faultFrom(span: Span): Fault {
  return injectionFrom(span) ?? tableFaultFrom(span);
}

function tableFaultFrom(span: Span): Fault {
  const [words = '', ...given] = span.text.split(/ (?=\d)/);
  const form = byWords.get(words) ?? refuseFault(span, words);
  if (given.length < form.required || given.length > form.parameters.length) refuseArguments(span, form);
  const named = given.map((text, index) => {
    const parameter = form.parameters[index]!;
    return [parameter, numberFrom(text, parameter) ?? refuseArguments(span, form)];
  });
  return form.make(Object.fromEntries(named));
}

function refuseFault(span: Span, words: string): never {
  const near = nearest(words, byWords.keys());
  refuse(span, 'no such fault', {
    expected: `one of ${[...faults.map(([usage]) => usage), ...injections].join(', ')}`,
    ...(near === undefined ? {} : { hint: `Did you mean \`! ${near}\`?` }),
  });
}

function refuseArguments(span: Span, { usage, parameters }: Form): never {
  const ranges = parameters.map(parameter => {
    const [low, high] = limits[parameter];
    return `; ${parameter} is ${low} to ${parameter === 'SIZE' ? formatSize(high) : high}`;
  });
  refuse(span, parameters.length === 0 ? 'no number belongs here' : 'other numbers belong here', {
    expected: `\`${usage}\`${ranges.join('')}`,
  });
}

const multiples: Readonly<Record<string, number>> = { '': 1, k: 1024, M: 1024 * 1024 };

/** Undefined where the text is no number of this kind. Only a size may end in `k` or `M`. */
function numberFrom(text: string, parameter: Parameter): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,9})([kM]?)$/.exec(text) ?? [];
  if (digits === undefined || (unit !== '' && parameter !== 'SIZE')) return undefined;
  const number = Number(digits) * multiples[unit]!;
  const [low, high] = limits[parameter];
  return number >= low && number <= high ? number : undefined;
}

function formatSize(bytes: number): string {
  const unit = ['M', 'k'].find(name => bytes % multiples[name]! === 0) ?? '';
  return `${bytes / multiples[unit]!}${unit}`;
}

export function formatFault(fault: Fault): string {
  switch (fault.kind) {
    case 'broker':
    case 'wifi':
      return `${fault.kind} ${fault.does}`;
    case 'peer':
      return withNumber(`peer ${fault.does}`, fault.link);
    case 'peer-floods':
      return withNumber(`peer floods ${formatSize(fault.size)}`, fault.link);
    case 'peer-connects':
      return `peer connects ${fault.port}`;
    case 'pdp-lost':
      return withNumber('pdp lost', fault.cid);
    case 'registration':
    case 'sim':
      return `${fault.kind} ${fault.state}`;
    case 'dte':
      return withNumber(`dte ${fault.does}`, fault.channel === 1 ? undefined : fault.channel);
    case 'power':
      return `power ${fault.to}`;
    case 'injected':
      return `fault ${fault.request}`;
    case 'lifted':
      return fault.name === undefined ? 'fault over' : `fault over ${fault.name}`;
  }
}

const withNumber = (words: string, number: number | undefined): string =>
  number === undefined ? words : `${words} ${number}`;
