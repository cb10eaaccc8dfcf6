/** A modem under test into which faults are injected, by the words of a request. */
import type { ByteString } from '../../../src/base/bytes.js';
import { checkFault, type FaultRequest } from '../../../src/scenarios/fault.js';
import type { MetPoint } from '../../../src/scenarios/points.js';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';

export const ok = '\r\nOK\r\n';

export class FaultyModem {
  /** The dialogue's lines about faults. */
  readonly told: string[] = [];
  readonly met: MetPoint[] = [];

  private constructor(readonly test: ModemUnderTest) {
    test.modem.dialogue.on(({ from, text }) => {
      if (from === 'fault') this.told.push(text);
    });
    test.faults.met.on(met => this.met.push(met));
  }

  static async start(dialect: string, plan: Plan = {}): Promise<FaultyModem> {
    return new FaultyModem(await ModemUnderTest.start(dialect, { seed: 1, ...plan }));
  }

  get host() {
    return this.test.host;
  }

  get clock() {
    return this.test.clock;
  }

  inject(fault: FaultRequest | string) {
    return this.test.faults.inject(checkFault(fault));
  }

  /** So many ms, and exactly these bytes in their last turn. */
  async passes(ms: number, bytes: ByteString): Promise<void> {
    this.clock.advance(ms);
    await this.host.expects(bytes);
  }

  /** Nothing is left of any fault: the modem answers as ever, and at once. */
  async worksAgain(): Promise<void> {
    await this.host.dialogue('AT', ok);
  }
}
