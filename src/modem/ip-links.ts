/** The IP session's state is one with that of its links, whoever holds them: sockets and MQTT clients count alike. */
import type { Modem } from './modem.js';

/** A link is being dialled. */
export function linkDials({ surroundings }: Modem): void {
  surroundings.cellular.ipSession.follow('connecting');
}

/** A link stands, or is no more. */
export function linksChanged({ links, clients, surroundings }: Modem): void {
  const stands = links.open.length > 0 || clients.holdLink;
  surroundings.cellular.ipSession.follow(stands ? 'connected' : 'closed');
}
