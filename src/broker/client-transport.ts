/** How a client of the broker came: its stream says so, and one that says nothing is plain TCP. */
import type { Client } from 'aedes';
import type { Transport } from '../clouds/platform.js';

export const transportOf = ({ conn }: Client): Transport => (conn as { transport?: Transport }).transport ?? 'tcp';
