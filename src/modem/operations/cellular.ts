/** SIM, registration, packet data and the IP session. */
import type { Result } from '../../grammar/exchange.js';
import { textOf } from '../../grammar/values.js';
import type { PdpType } from '../../network/packet-data.js';
import { isFunctionality } from '../../network/radio.js';
import { isOn, numberOf, optionalNumber, textFrom } from '../argument-values.js';
import { done, type RunOperation } from '../operation.js';

const enterPin: RunOperation = (args, { modem }) => {
  const { sim } = modem.surroundings.cellular;
  const pin = textOf(args.pin);
  const newPin = args['new-pin'] === undefined ? undefined : textOf(args['new-pin']);
  const outcome =
    sim.state === 'puk' ? (newPin === undefined ? 'wrong' : sim.enterPuk(pin, newPin)) : sim.enterPin(pin);
  return { outcome: outcome === 'malformed' ? 'wrong' : outcome };
};

/** [27.007 7.3] modes 0 automatic, 1 manual, 2 deregister, 3 format only, 4 manual then automatic. */
const register: RunOperation = async (args, { modem }) => {
  const { cellular } = modem.surroundings;
  const mode = numberOf(args.mode, 0);
  const operator = textFrom(args.operator) ?? '';
  if (mode === 3) return done;
  if (mode === 2) return { outcome: await cellular.register({ mode: 'deregister' }) };
  if (mode === 0) return { outcome: await cellular.register({ mode: 'automatic' }) };
  const outcome = await cellular.register({ mode: 'manual', operator });
  return { outcome: outcome !== 'done' && mode === 4 ? await cellular.register({ mode: 'automatic' }) : outcome };
};

const attach: RunOperation = async (args, { modem }) => {
  const { packetData } = modem.surroundings.cellular;
  return { outcome: isOn(args.attach) ? await packetData.attach() : packetData.detach() };
};

const define: RunOperation = (args, { modem }) => {
  const { packetData } = modem.surroundings.cellular;
  const cid = numberOf(args.cid, 1);
  if (args.type === undefined) return { outcome: packetData.undefine(cid) };
  return {
    outcome: packetData.define(cid, { type: textOf(args.type).toUpperCase() as PdpType, apn: textOf(args.apn) }),
  };
};

const activate: RunOperation = async (args, { modem }) => {
  const { packetData } = modem.surroundings.cellular;
  const cid = optionalNumber(args.cid, 1);
  return { outcome: isOn(args.active) ? await packetData.activate(cid) : packetData.deactivate(cid) };
};

const configure: RunOperation = (args, { modem }) => {
  const { ipSession } = modem.surroundings.cellular;
  return {
    outcome: ipSession.configure({
      apn: textOf(args.apn),
      user: textOf(args.username),
      password: textOf(args.password),
    }),
  };
};

const radio: RunOperation = async (args, { modem }) => {
  const functionality = numberOf(args.functionality, 1);
  if (!isFunctionality(functionality)) return { outcome: 'failed' };
  return { outcome: await modem.surroundings.cellular.setFunctionality(functionality) };
};

/** The links end with the session; a host that is told so may open them again at once. */
const shut: RunOperation = async (_, { modem }) => {
  const outcome = modem.surroundings.cellular.ipSession.shut();
  await modem.links.ending;
  return { outcome };
};

export const cellularOperations = {
  'sim.enter': enterPin,
  'network.register': register,
  'network.attach': attach,
  'network.define': define,
  'network.activate': activate,
  'ip.configure': configure,
  'ip.activate': async (_, { modem }): Promise<Result> => ({
    outcome: await modem.surroundings.cellular.ipSession.activate(),
  }),
  'ip.shut': shut,
  'power.radio': radio,
} satisfies Record<string, RunOperation>;
