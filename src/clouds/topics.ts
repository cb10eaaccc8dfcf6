/**
 * Which topics a device may use, and which way their messages go: `up` to the platform, `down` to the device. Rules are
 * topic filters in which `{product}` and `{device}` are the device's own names; the first that covers a topic decides.
 */
import type { CloudDevice } from './platform.js';

export type Direction = 'up' | 'down' | 'both';

export interface TopicRule {
  /** Levels as in a topic filter; `+_reply` is any level that ends so. */
  filter: string;
  direction: Direction;
}

/** What the device asks the platform, which answers on `replied` of the topic. */
export const asked = (filters: readonly string[], replied: (filter: string) => string): TopicRule[] =>
  filters.flatMap(filter => [
    { filter: replied(filter), direction: 'down' as const },
    { filter, direction: 'up' as const },
  ]);

/** What the platform tells the device, which answers on `replied` of the topic. */
export const told = (filters: readonly string[], replied: (filter: string) => string): TopicRule[] =>
  filters.flatMap(filter => [
    { filter: replied(filter), direction: 'up' as const },
    { filter, direction: 'down' as const },
  ]);

type Names = Pick<CloudDevice, 'product' | 'device'>;

export class TopicRules {
  readonly #rules: readonly { levels: readonly string[]; direction: Direction }[];

  /** @param own the beginning of most of a device's topics, for messages */
  constructor(
    rules: readonly TopicRule[],
    readonly own: string,
  ) {
    this.#rules = rules.map(({ filter, direction }) => ({ levels: filter.split('/'), direction }));
  }

  /** Of a topic, or of a filter whose topics all fall under one rule. Undefined: none of the device's. */
  directionOf(names: Names, filter: string): Direction | undefined {
    const levels = filter.split('/');
    return this.#rules.find(rule => covers(rule.levels, levels, names))?.direction;
  }

  mayPublish(names: Names, topic: string): boolean {
    const direction = this.directionOf(names, topic);
    return direction === 'up' || direction === 'both';
  }

  maySubscribe(names: Names, filter: string): boolean {
    const direction = this.directionOf(names, filter);
    return direction === 'down' || direction === 'both';
  }

  /** Why `mayPublish` or `maySubscribe` says no. */
  whyNot(names: Names, filter: string): string {
    switch (this.directionOf(names, filter)) {
      case 'up':
        return 'the device publishes to this topic, it does not subscribe to it';
      case 'down':
        return 'the platform publishes to this topic, the device subscribes to it';
      default:
        return `this is none of the device's topics, which begin with ${withNames(this.own, names)}`;
    }
  }
}

/** Is every topic of `filter` one of the rule's? */
function covers(rule: readonly string[], filter: readonly string[], names: Names): boolean {
  for (const [i, level] of rule.entries()) {
    if (level === '#') return true;
    const wanted = filter[i];
    if (wanted === undefined || !coversLevel(level, wanted, names)) return false;
  }
  return rule.length === filter.length;
}

function coversLevel(level: string, wanted: string, names: Names): boolean {
  if (level === '+') return wanted !== '#';
  if (level === '+_reply') return wanted.endsWith('_reply');
  return wanted === withNames(level, names);
}

const withNames = (text: string, names: Names): string =>
  text.replace(/\{(product|device)\}/g, (_, name: keyof Names) => names[name]);
