/** Faults of AT: what becomes of a command and its answer, and URCs in places where none may stand. */
import type { ByteString } from '../base/bytes.js';
import type { Step } from '../grammar/steps.js';
import type { CommandFault, UrcPlace } from '../modem/fault-seam.js';
import type { ArmedFault } from './armed-fault.js';
import type { FaultRegister } from './register.js';

/** What a dialect prints for its refusals: where the words of +CME ERROR codes stand. */
export type Refusals = ReadonlyMap<string, readonly Step[]>;

/** What becomes of the command that it strikes; undefined for a fault that leaves the command alone. */
export function commandFaultOf({ fault, random }: ArmedFault, refusals: Refusals): CommandFault | undefined {
  switch (fault.name) {
    case 'at.error': {
      const { text, cme } = fault.values;
      if (cme === undefined) return { does: 'answer', text };
      return { does: 'cme', code: cme, text: cmeText(cme, refusals) };
    }
    case 'at.silent':
      return { does: 'mute' };
    case 'at.swallow':
      return { does: 'swallow' };
    case 'at.late':
      return { does: 'delay', ms: fault.values.by };
    case 'module.slow':
      return { does: 'delay', ms: fault.values.by + random() * fault.values.jitter };
    case 'module.reboot':
      return { does: 'hang' };
    default:
      return undefined;
  }
}

/** As the dialect has it; a code that it never says stays a number. [27.007 9.2] */
function cmeText(code: number, refusals: Refusals): string {
  for (const steps of refusals.values()) {
    for (const { action } of steps) if (action.kind === 'cme' && action.code === code) return action.text;
  }
  return String(code);
}

/** Lines that are written here as URCs. @param command the one whose answer it is; undefined while a line is echoed */
export function urcsAt(
  register: FaultRegister,
  { channel, place, command }: { channel: number; place: UrcPlace; command: string | undefined },
): readonly ByteString[] {
  const struck = register.meet(`at.${place}`, {
    what: () => command ?? 'an echo',
    channel,
    command,
  });
  return struck.map(({ values }) => String(values.text));
}
