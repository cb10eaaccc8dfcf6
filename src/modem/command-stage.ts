/** The stage of a command's exchange: what is written before the last final result goes to its channel. */
import type { DataRequest, OnlineRequest, Result, Stage, Waiting } from '../grammar/exchange.js';
import type { Channel } from './channel.js';
import { ModemStage } from './stage.js';

export class CommandStage extends ModemStage implements Stage {
  constructor(readonly channel: Channel) {
    super(channel.modem, channel);
  }

  info(text: string): void {
    this.channel.info(text);
  }

  final(text: string, isFailure: boolean, isLast: boolean): void {
    this.channel.final(text, isFailure, isLast);
  }

  /** [27.007 9.2] +CMEE: 0 plain ERROR, 1 number, 2 words. A dialect without +CMEE answers as with 0. */
  cme(code: number, text: string): void {
    const { settings, dialect } = this.modem;
    const level = settings.get('CMEE', dialect.settings.get('CMEE')?.of, this.channel.address) ?? 0;
    this.channel.final(level === 0 ? 'ERROR' : `+CME ERROR: ${level === 1 ? code : text}`, true, true);
  }

  raw(bytes: string, isResponse: boolean): void {
    if (isResponse) this.channel.response(bytes);
    else this.rawUrc(bytes);
  }

  prompt(bytes = this.modem.dialect.style.prompt): void {
    this.channel.prompt(bytes);
  }

  data(request: DataRequest): Result | Waiting {
    return this.channel.expectData(request);
  }

  online(request: OnlineRequest): Result | Waiting {
    return this.channel.goOnline(request);
  }

  release(): void {
    this.channel.release();
  }

  unfinished(command: string): void {
    this.channel.unfinished(command);
  }
}
