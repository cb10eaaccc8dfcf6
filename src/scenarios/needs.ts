/** What a scenario needs of the modem on which it plays, beyond its dialect: the embedded broker, AT channels. */
import { OperatorError } from '../base/errors.js';
import type { ActionParts } from './actions.js';
import type { Scenario } from './scenario.js';

/** @throws OperatorError (config) */
export function checkSurroundings(scenario: Scenario, { modem, broker }: Pick<ActionParts, 'modem' | 'broker'>): void {
  if (!broker && needsBroker(scenario))
    throw new OperatorError('config', `the scenario ${scenario.title} needs the embedded broker, which does not run`, {
      found: 'messages that it waits for, or publishes, and the broker `none`',
      hint: 'Leave `--broker none` out, and route the firmware to it: --route "*=embedded".',
    });
  const channels = modem.channels.length;
  const channel = highestChannel(scenario);
  if (channel > channels)
    throw new OperatorError('config', `the scenario ${scenario.title} has a URC for an AT channel that is not there`, {
      found: `channel ${channel}, and ${channels} in ${modem.name}`,
      hint: 'Each --port makes a channel.',
    });
}

const actionsOf = ({ steps }: Scenario) => steps.flatMap(({ actions }) => actions);

function needsBroker(scenario: Scenario): boolean {
  const matches = [
    ...scenario.steps.flatMap(({ when }) => (when.kind === 'match' ? [when.match] : [])),
    ...scenario.expectations.map(({ match }) => match),
  ];
  return matches.some(({ kind }) => kind === 'message') || actionsOf(scenario).some(({ does }) => does === 'publish');
}

/** From 1. */
const highestChannel = (scenario: Scenario): number =>
  actionsOf(scenario).reduce((most, action) => Math.max(most, action.does === 'urc' ? action.channel + 1 : 1), 1);
