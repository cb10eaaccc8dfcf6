/** Faults of the line: what becomes of the bytes between host and module. Knows bytes and gaps; a `FaultyPort` passes them. */
import { toBuffer } from '../base/bytes.js';
import type { ArmedFault } from './armed-fault.js';
import type { FaultRegister } from './register.js';

export type LineDirection = 'in' | 'out';

/** Bytes that pass together. */
export interface Stretch {
  bytes: Buffer;
  /** Milliseconds between them and what passed before. */
  after: number;
}

/** Numbers of struck bytes that are named in one message. */
const mostNamed = 8;

export class LineFaults {
  constructor(
    readonly register: FaultRegister,
    /** The command that began last on a channel. */
    readonly commandOn: (channel: number) => string | undefined,
  ) {}

  /** @returns how the bytes pass; undefined: as they are */
  pass(direction: LineDirection, channel: number, bytes: Buffer): readonly Stretch[] | undefined {
    const spoilt = this.#spoil(direction, channel, bytes);
    return direction === 'out' ? this.#chop(channel, bytes, spoilt) : spoilt;
  }

  #spoil(direction: LineDirection, channel: number, bytes: Buffer): readonly Stretch[] | undefined {
    const { register } = this;
    const point = `line.${direction}` as const;
    const n = register.advance(point, bytes.length);
    if (register.isEmpty && !register.met.isHeard) return undefined;
    const command = this.commandOn(channel);
    const faults = register.all.filter(armed => armed.fits(point, { command }));
    const struck = new Map<ArmedFault, number[]>();
    const stretches = faults.length === 0 ? undefined : spoilBytes(bytes, n, faults, struck);
    for (const [armed, numbers] of struck) {
      register.tell(armed, { what: () => countOf(numbers.length), channel }, `${point} ${listOf(numbers)}`);
      if (armed.isSpent) register.remove(armed);
    }
    const met = { point, n, last: n + bytes.length - 1 };
    register.tellMet(met, { what: () => countOf(bytes.length), channel }, [...struck.keys()]);
    return struck.size === 0 ? undefined : stretches;
  }

  #chop(channel: number, bytes: Buffer, spoilt: readonly Stretch[] | undefined): readonly Stretch[] | undefined {
    const command = this.commandOn(channel);
    const [armed] = this.register.meet('line.write', {
      what: () => countOf(bytes.length),
      channel,
      command,
      choose: hits => hits.slice(0, 1),
    });
    if (armed?.fault.name !== 'line.chop') return spoilt;
    const { size, gap } = armed.fault.values;
    return (spoilt ?? [{ bytes, after: 0 }]).flatMap(stretch => piecesOf(stretch, size, gap));
  }
}

function piecesOf({ bytes, after }: Stretch, size: number, gap: number): Stretch[] {
  const pieces: Stretch[] = [];
  for (let at = 0; at < bytes.length; at += size)
    pieces.push({ bytes: bytes.subarray(at, at + size), after: at === 0 ? after : gap });
  return pieces;
}

/** @param first the number of the first byte @param struck filled: which fault struck which bytes, by their numbers */
function spoilBytes(
  bytes: Buffer,
  first: number,
  faults: readonly ArmedFault[],
  struck: Map<ArmedFault, number[]>,
): Stretch[] {
  const stretches: Stretch[] = [];
  let together: number[] = [];
  let after = 0;
  const passOn = () => {
    if (together.length === 0) return;
    stretches.push({ bytes: Buffer.from(together), after });
    together = [];
    after = 0;
  };
  for (const [i, byte] of bytes.entries()) {
    let passing: readonly number[] = [byte];
    for (const armed of faults) {
      if (!armed.meets(first + i)) continue;
      armed.struck += 1;
      note(struck, armed, first + i);
      if (armed.fault.name === 'line.stall') {
        passOn();
        after += armed.fault.values.by;
      } else passing = spoilByte(armed, passing);
    }
    together.push(...passing);
  }
  passOn();
  return stretches;
}

function note(struck: Map<ArmedFault, number[]>, armed: ArmedFault, number: number): void {
  const numbers = struck.get(armed);
  if (numbers) numbers.push(number);
  else struck.set(armed, [number]);
}

/** @param passing what earlier faults left of the byte */
function spoilByte({ fault, random }: ArmedFault, passing: readonly number[]): readonly number[] {
  switch (fault.name) {
    case 'line.drop':
      return [];
    case 'line.duplicate':
      return [...passing, ...passing];
    case 'line.flip': {
      const mask = fault.values.mask ?? 1 << Math.floor(random() * 8);
      return passing.map(byte => byte ^ mask);
    }
    case 'line.insert': {
      const { bytes, size } = fault.values;
      const inserted =
        bytes === undefined ? Array.from({ length: size }, () => Math.floor(random() * 256)) : toBuffer(bytes);
      return [...inserted, ...passing];
    }
    default:
      return passing;
  }
}

const countOf = (bytes: number): string => (bytes === 1 ? 'a byte' : `${bytes} bytes`);

const listOf = (numbers: readonly number[]): string =>
  numbers.slice(0, mostNamed).join(', ') + (numbers.length > mostNamed ? ', …' : '');
