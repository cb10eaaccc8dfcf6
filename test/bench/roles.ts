/** The processes that benchmarks start: each a file of `roles/`, here with the type of what it can be asked. */
import type { Api, Role } from './remote.js';
import type { AnswererApi } from './roles/answerer.js';
import type { BrokerApi } from './roles/broker.js';
import type { CounterApi } from './roles/counter.js';
import type { CrowdApi } from './roles/crowd.js';
import type { DaemonApi } from './roles/daemon.js';
import type { HostApi } from './roles/host.js';
import type { LinkPeerApi } from './roles/link-peer.js';
import type { PacerApi } from './roles/pacer.js';
import type { PeerApi } from './roles/peer.js';
import type { RigApi } from './roles/rig.js';

const role = <A extends Api>(file: string): Role<A> => ({ file });

export const answerer = role<AnswererApi>('answerer');
export const broker = role<BrokerApi>('broker');
export const counter = role<CounterApi>('counter');
export const crowd = role<CrowdApi>('crowd');
export const daemon = role<DaemonApi>('daemon');
export const host = role<HostApi>('host');
export const linkPeer = role<LinkPeerApi>('link-peer');
export const pacer = role<PacerApi>('pacer');
export const peer = role<PeerApi>('peer');
export const rig = role<RigApi>('rig');
