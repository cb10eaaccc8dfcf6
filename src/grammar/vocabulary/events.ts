/** What a modem tells its grammar of. */

/** An event with the fields it brings and the address it names. */
export interface EventSpec {
  title: string;
  fields?: readonly string[];
  address?: 'client' | 'link' | 'cid';
}

export const coreEvents: Readonly<Record<string, EventSpec>> = {
  'mqtt.message': {
    title: 'A message came in',
    fields: ['topic', 'payload', 'length', 'qos', 'retain', 'dup', 'msgid', 'header'],
    address: 'client',
  },
  'mqtt.lost': { title: 'The link to the broker was lost', fields: ['cause'], address: 'client' },
  'mqtt.reconnected': { title: 'The client reconnected alone', fields: ['session'], address: 'client' },
  'socket.data': {
    title: 'Bytes came in on a link, where `sockets` says `push`',
    fields: ['bytes', 'length', 'address', 'port'],
    address: 'link',
  },
  'socket.waiting': {
    title: 'Bytes came in on a link and wait for socket.read; `first`: none did before',
    fields: ['length', 'first', 'address', 'port'],
    address: 'link',
  },
  'socket.closed': {
    title: 'A link was closed by the peer or lost: peer-closed, reset, network, idle; or a server that took its number',
    fields: ['cause'],
    address: 'link',
  },
  'socket.accepted': {
    title: 'A caller became a link; `server`: the number of the server it called, which may be that of a link',
    fields: ['address', 'port', 'server'],
    address: 'link',
  },
  'socket.refused': {
    title: 'A caller was turned away: no link is free, or the server has as many as it may',
    fields: ['address', 'port', 'server'],
  },
  'cs.stat': { title: 'Registration (circuit switched) changed' },
  'cs.cell': { title: 'Cell (circuit switched) changed' },
  'ps.stat': { title: 'Registration (packet switched) changed' },
  'ps.cell': { title: 'Cell (packet switched) changed' },
  'eps.stat': { title: 'Registration (EPS) changed' },
  'eps.cell': { title: 'Cell (EPS) changed' },
  'pdp.active': { title: 'A PDP context came up', address: 'cid' },
  'pdp.lost': { title: 'A PDP context was lost', fields: ['by'], address: 'cid' },
  'network.offline': { title: 'No link can live any more; every client has been told', fields: ['why'] },
  'sim.ready': { title: 'The SIM can be used' },
  'sim.changed': { title: 'The SIM became something else: see the fact sim.state' },
  'wifi.joined': { title: 'The station joined' },
  'wifi.addressed': { title: 'The station got its address' },
  'wifi.lost': { title: 'The station lost its access point, or left it', fields: ['by'] },
  'time.updated': { title: 'The clock was set from the network' },
};
