/** A parrot's ends of its ports: it is told of each line that ends in CR, and says what stands between CR LF. */
import { fromBuffer, toBuffer } from '../../../src/base/bytes.js';
import { MemoryPort } from '../../../src/ports/memory.js';

/** @param answer told of every line without its CR */
export async function openParrotPorts(
  channels: number,
  answer: (port: MemoryPort, line: string) => void,
): Promise<MemoryPort[]> {
  const ports = Array.from({ length: channels }, () => new MemoryPort());
  for (const port of ports) {
    let line = '';
    await port.open({
      attached: () => say(port, 'READY'),
      detached() {},
      drained() {},
      lost() {},
      bytes(chunk) {
        for (const byte of fromBuffer(chunk)) {
          if (byte !== '\r') line += byte;
          else {
            answer(port, line);
            line = '';
          }
        }
      },
    });
  }
  return ports;
}

export function say(port: MemoryPort, text: string): void {
  port.write(toBuffer(`\r\n${text}\r\n`));
}

/** The faults of a parrot: it says what happened to it. */
export const sayingFaults = (port: MemoryPort) => ({
  losePacketData: (cid: number | undefined) => say(port, `PDP ${cid}`),
  setRegistration: (state: string) => say(port, `REG ${state}`),
  setWifi: (to: string) => say(port, `WIFI ${to}`),
  setPower: (to: string) => say(port, `POWER ${to}`),
  setSim: (state: string) => say(port, `SIM ${state}`),
  inject: (request: string) => say(port, `FAULT ${request}`),
  lift: (name: string | undefined) => say(port, `OVER ${name}`),
});
