/** The stage of a command's exchange: writes go to its channel, acts to its modem. */
import type { DataRequest, OperationRequest, Result, Stage, Waiting } from '../grammar/exchange.js';
import type { SettingTarget, Step } from '../grammar/steps.js';
import type { Row, Scope, Value } from '../grammar/values.js';
import type { Channel } from './channel.js';

export class CommandStage implements Stage {
  constructor(readonly channel: Channel) {}

  info(text: string): void {
    this.channel.info(text);
  }

  final(text: string, isFailure: boolean, isLast: boolean): void {
    this.channel.final(text, isFailure, isLast);
  }

  /** [27.007 9.2] +CMEE: 0 plain ERROR, 1 number, 2 words. */
  cme(code: number, text: string): void {
    const level =
      this.channel.modem.settings.get(
        'CMEE',
        this.channel.modem.settings.dialect.settings.get('CMEE')?.of,
        this.channel.address,
      ) ?? 0;
    this.channel.final(level === 0 ? 'ERROR' : `+CME ERROR: ${level === 1 ? code : text}`, true, true);
  }

  urc(text: string): void {
    this.channel.modem.routeUrc(this.channel, channel => channel.urc(text));
  }

  raw(bytes: string, isResponse: boolean): void {
    if (isResponse) this.channel.response(bytes);
    else this.channel.modem.routeUrc(this.channel, channel => channel.rawUrc(bytes));
  }

  prompt(bytes: string | undefined): void {
    this.channel.prompt(bytes ?? this.channel.modem.dialect.style.prompt);
  }

  data(request: DataRequest): Result | Waiting {
    return this.channel.expectData(request);
  }

  operate(request: OperationRequest): Result | Waiting {
    return this.channel.modem.operate(request, this.channel);
  }

  set(setting: SettingTarget, value: Value, scope: Scope): void {
    this.channel.modem.settings.set(setting, value, scope.address);
  }

  add(setting: SettingTarget, row: Row, scope: Scope): boolean {
    return this.channel.modem.settings.add(setting, row, scope.address);
  }

  clear(setting: SettingTarget, scope: Scope): void {
    this.channel.modem.settings.clear(setting, scope.address);
  }

  wait(ms: number): Waiting {
    return this.channel.modem.pause(ms);
  }

  refusal(word: string): readonly Step[] {
    return this.channel.modem.refusal(word);
  }

  unfinished(command: string): void {
    this.channel.unfinished(command);
  }
}
