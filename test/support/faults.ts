/** What a `!` line does, and to whom: the proxy in front of the broker, a peer, a DTE, or what surrounds the modem. */
import { strike } from '../../src/daemon/transcript-faults.js';
import type { Fault } from '../../src/transcripts/transcript.js';
import type { BrokerProxy } from './broker-proxy.js';
import { type HostSide, hostAt } from './host-side.js';
import type { PeerSide } from './peer-side.js';
import type { TestModem } from './test-modem.js';

export interface Faultable {
  world: { proxy: BrokerProxy };
  modem: TestModem;
  hosts: readonly HostSide[];
  peers: PeerSide;
}

export async function causeFault(fault: Fault, { world, modem, hosts, peers }: Faultable): Promise<void> {
  switch (fault.kind) {
    case 'broker':
      world.proxy[fault.does]();
      break;
    case 'peer':
    case 'peer-floods':
    case 'peer-connects':
      return peers.causes(fault);
    case 'dte':
      hostAt(hosts, fault.channel)[fault.does]();
      break;
    default:
      strike(fault, modem.faults);
  }
}
