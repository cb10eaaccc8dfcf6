/**
 * Performs the steps of an exchange against a stage: the channel that writes, the modem that acts. A generator, so that
 * what can be done at once is done in one go, and what must wait hands out the promise it waits for. It does no I/O.
 *
 * The port is the command's until the last final result on its path; what is written after that is unsolicited.
 */
import { type Codec, decode } from './codecs.js';
import type {
  Acknowledgement,
  Action,
  DataStep,
  Each,
  OnlineStep,
  OperationStep,
  Outcomes,
  SettingTarget,
  Step,
} from './steps.js';
import { type Entry, type Evaluate, fieldsOf, type Row, type Scope, textOf, type Value } from './values.js';
import type { Address, AddressKind } from './vocabulary.js';

/** How an operation or a data phase ended: a word, and the fields it brings. */
export interface Result {
  outcome: string;
  [field: string]: Value;
}

/** What an exchange waits for: a promise, or data whose arrival carries on in the same turn. */
export type Waiting = PromiseLike<Result>;

const isWaiting = (value: Result | Waiting): value is Waiting => 'then' in value;

export interface DataRequest {
  count: number | undefined;
  mark: string | undefined;
  until: readonly number[];
  cancel: readonly number[];
  quote: number | undefined;
  escape: DataStep['escape'];
  limit: number;
  /** Milliseconds. */
  idle: number | undefined;
  within: number | undefined;
  /** Without a byte: a `timeout`, where `idle` is the end of the data. */
  silence: number | undefined;
  echo: boolean | undefined;
  acknowledge: Acknowledgement | undefined;
  secret: boolean;
}

/** Online data state with the link that the address names. Times are milliseconds. */
export interface OnlineRequest {
  address: Address;
  escape: string;
  guard: number;
  guardAfter: number;
  gap: number;
  packet: number | undefined;
  limit: number;
  redial: number | undefined;
}

export interface OperationRequest {
  name: string;
  with: Readonly<Record<string, Value>>;
  scope: Scope;
  /** Milliseconds; undefined leaves the operation its own deadlines. */
  within: number | undefined;
  /** The outcomes that the grammar has an answer for: lenient ones count only then. */
  mapped: { has(word: string): boolean };
  progress(word: string, fields: Row): void;
}

/** What an exchange acts on. */
export interface Stage {
  info(text: string): void;
  /** @param isLast the port is free after it */
  final(text: string, isFailure: boolean, isLast: boolean): void;
  cme(code: number, text: string): void;
  urc(text: string): void;
  /** Exact bytes, as part of the response or, once the port is free, as a URC. */
  raw(bytes: string, isResponse: boolean): void;
  prompt(bytes: string | undefined): void;
  data(request: DataRequest): Result | Waiting;
  /** Ends as `escaped`, or `lost`; `failed` where there is no link, or nobody to be online. */
  online(request: OnlineRequest): Result | Waiting;
  /** The port is free, with nothing to be written for it. */
  release(): void;
  operate(request: OperationRequest): Result | Waiting;
  set(setting: SettingTarget, value: Value, scope: Scope): void;
  /** False where the list is full. */
  add(setting: SettingTarget, row: Row, scope: Scope): boolean;
  clear(setting: SettingTarget, scope: Scope): void;
  wait(ms: number): Waiting;
  refusal(word: string): readonly Step[];
  /** The exchange ended while the port was still its own: a hole in the grammar. */
  unfinished(command: string): void;
}

type Append = Extract<Action, { kind: 'add' }>;
type Flow = 'goes-on' | 'ended';
type Steps = Generator<Waiting, Flow, Result>;

interface Course {
  stage: Stage;
  /** Is the port the command's? */
  isOwner: boolean;
  /** The `raw` bytes of steps that are written together. */
  gathered: string | undefined;
  /** What comes after the list being performed, outermost first. */
  ahead: { steps: readonly Step[]; from: number; scope: Scope }[];
}

/** Performs a command's steps. @param asEvent the steps of an event rule or of booting: nothing owns the port */
export function* perform(
  steps: readonly Step[],
  scope: Scope,
  stage: Stage,
  asEvent = false,
): Generator<Waiting, void, Result> {
  const course: Course = { stage, isOwner: !asEvent, gathered: undefined, ahead: [] };
  yield* performList(steps, scope, course);
  if (course.isOwner) stage.unfinished(textOf(scope.fields.command));
}

