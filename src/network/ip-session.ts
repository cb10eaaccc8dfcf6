/**
 * The IP session of modules that bring IP up in named steps: name the access point, bring up, ask for the address, shut.
 * Uses one PDP context and follows its loss; links report what they do, for their state is one with the session's.
 * Shutting leaves the context itself alone: on LTE the default bearer stays.
 */
import { Signal } from '../base/signal.js';
import { defaultCid, type PacketData } from './packet-data.js';

/** In the order in which a run meets them; `deactivated`: the context was lost, and only `shut` leads on. */
export type IpState =
  | 'initial'
  | 'start'
  | 'config'
  | 'active'
  | 'status'
  | 'connecting'
  | 'connected'
  | 'closing'
  | 'closed'
  | 'deactivated';

export type LinkState = Extract<IpState, 'connecting' | 'connected' | 'closing' | 'closed'>;

const isLinkState = (state: IpState): state is LinkState =>
  state === 'connecting' || state === 'connected' || state === 'closing' || state === 'closed';

export interface AccessPointName {
  apn: string;
  user: string;
  password: string;
}

const nothing: AccessPointName = { apn: '', user: '', password: '' };

export class IpSession {
  readonly changed = new Signal<{ from: IpState; to: IpState }>();
  readonly #packetData: PacketData;
  #state: IpState = 'initial';
  #accessPoint: AccessPointName = nothing;

  constructor(
    packetData: PacketData,
    readonly cid = defaultCid,
  ) {
    this.#packetData = packetData;
    packetData.lost.on(loss => loss.cid === cid && this.#contextLost());
  }

  get state(): IpState {
    return this.#state;
  }

  get accessPoint(): Readonly<AccessPointName> {
    return this.#accessPoint;
  }

  /** Known from `active` on. */
  get address(): string | undefined {
    return this.#isUp ? this.#packetData.context(this.cid)?.address : undefined;
  }

  configure({ apn, user, password }: Partial<AccessPointName> = {}): 'done' | 'wrong-state' {
    if (this.#state !== 'initial') return 'wrong-state';
    this.#accessPoint = { apn: apn ?? '', user: user ?? '', password: password ?? '' };
    this.#move('start');
    return 'done';
  }

  async activate(): Promise<'done' | 'wrong-state' | 'no-network' | 'cancelled'> {
    if (this.#state !== 'start') return 'wrong-state';
    this.#move('config');
    const up = await this.#contextUp();
    // Another channel may have shut the session meanwhile.
    if (this.state !== 'config') return 'cancelled';
    this.#move(up ? 'active' : 'deactivated');
    return up ? 'done' : 'no-network';
  }

  /** Asking is itself a step: it leads from `active` to `status`. */
  askAddress(): string | undefined {
    const address = this.address;
    if (address !== undefined && this.#state === 'active') this.#move('status');
    return address;
  }

  /** From any state; whoever owns the links closes them on `changed`. */
  shut(): 'done' {
    this.#accessPoint = nothing;
    this.#move('initial');
    return 'done';
  }

  /** A link dials, stands, closes. A dial from `initial` makes the earlier steps by itself; after a shut, nothing is left. */
  follow(link: LinkState): 'done' | 'wrong-state' {
    if (this.#state === 'deactivated' || this.#state === 'config') return 'wrong-state';
    if (link !== 'connecting' && !isLinkState(this.#state)) return 'wrong-state';
    this.#move(link);
    return 'done';
  }

  /** Power off, without a word. */
  reset(): void {
    this.#state = 'initial';
    this.#accessPoint = nothing;
  }

  async #contextUp(): Promise<boolean> {
    // This session may not stand in for the activation that a loss asks for.
    if (this.#packetData.awaitsReactivation) return false;
    return (await this.#packetData.activate(this.cid)) === 'done';
  }

  get #isUp(): boolean {
    return !['initial', 'start', 'config', 'deactivated'].includes(this.#state);
  }

  #contextLost(): void {
    if (this.#isUp) this.#move('deactivated');
  }

  #move(to: IpState): void {
    const from = this.#state;
    if (from === to) return;
    this.#state = to;
    this.changed.emit({ from, to });
  }
}
