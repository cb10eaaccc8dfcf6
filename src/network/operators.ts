/**
 * The operators a module can hear, which one it uses, and how that was chosen. Registering with it is cellular.ts.
 * [27.007 7.3 +COPS]
 */
import { OperatorError } from '../base/errors.js';

export interface NetworkOperator {
  long: string;
  short: string;
  /** MCC and MNC, 5 or 6 digits. */
  numeric: string;
  /** Access technology, as in +COPS. */
  act: number;
  /** `forbidden` refuses whoever chooses it. */
  access: 'open' | 'forbidden';
}

/** 0 automatic, 1 manual, 2 deregistered. */
export type SelectionMode = 0 | 1 | 2;

export const defaultOperators: readonly NetworkOperator[] = [
  { long: 'CHN-UNICOM', short: 'UNICOM', numeric: '46001', act: 7, access: 'open' },
  { long: 'CHINA MOBILE', short: 'CMCC', numeric: '46000', act: 7, access: 'forbidden' },
  { long: 'CHN-CT', short: 'CT', numeric: '46011', act: 7, access: 'forbidden' },
];

export class Operators {
  #audible: readonly NetworkOperator[];
  #mode: SelectionMode = 0;
  #current: NetworkOperator;

  constructor(audible: readonly NetworkOperator[] = defaultOperators) {
    this.#audible = audible.map(validOperator);
    this.#current = this.#home;
  }

  get audible(): readonly NetworkOperator[] {
    return this.#audible;
  }

  get mode(): SelectionMode {
    return this.#mode;
  }

  /** The one chosen; whether the module is registered with it is another question. */
  get current(): NetworkOperator {
    return this.#current;
  }

  /** By long, short or numeric name. */
  find(name: string): NetworkOperator | undefined {
    return this.audible.find(({ long, short, numeric }) => name === long || name === short || name === numeric);
  }

  /** Another takes the place of the one that is chosen automatically; a host that chose that by hand keeps it. */
  changeHome(operator: NetworkOperator): void {
    const before = this.#home;
    const others = this.#audible.filter(each => each !== before && each.numeric !== operator.numeric);
    this.#audible = [validOperator(operator), ...others];
    if (this.#current === before && this.#mode !== 1) this.#current = this.#home;
  }

  chooseAutomatically(): void {
    this.#mode = 0;
    this.#current = this.#home;
  }

  choose(operator: NetworkOperator): void {
    this.#mode = 1;
    this.#current = operator;
  }

  deregister(): void {
    this.#mode = 2;
  }

  get #home(): NetworkOperator {
    const home = this.audible.find(({ access }) => access === 'open') ?? this.audible[0];
    if (home) return home;
    throw new OperatorError('config', 'the list of operators is empty', { expected: 'at least one operator' });
  }
}

function validOperator(operator: NetworkOperator): NetworkOperator {
  if (/^\d{5,6}$/.test(operator.numeric)) return operator;
  throw new OperatorError('config', `numeric name of operator ${operator.long} is not valid`, {
    found: operator.numeric,
    expected: 'MCC and MNC: 5 or 6 digits',
  });
}