/** Answers a refusal, as `errors` of the grammar says. */
export function* refuse(word: string, scope: Scope, stage: Stage): Generator<Waiting, void, Result> {
  yield* refuseWith(word, scope, { stage, isOwner: true, gathered: undefined, ahead: [] });
}

export interface Watch {
  /** After each stretch: the exchange is done, or waits. */
  paused(): void;
  failed(error: unknown): void;
  /** False once the exchange may not go on: the modem lost power. */
  isAlive(): boolean;
}

/** Runs an exchange as far as it goes at once, then on as what it waits for comes. */
export function drive(exchange: Generator<Waiting, void, Result>, watch: Watch): void {
  const go = (advance: () => IteratorResult<Waiting, void>): void => {
    if (!watch.isAlive()) return;
    try {
      const step = advance();
      if (!step.done)
        step.value.then(
          result => go(() => exchange.next(result)),
          error => go(() => exchange.throw(error)),
        );
    } catch (error) {
      watch.failed(error);
    }
    watch.paused();
  };
  go(() => exchange.next());
}

function* performList(steps: readonly Step[], scope: Scope, course: Course): Steps {
  for (let i = 0; i < steps.length; i++) {
    course.ahead.push({ steps, from: i + 1, scope });
    const flow: Flow = yield* performStep(steps[i]!, scope, course);
    course.ahead.pop();
    if (flow === 'ended') return 'ended';
  }
  return 'goes-on';
}

function* performStep(step: Step, scope: Scope, course: Course): Steps {
  if (!step.each) return step.holds && !step.holds(scope) ? 'goes-on' : yield* act(step, scope, course);
  for (const entry of entries(step.each, scope)) {
    const inner: Scope = {
      ...scope,
      fields: fieldsOf(scope.fields, entry.fields),
      address: { ...scope.address, ...entry.address },
    };
    if (step.holds && !step.holds(inner)) continue;
    if ((yield* act(step, inner, course)) === 'ended') return 'ended';
  }
  return 'goes-on';
}

function entries(each: Each, scope: Scope): Iterable<Entry> {
  switch (each.kind) {
    case 'facts':
      return scope.environment.factList(each.name, scope.address);
    case 'list': {
      const list = each.value(scope);
      if (!Array.isArray(list)) return [];
      const { scalar } = each;
      return list.map((item: Value) => ({ fields: scalar === undefined ? (item as Row) : { [scalar]: item } }));
    }
    case 'pieces':
      return pieces(textOf(each.value(scope)), Number(each.by(scope)), Number(each.less?.(scope) ?? 0));
    case 'at':
      return [{ fields: {}, address: addressAt(each.address, scope) }];
    default:
      return each satisfies never;
  }
}

function addressAt(named: ReadonlyMap<AddressKind, Evaluate>, scope: Scope): Address {
  const address: Partial<Record<AddressKind, number>> = {};
  for (const [kind, value] of named) address[kind] = Number(value(scope));
  return address;
}

function pieces(bytes: string, by: number, less: number): Entry[] {
  const cut: Entry[] = [];
  const size = Math.max(1, by || bytes.length || 1);
  let at = 0;
  let room = Math.max(1, size - less);
  do {
    const piece = bytes.slice(at, at + room);
    cut.push({ fields: { bytes: piece, length: piece.length, first: at === 0 } });
    at += piece.length;
    room = size;
  } while (at < bytes.length);
  return bytes.length === 0 ? [{ fields: { bytes: '', length: 0, first: true } }] : cut;
}

