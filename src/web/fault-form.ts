/** What was typed into the form of a fault, as the request that the API takes. Pure. */
import type { ActiveFault, FaultRequest, FaultSpec, ParameterSpec } from '../control/messages.js';

/** By the name of the parameter, as its field has it; a flag is `true` or empty. */
export type FormValues = Readonly<Record<string, string>>;

/** What is left empty is left out: the daemon knows its defaults. It also knows what is wrong with the rest. */
export function faultRequest({ name, parameters }: FaultSpec, values: FormValues): FaultRequest {
  const given = Object.entries(parameters).flatMap(([parameter, spec]) => {
    const text = values[parameter]?.trim() ?? '';
    return text === '' ? [] : [[parameter, readValue(spec, text)] as const];
  });
  return { fault: name, ...Object.fromEntries(given) };
}

function readValue({ kind }: ParameterSpec, text: string): unknown {
  if (kind === 'flag') return text === 'true';
  const isNumber = kind === 'number' && /^-?\d+(?:\.\d+)?$/.test(text);
  return isNumber ? Number(text) : text;
}

/** `waits`, `lasts`, `waits, struck 2 ×`: how it stands with a fault that is active. */
export function standing({ state, struck }: Pick<ActiveFault, 'state' | 'struck'>): string {
  const now = { armed: 'waits', on: 'lasts', over: 'over' }[state];
  return struck === 0 ? now : `${now}, struck ${struck} ×`;
}

export const layerNames: Readonly<Record<FaultSpec['layer'], string>> = {
  line: 'Line',
  at: 'AT',
  module: 'Module',
  network: 'Network',
};

/** The catalogue by layer, in its order. */
export function byLayer(faults: readonly FaultSpec[]): [FaultSpec['layer'], FaultSpec[]][] {
  const layers = [...new Set(faults.map(({ layer }) => layer))];
  return layers.map(layer => [layer, faults.filter(fault => fault.layer === layer)]);
}
