/** The packets of a broker. TCP cuts them anywhere, so nothing but their lengths tells where they begin. */
import { type Finding, type Reading, readCutPacket, readPacket } from './packet-reading.js';
import { PacketWalk } from './packet-walk.js';

export class BrokerFlow {
  readonly #walk = new PacketWalk('broker');
  #isOver = false;

  read(bytes: Buffer): Finding[] {
    const found: Finding[] = [];
    for (let at = 0; at < bytes.length && !this.#isOver; ) {
      const begin = at;
      at = this.#walk.read(bytes, at);
      if (this.#walk.fault !== undefined) found.push(this.#giveUp(bytes.length - begin, this.#walk.fault));
      else if (this.#walk.state === 'whole') found.push(told(readPacket(this.#walk.take())));
    }
    return found;
  }

  end(): Finding[] {
    const isCut = !this.#isOver && this.#walk.state !== 'between';
    this.#isOver = true;
    return isCut ? [told(readCutPacket(this.#walk.take()))] : [];
  }

  #giveUp(count: number, fault: string): Finding {
    this.#isOver = true;
    return { text: `${count} bytes, no longer inspected`, fault };
  }
}

const told = ({ text, fault }: Reading): Finding => ({ text, fault });
