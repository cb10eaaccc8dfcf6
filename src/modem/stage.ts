/** What every stage does alike: acts go to the modem, and so does all that is unsolicited. */
import type { OperationRequest, Result, Waiting } from '../grammar/exchange.js';
import type { SettingTarget, Step } from '../grammar/steps.js';
import type { Row, Scope, Value } from '../grammar/values.js';
import type { Channel } from './channel.js';
import type { Modem } from './modem.js';

export abstract class ModemStage {
  constructor(
    readonly modem: Modem,
    /** The channel whose command it is, or whose command brought the event about; none where nobody's did. */
    readonly origin: Channel | undefined,
  ) {}

  urc(text: string): void {
    this.modem.routeUrc(this.origin, channel => channel.urc(text));
  }

  operate(request: OperationRequest): Result | Waiting {
    return this.modem.operate(request, this.origin);
  }

  set(setting: SettingTarget, value: Value, { address }: Scope): void {
    this.modem.settings.set(setting, value, address);
  }

  add(setting: SettingTarget, row: Row, { address }: Scope): boolean {
    return this.modem.settings.add(setting, row, address);
  }

  clear(setting: SettingTarget, { address }: Scope): void {
    this.modem.settings.clear(setting, address);
  }

  wait(ms: number): Waiting {
    return this.modem.pause(ms);
  }

  refusal(word: string): readonly Step[] {
    return this.modem.refusal(word);
  }

  protected rawUrc(bytes: string): void {
    this.modem.routeUrc(this.origin, channel => channel.rawUrc(bytes));
  }
}
