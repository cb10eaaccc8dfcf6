/** The API over modems of a test: asked without a socket, or served on loopback. Everything ends with the test. */
import { onTestFinished } from 'vitest';
import { type Clock, ManualClock } from '../../../src/base/clock.js';
import { Signal } from '../../../src/base/signal.js';
import { Access, type AccessRules } from '../../../src/control/access.js';
import { controlApp } from '../../../src/control/app.js';
import { type FaultControl, faultControl, type ModemFaultControl } from '../../../src/control/faults.js';
import type { ActiveFault, ControlError, ErrorBody } from '../../../src/control/messages.js';
import { Monitor } from '../../../src/control/monitor.js';
import type { Pages } from '../../../src/control/pages.js';
import type { Rig } from '../../../src/control/routes/route.js';
import { type Control, type ControlLimits, startControl } from '../../../src/control/server.js';
import type { ControlTarget } from '../../../src/control/target.js';
import type { Modem } from '../../../src/modem/modem.js';
import type { FaultNews } from '../../../src/scenarios/register.js';
import { recordingLog } from '../../support/log.js';
import { ModemUnderTest, type Plan } from '../modem/modem-under-test.js';

export const token = 'a-token-of-a-test';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Of a JSON answer. */
  json: unknown;
  /** Of a failure. */
  error: ControlError;
}

export interface Ask {
  body?: unknown;
  headers?: Record<string, string>;
}

export interface RigPlan {
  access?: Partial<AccessRules>;
  pages?: Pages;
  /** In the place of the daemon's. */
  pretended?: FaultControl;
}

export type AskPath = (method: 'GET' | 'POST' | 'DELETE' | string, path: string, ask?: Ask) => Promise<Answer>;

/** The API over these modems, without a socket. */
export function askable(
  target: Omit<ControlTarget, 'version' | 'log'>,
  { access, pages = new Map() }: Omit<RigPlan, 'pretended'> = {},
): { ask: AskPath; rig: Rig; said: ReturnType<typeof recordingLog>['said'] } {
  const log = recordingLog();
  const whole = { ...target, log, version: '1.2.3' };
  const monitor = new Monitor(whole);
  onTestFinished(() => monitor.stop());
  const rig: Rig = {
    target: whole,
    monitor,
    access: new Access({ isLoopback: true, token: undefined, port: 80, ...access }),
    startedAt: target.clock.wall(),
    reload: () => undefined,
    ownMetrics: () => '',
  };
  const app = controlApp(rig, pages);
  return {
    rig,
    said: log.said,
    async ask(method, path, { body, headers = {} } = {}) {
      const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
      const response = await app.request(path, {
        method,
        headers: { host: 'localhost', ...json, ...headers },
        body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      });
      return answerOf(response);
    },
  };
}

/** One modem and its API. */
export async function startRig(dialect: string, plan: Plan & RigPlan = {}) {
  const { access, pages, pretended, ...modemPlan } = plan;
  const test = await ModemUnderTest.start(dialect, modemPlan);
  const { modems, broker } = test.daemon;
  const faults = pretended ?? (test.daemon.faults.size > 0 ? faultControl(test.daemon.faults) : undefined);
  return { test, ...askable({ modems, broker, clock: test.clock, faults }, { access, pages }) };
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const json = isJson && text !== '' ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, json, error: (json as ErrorBody)?.error };
}

export interface ServedPlan {
  token?: string;
  limits?: Partial<ControlLimits>;
  clock?: Clock;
  pagesFolder?: string;
  broker?: ControlTarget['broker'];
}

/** The API on a port of loopback. */
export async function serve(modems: readonly Modem[], plan: ServedPlan = {}): Promise<Control & { port: number }> {
  const { token, limits, clock = new ManualClock(), pagesFolder = '/nowhere', broker } = plan;
  const control = await startControl({
    settings: { host: '127.0.0.1', port: 0, isLoopback: true, token },
    target: { modems, broker, clock, log: recordingLog(), version: '1.2.3' },
    pagesFolder,
    limits,
  });
  onTestFinished(() => control.stop());
  return Object.assign(control, { port: Number(new URL(control.url).port) });
}

/** Faults that strike nobody: what the API does with them is seen without any. */
export class PretendedFaults implements ModemFaultControl {
  readonly seed = 42;
  readonly struck = 0;
  readonly news = new Signal<FaultNews>();
  active: ActiveFault[] = [];
  #last = 0;

  inject(request: unknown): ActiveFault {
    const { fault, ...parameters } = request as { fault: string };
    this.#last += 1;
    const active: ActiveFault = {
      id: this.#last,
      fault,
      layer: 'at',
      text: fault,
      parameters,
      state: 'armed',
      struck: 0,
    };
    this.active = [...this.active, active];
    this.news.emit({ what: 'injected', id: active.id, fault });
    return active;
  }

  lift(id: number): boolean {
    const before = this.active.length;
    this.active = this.active.filter(each => each.id !== id);
    return this.active.length < before;
  }
}

export const pretendedFaults = (of: ModemFaultControl = new PretendedFaults()): FaultControl => ({
  catalogue: [{ name: 'at.late', layer: 'at', title: 'The answer is late', parameters: {} }],
  of: () => of,
});
