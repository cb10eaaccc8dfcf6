/** The modems: what they are in, and what can be done to each. */
import { utf8ToBytes } from '../../base/bytes.js';
import type { Channel } from '../../modem/channel.js';
import type { Modem } from '../../modem/modem.js';
import { bytesFromEscapes } from '../../transcripts/escapes.js';
import { ControlFailure } from '../failure.js';
import type {
  DialoguePage,
  Done,
  ModemDetail,
  ModemList,
  PowerRequest,
  Published,
  PublishRequest,
  UrcRequest,
} from '../messages.js';
import { registrationStat } from '../registration-words.js';
import { checked } from '../request-problems.js';
import {
  type DialogueQuery,
  dialogueQuery,
  powerRequest,
  publishRequest,
  registrationRequest,
  signalRequest,
  urcRequest,
} from '../requests.js';
import { connectedClients } from '../states.js';
import { transcriptOf } from '../transcript.js';
import type { WatchedModem } from '../watched-modem.js';
import { type Call, modemOf, plainText, type Route, write } from './route.js';

export const modemRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/api/modems',
    summary: 'All modems, a summary of each',
    result: 'ModemList',
    run: ({ rig }): ModemList => ({ modems: rig.monitor.all.map(({ summary }) => summary) }),
  },
  {
    method: 'get',
    path: '/api/modems/:name',
    summary: 'One modem, with all of its states',
    result: 'ModemDetail',
    run: call => modemOf(call).detail,
  },
  write('/api/modems/:name/urc', {
    summary: 'Sends URCs to its host, where the dialect lets them stand',
    body: urcRequest,
    result: 'Done',
    run: (call, request): Done => sendUrc(modemOf(call).modem, request),
  }),
  write('/api/modems/:name/signal', {
    summary: 'Sets how well the cellular network is heard',
    body: signalRequest,
    result: 'ModemDetail',
    run: (call, reading) => change(modemOf(call), modem => cellularOf(modem).signal.set(reading)),
  }),
  write('/api/modems/:name/registration', {
    summary: 'Sets what the cellular network says of the registration',
    body: registrationRequest,
    result: 'ModemDetail',
    run: (call, { state, domain }) =>
      change(modemOf(call), modem =>
        cellularOf(modem).registration.set(registrationStat(state), ...(domain === undefined ? [] : [domain])),
      ),
  }),
  write('/api/modems/:name/power', {
    summary: 'Switches its supply: on, off, or off and on',
    body: powerRequest,
    result: 'ModemDetail',
    run: (call, { to }) => change(modemOf(call), modem => switchPower(modem, to)),
  }),
  write('/api/modems/:name/publish', {
    summary: 'Publishes a message by the embedded broker, as another client would',
    body: publishRequest,
    result: 'Published',
    run: (call, message) => publish(call, message, [modemOf(call)]),
  }),
  write('/api/publish', {
    summary: 'The same, for no modem in particular',
    body: publishRequest,
    result: 'Published',
    run: (call, message) => publish(call, message, call.rig.monitor.all),
  }),
  {
    method: 'get',
    path: '/api/modems/:name/dialogue',
    summary: 'Lines of its dialogue, secrets hidden',
    query: dialogueQuery,
    result: 'DialoguePage',
    run: call => dialoguePage(modemOf(call), checked(dialogueQuery, call.query)),
  },
  {
    method: 'get',
    path: '/api/modems/:name/transcript',
    summary: 'The dialogue that is kept, as a transcript',
    result: 'text/plain',
    run: call => plainText(transcriptOf(modemOf(call))),
  },
  {
    method: 'get',
    path: '/api/modems/:name/terminal',
    summary: 'A WebSocket that is a further AT channel of the modem, bytes both ways',
    result: 'TerminalOpened',
    isSocket: true,
    run: upgradeRequired,
  },
  {
    method: 'get',
    path: '/api/events',
    summary:
      'A WebSocket of what happens: `?modem=NAME` for one modem with its dialogue, `&after=N` for the lines since',
    result: 'EventBatch',
    isSocket: true,
    run: upgradeRequired,
  },
];

function upgradeRequired(): never {
  throw new ControlFailure('upgrade-required', 'this is a WebSocket', { expected: 'Upgrade: websocket' });
}

/** @param to whose clients may hear it */
async function publish(
  { rig: { target } }: Call,
  { topic, payload, encoding = 'utf8', qos, retain }: PublishRequest,
  to: readonly WatchedModem[],
): Promise<Published> {
  if (!target.broker) throw noBroker();
  const bytes = Buffer.from(payload, encoding);
  await target.broker.publish(topic, bytes, { qos, retain });
  const connected = to.reduce((sum, { modem }) => sum + connectedClients(modem), 0);
  return { topic, bytes: bytes.length, connected };
}

export const noBroker = (): ControlFailure =>
  new ControlFailure('conflict', 'no embedded broker runs', {
    hint: 'Publish at the broker that the modem is connected to, or run atmodem without --broker none.',
  });

/** What the modem is in after it. */
function change(watched: WatchedModem, act: (modem: Modem) => void): ModemDetail {
  act(watched.modem);
  return watched.detail;
}

function cellularOf({ dialect, surroundings, name }: Modem) {
  if (dialect.bearer === 'cellular') return surroundings.cellular;
  throw new ControlFailure('conflict', `${name} is a Wi-Fi module: it has no cellular network`, {
    hint: 'Its access point goes and comes by the fault network.wifi-lost.',
  });
}

function switchPower(modem: Modem, to: PowerRequest['to']): void {
  if (to !== 'on') modem.powerOff();
  if (to !== 'off') modem.powerOn();
}

function sendUrc(modem: Modem, { text, bytes, channel }: UrcRequest): Done {
  if (!modem.isOn) throw new ControlFailure('conflict', `${modem.name} is off`, { hint: 'Switch it on first.' });
  const hearing = channelsFor(modem, channel).filter(({ port }) => port.isAttached);
  if (hearing.length === 0)
    throw new ControlFailure('conflict', 'no host has the port open: nobody would hear it', {
      hint: 'URCs go where the settings of the dialect send them; `channel` names another.',
    });
  const raw = bytes === undefined ? undefined : bytesFromEscapes({ file: 'bytes', line: 1, column: 1, text: bytes });
  const lines = typeof text === 'string' ? [text] : (text ?? []);
  for (const each of hearing) {
    if (raw !== undefined) each.rawUrc(raw);
    for (const line of lines) each.urc(utf8ToBytes(line));
  }
  return { done: true };
}

function channelsFor(modem: Modem, number: number | undefined): Channel[] {
  if (number !== undefined) {
    const channel = modem.channel(number);
    if (channel) return [channel];
    const numbers = modem.channels.map(({ index }) => index).join(', ');
    throw new ControlFailure('not-found', `${modem.name} has no such channel`, {
      found: `${number}`,
      expected: numbers,
    });
  }
  const channels: Channel[] = [];
  modem.routeUrc(undefined, channel => channels.push(channel));
  return channels;
}

function dialoguePage({ name, dialogue }: WatchedModem, { after, limit = 200 }: DialogueQuery): DialoguePage {
  const lines = after === undefined ? dialogue.newest(limit) : dialogue.after(after, limit);
  const missed = after === undefined ? 0 : dialogue.missedAfter(after);
  return { modem: name, lines, first: dialogue.first, last: dialogue.last, missed };
}
