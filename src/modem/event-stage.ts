/** The stage of event rules and boot lines: nothing owns the port, so everything written is unsolicited. */
import type { OnlineRequest, Result, Stage, Waiting } from '../grammar/exchange.js';
import { ModemStage } from './stage.js';

export class EventStage extends ModemStage implements Stage {
  info(text: string): void {
    this.urc(text);
  }

  final(text: string): void {
    this.urc(text);
  }

  raw(bytes: string): void {
    this.rawUrc(bytes);
  }

  /** Nobody asked, so nobody is refused. */
  cme(): void {}

  /** Nobody types here: there is no prompt, and data ends before it begins. */
  prompt(): void {}

  data(): Result {
    return { outcome: 'cancelled' };
  }

  online(request: OnlineRequest): Result | Waiting {
    return this.modem.goOnline(request, this.origin);
  }

  release(): void {}

  unfinished(): void {}
}
