/** The stage of event rules and boot lines: nothing owns the port, so everything written is unsolicited. */
import type { OperationRequest, Result, Stage, Waiting } from '../grammar/exchange.js';
import type { SettingTarget, Step } from '../grammar/steps.js';
import type { Row, Scope, Value } from '../grammar/values.js';
import type { Channel } from './channel.js';
import type { Modem } from './modem.js';

export class EventStage implements Stage {
  constructor(
    readonly modem: Modem,
    /** The channel whose command brought the event about, if one did. */
    readonly origin: Channel | undefined,
  ) {}

  info(text: string): void {
    this.urc(text);
  }

  final(text: string): void {
    this.urc(text);
  }

  cme(): void {}

  urc(text: string): void {
    this.modem.routeUrc(this.origin, channel => channel.urc(text));
  }

  raw(bytes: string): void {
    this.modem.routeUrc(this.origin, channel => channel.rawUrc(bytes));
  }

  prompt(): void {}

  data(): Result {
    return { outcome: 'cancelled' };
  }

  operate(request: OperationRequest): Result | Waiting {
    return this.modem.operate(request, this.origin);
  }

  set(setting: SettingTarget, value: Value, scope: Scope): void {
    this.modem.settings.set(setting, value, scope.address);
  }

  add(setting: SettingTarget, row: Row, scope: Scope): boolean {
    return this.modem.settings.add(setting, row, scope.address);
  }

  clear(setting: SettingTarget, scope: Scope): void {
    this.modem.settings.clear(setting, scope.address);
  }

  wait(ms: number): Waiting {
    return this.modem.pause(ms);
  }

  refusal(word: string): readonly Step[] {
    return this.modem.refusal(word);
  }

  unfinished(): void {}
}
