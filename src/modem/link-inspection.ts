/** What a link carries, for people: MQTT that a host makes by hand, decoded in log and dialogue, with what is wrong with it. */
import { type Inspected, LinkInspector } from '../mqtt/inspector.js';
import type { LinkSlot } from './links.js';
import type { Modem } from './modem.js';

/** Follows one slot: an inspector for each link that it has. */
export function inspectLinks(modem: Modem, slot: LinkSlot): void {
  const { socket } = slot;
  let inspector: LinkInspector | undefined;
  const tell = (found: readonly Inspected[] = []) => {
    for (const each of found) say(modem, slot, each);
  };
  socket.opened.on(() => {
    // It decides by the first bytes, so it is there from the first, whoever listens by then.
    inspector = socket.kind === 'udp' ? undefined : new LinkInspector();
  });
  socket.sent.on(bytes => tell(inspector?.sent(bytes)));
  socket.arrived.on(({ bytes }) => tell(inspector?.received(bytes)));
  socket.ended.on(() => {
    tell(inspector?.ended());
    inspector = undefined;
  });
}

function say(modem: Modem, { index, owner }: LinkSlot, { direction, text, fault }: Inspected): void {
  modem.log.debug({ link: index, direction }, text);
  if (fault !== undefined) modem.log.warn({ link: index, direction, packet: text }, fault);
  if (!modem.dialogue.isHeard) return;
  const channel = owner?.index ?? 0;
  modem.say({ channel, from: 'broker', direction, text });
  if (fault !== undefined) modem.say({ channel, from: 'broker', direction, text: `! ${fault}` });
}