function* act({ action }: Step, scope: Scope, course: Course): Steps {
  const { stage } = course;
  switch (action.kind) {
    case 'info':
      for (const line of action.lines) course.isOwner ? stage.info(line(scope)) : stage.urc(line(scope));
      return 'goes-on';
    case 'final':
      return writeFinal(action.text(scope), action.failed, course);
    case 'cme':
      if (course.isOwner) stage.cme(action.code, action.text);
      course.isOwner = false;
      return 'ended';
    case 'urc':
      stage.urc(action.text(scope));
      return 'goes-on';
    case 'raw':
      writeRaw(action.bytes.map(part => part(scope)).join(''), course);
      return 'goes-on';
    case 'error':
      return yield* refuseWith(action.word, scope, course);
    case 'prompt':
      stage.prompt(action.bytes?.(scope));
      return 'goes-on';
    case 'data':
      return yield* readData(action.data, scope, course);
    case 'online':
      return yield* goOnline(action.online, scope, course);
    case 'do':
      return yield* operate(action.operation, scope, course);
    case 'set':
      for (const { setting, value } of action.values) stage.set(setting, value(scope), scope);
      return 'goes-on';
    case 'add':
      return yield* append(action, scope, course);
    case 'clear':
      for (const setting of action.settings) stage.clear(setting, scope);
      return 'goes-on';
    case 'after': {
      yield stage.wait(action.ms);
      return 'goes-on';
    }
    case 'steps':
      return action.together
        ? yield* gather(action.steps, scope, course)
        : yield* performList(action.steps, scope, course);
    default:
      return action satisfies never;
  }
}

function writeRaw(bytes: string, course: Course): void {
  if (course.gathered === undefined) course.stage.raw(bytes, course.isOwner);
  else course.gathered += bytes;
}

/** One write for all `raw` in these steps: a block of several parts that nothing may come between, or break off. */
function* gather(steps: readonly Step[], scope: Scope, course: Course): Steps {
  course.gathered = '';
  const flow = yield* performList(steps, scope, course);
  const bytes = course.gathered;
  course.gathered = undefined;
  if (bytes !== '') course.stage.raw(bytes, course.isOwner);
  return flow;
}

/** Past a list's end the entry is dropped; where the grammar has steps for that, the exchange ends with them. */
function* append({ setting, row, full }: Append, scope: Scope, course: Course): Steps {
  const entry = Object.fromEntries([...row].map(([name, value]) => [name, value(scope)]));
  if (course.stage.add(setting, entry, scope) || full.length === 0) return 'goes-on';
  course.ahead = [];
  yield* performList(full, scope, course);
  return 'ended';
}

/** A failure that stands before another final result ends the exchange: there is one final result, not two. */
function writeFinal(text: string, isFailure: boolean, course: Course): Flow {
  if (!course.isOwner) {
    course.stage.urc(text);
    return 'goes-on';
  }
  const isAhead = finalAhead(course);
  const isLast = isFailure || !isAhead;
  course.stage.final(text, isFailure, isLast);
  if (isLast) course.isOwner = false;
  return isFailure && isAhead ? 'ended' : 'goes-on';
}

/** Will another final result come, if all goes well? Asked when one is written. */
function finalAhead({ ahead }: Course): boolean {
  return ahead.some(({ steps, from, scope }) => steps.some((step, i) => i >= from && bringsFinal(step, scope)));
}

function bringsFinal({ action, holds, each }: Step, scope: Scope): boolean {
  if (holds && !each && !holds(scope)) return false;
  if (action.kind === 'final' || action.kind === 'error' || action.kind === 'cme' || action.kind === 'online')
    return true;
  if (action.kind === 'steps') return action.steps.some(step => bringsFinal(step, scope));
  if (action.kind !== 'do') return false;
  const { outcomes, ok } = action.operation;
  for (const [word, steps] of outcomes)
    if ((word === 'ok' || ok.has(word)) && steps.some(inner => bringsFinal(inner, scope))) return true;
  return false;
}

function* refuseWith(word: string, scope: Scope, course: Course): Steps {
  if (!course.isOwner) return 'ended';
  const refused: Scope = {
    ...scope,
    fields: fieldsOf(scope.fields, { refusal: word, outcome: word }),
  };
  course.ahead = [];
  yield* performList(course.stage.refusal(word), refused, course);
  return 'ended';
}

