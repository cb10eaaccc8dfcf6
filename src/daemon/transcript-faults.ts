/** What a `!` line of a transcript does to a modem and to what surrounds it. Its broker and its peers are others' business. */
import type { Modem } from '../modem/modem.js';
import { checkFault, readFaultText } from '../scenarios/fault.js';
import type { ModemFaults } from '../scenarios/modem-faults.js';
import type { Fault, RegistrationState } from '../transcripts/transcript.js';

export interface FaultHandles {
  /** The network takes a PDP context away; without a CID, the one in use. */
  losePacketData(cid: number | undefined): void;
  setRegistration(state: RegistrationState): void;
  /** The access point goes out of range, and comes back. */
  setWifi(to: 'lost' | 'back'): void;
  setPower(to: 'on' | 'off'): void;
  setSim(state: 'absent' | 'ready'): void;
  /** A fault by its name and parameters. */
  inject(request: string): void;
  /** Lifts it; without a name, every fault. */
  lift(name: string | undefined): void;
}

/** [27.007 7.2] <stat> */
const stats: Readonly<Record<RegistrationState, number>> = { none: 0, home: 1, searching: 2, denied: 3, roaming: 5 };

/** @param injected absent where no fault can be injected */
export function faultHandles(modem: Modem, injected: ModemFaults | undefined): FaultHandles {
  const { cellular, wifi } = modem.surroundings;
  return {
    losePacketData: cid => cellular.packetData.deactivateByNetwork(cid),
    setRegistration: state => cellular.registration.set(stats[state]),
    setWifi: to => (to === 'lost' ? wifi.lose() : wifi.return()),
    setPower: to => (to === 'on' ? modem.powerOn() : modem.powerOff()),
    setSim: state => (state === 'absent' ? cellular.sim.remove() : cellular.sim.insert()),
    inject: request => void injected?.inject(checkFault(readFaultText(request, ' '))),
    lift: name => {
      for (const fault of injected?.active ?? [])
        if (name === undefined || fault.name === name) injected?.lift(fault.id);
    },
  };
}

/** @returns false where it strikes somebody else: the broker, a peer, the host */
export function strike(fault: Fault, handles: FaultHandles): boolean {
  switch (fault.kind) {
    case 'pdp-lost':
      handles.losePacketData(fault.cid);
      return true;
    case 'registration':
      handles.setRegistration(fault.state);
      return true;
    case 'wifi':
      handles.setWifi(fault.does);
      return true;
    case 'power':
      handles.setPower(fault.to);
      return true;
    case 'sim':
      handles.setSim(fault.state);
      return true;
    case 'injected':
      handles.inject(fault.request);
      return true;
    case 'lifted':
      handles.lift(fault.name);
      return true;
    default:
      return false;
  }
}