function* readData(data: DataStep, scope: Scope, course: Course): Steps {
  const request: DataRequest = {
    count: data.count === undefined ? undefined : Number(data.count(scope)),
    mark: data.mark,
    until: data.until,
    cancel: data.cancel,
    quote: data.quote,
    escape: data.escape,
    limit: data.limit,
    idle: optionalNumber(data.idle?.(scope)),
    within: optionalNumber(data.within?.(scope)),
    silence: optionalNumber(data.silence?.(scope)),
    echo: data.echo && isTrue(data.echo(scope)),
    acknowledge: data.acknowledge,
    secret: data.secret,
  };
  const waiting = course.stage.data(request);
  const result = isWaiting(waiting) ? yield waiting : waiting;
  const codec = data.decode?.(scope);
  const bytes = codec === undefined ? result.bytes : decode(textOf(result.bytes), codec as Codec);
  scope.fields[data.field] = bytes;
  scope.fields.outcome = result.outcome;
  if (bytes === undefined && result.outcome === 'done') return yield* refuseWith('bad-codec', scope, course);
  if (result.outcome === 'done') return yield* performOutcome(data.outcomes, 'done', 'ok', scope, course);
  return yield* endWith(data.outcomes, result.outcome, scope, course);
}

/** Bytes of a packet in online data state, where no limit of the module's is known. */
const largestPacket = 2048;

/** Ends the exchange: with the steps of its outcome, else without a word. */
function* goOnline(online: OnlineStep, scope: Scope, course: Course): Steps {
  const guard = Number(online.guard(scope));
  const waiting = course.stage.online({
    address: scope.address,
    escape: online.escape,
    guard,
    guardAfter: optionalNumber(online.guardAfter?.(scope)) ?? guard,
    gap: optionalNumber(online.gap?.(scope)) ?? guard,
    packet: optionalNumber(online.packet?.(scope)),
    limit: Math.max(1, optionalNumber(online.limit?.(scope)) ?? largestPacket),
    redial: optionalNumber(online.redial?.(scope)),
  });
  const { outcome } = isWaiting(waiting) ? yield waiting : waiting;
  scope.fields.outcome = outcome;
  course.ahead = [];
  const steps = online.outcomes.get(outcome);
  if (steps) yield* performList(steps, scope, course);
  else if (outcome === 'failed') return yield* refuseWith('failed', scope, course);
  if (course.isOwner) course.stage.release();
  course.isOwner = false;
  return 'ended';
}

const isTrue = (value: Value): boolean => value === true || value === 1;
const optionalNumber = (value: Value): number | undefined => (typeof value === 'number' ? value : undefined);

function* operate(operation: OperationStep, scope: Scope, course: Course): Steps {
  const args = fieldsOf();
  for (const [name, value] of operation.with) args[name] = value(scope);
  const waiting = course.stage.operate({
    name: operation.name,
    with: args,
    scope,
    within: optionalNumber(operation.within?.(scope)),
    mapped: operation.outcomes,
    progress: (word, fields) => reportProgress(operation, word, fields, scope, course),
  });
  const result = isWaiting(waiting) ? yield waiting : waiting;
  Object.assign(scope.fields, result);
  if (operation.ok.has(result.outcome))
    return yield* performOutcome(operation.outcomes, result.outcome, 'ok', scope, course);
  if (operation.lenient.has(result.outcome) && !operation.outcomes.has(result.outcome)) return 'goes-on';
  return yield* endWith(operation.outcomes, result.outcome, scope, course);
}

/** Progress has no acts in it, so it is performed at once, while the operation goes on. */
function reportProgress({ outcomes }: OperationStep, word: string, fields: Row, scope: Scope, course: Course): void {
  const steps = outcomes.get(word);
  if (!steps) return;
  const inner: Scope = { ...scope, fields: fieldsOf(scope.fields, fields, { outcome: word }) };
  performList(steps, inner, course).next();
}

function* performOutcome(
  outcomes: Outcomes,
  word: string,
  family: 'ok' | 'failed',
  scope: Scope,
  course: Course,
): Steps {
  const steps = outcomes.get(word) ?? outcomes.get(family);
  return steps ? yield* performList(steps, scope, course) : 'goes-on';
}

/** A failure ends the exchange: with its own steps, else with `failed` while the port is the command's, else in silence. */
function* endWith(outcomes: Outcomes, word: string, scope: Scope, course: Course): Steps {
  const steps = outcomes.get(word) ?? (word === 'cancelled' ? undefined : outcomes.get('failed'));
  if (!steps) return yield* refuseWith('failed', scope, course);
  course.ahead = [];
  yield* performList(steps, scope, course);
  if (course.isOwner) yield* refuseWith('failed', scope, course);
  return 'ended';
}
