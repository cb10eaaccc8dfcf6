/** State × command: what each MQTT command answers in each state of service and client. Every cell is run by itself. */
import { describe, expect, test } from 'vitest';
import { FakeBroker } from '../../support/fake-broker.js';
import { SimcomHost } from './simcom-host.js';

const states = ['off', 'started', 'acquired', 'connecting', 'connected', 'publishing', 'subscribing', 'lost'] as const;
type State = (typeof states)[number];

/** ok: OK first or alone; E: ERROR alone; `>`: the prompt; a number: `+CMD: [0,]<number>`, then ERROR. */
type Answer = 'ok' | 'E' | '>' | number;

// One line a command, one column a state, in the order above.
const table: readonly (readonly [command: string, ...answers: Answer[]])[] = [
  ['AT+CMQTTSTART', 'ok', 'E', 'E', 'E', 'E', 'E', 'E', 'E'],
  ['AT+CMQTTSTOP', 'E', 'ok', 21, 21, 21, 21, 21, 21],
  ['AT+CMQTTACCQ=0,"dev"', 'E', 'ok', 19, 19, 19, 19, 19, 19],
  ['AT+CMQTTREL=0', 'E', 20, 'ok', 14, 14, 14, 14, 'ok'],
  ['AT+CMQTTSSLCFG=0,1', 'E', 'E', 'ok', 'E', 'E', 'E', 'E', 'ok'],
  ['AT+CMQTTCFG="checkUTF8",0,0', 'E', 'E', 'ok', 'E', 'E', 'E', 'E', 'ok'],
  ['AT+CMQTTWILLTOPIC=0,3', 'E', 20, '>', 14, 14, 14, 14, '>'],
  ['AT+CMQTTWILLMSG=0,3,1', 'E', 20, '>', 14, 14, 14, 14, '>'],
  ['AT+CMQTTCONNECT=0,"tcp://broker.test",60,1', 'E', 20, 'ok', 14, 14, 14, 14, 'ok'],
  ['AT+CMQTTDISC=0,60', 'E', 20, 11, 11, 'ok', 'ok', 'ok', 11],
  ['AT+CMQTTTOPIC=0,3', 'E', 20, 11, 11, '>', 14, '>', 11],
  ['AT+CMQTTPAYLOAD=0,3', 'E', 20, 11, 11, '>', 14, '>', 11],
  ['AT+CMQTTPUB=0,1,60', 'E', 20, 11, 11, 18, 14, 18, 11],
  ['AT+CMQTTPUB=0,"a/1",1,3', 'E', 20, 12, 12, 12, 12, 12, 12],
  ['AT+CMQTTSUBTOPIC=0,3,1', 'E', 20, 11, 11, '>', '>', 14, 11],
  ['AT+CMQTTSUB=0', 'E', 20, 11, 11, 18, 18, 14, 11],
  ['AT+CMQTTSUB=0,3,1', 'E', 20, 11, 11, '>', '>', 14, 11],
  ['AT+CMQTTSUB=0,"a/1",1', 'E', 20, 12, 12, 12, 12, 12, 12],
  ['AT+CMQTTUNSUBTOPIC=0,3', 'E', 20, 11, 11, '>', '>', 14, 11],
  ['AT+CMQTTUNSUB=0,0', 'E', 20, 11, 11, 18, 18, 14, 11],
  ['AT+CMQTTUNSUB=0,3,0', 'E', 20, 11, 11, '>', '>', 14, 11],
  ['AT+CMQTTUNSUB=0,"a/1"', 'E', 20, 12, 12, 12, 12, 12, 12],
  ['AT+CMQTTACCQ?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['AT+CMQTTREL?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['AT+CMQTTSSLCFG?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['AT+CMQTTCONNECT?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['AT+CMQTTDISC?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['AT+CMQTTSUB?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ['AT+CMQTTCFG?', 'E', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  // A length out of range is judged before the state, but not before the service.
  ['AT+CMQTTTOPIC=0,1025', 'E', 22, 22, 22, 22, 22, 22, 22],
  ['AT+CMQTTREL=2', 'E', 'E', 'E', 'E', 'E', 'E', 'E', 'E'],
];

/** A host in that state, with a broker that answers CONNECT alone, and not in `connecting`. */
async function hostIn(state: State): Promise<SimcomHost> {
  const broker = await FakeBroker.start();
  const host = await SimcomHost.start({ 'broker.test': broker.port });
  if (state === 'off') return host;
  await host.starts();
  if (state === 'started') return host;
  await host.acquires();
  if (state === 'acquired') return host;
  host.under.host.types('AT+CMQTTCONNECT=0,"tcp://broker.test:1883",60,1\r');
  const link = await broker.link();
  if (state === 'connecting') {
    await link.next('connect');
    await host.expects('OK');
    return host;
  }
  await link.accept();
  await host.expects('OK', '+CMQTTCONNECT: 0,0');
  if (state === 'publishing') {
    await host.names('a/1');
    await host.says('AT+CMQTTPUB=0,1,60', 'OK');
  } else if (state === 'subscribing') await host.sends('AT+CMQTTSUB=0,3,1', 'a/1', 'OK');
  else if (state === 'lost') {
    link.socket.end();
    await host.expects('+CMQTTCONNLOST: 0,1');
  }
  return host;
}

/** How the answer begins, in the words of the table. */
function kindOf(answer: string, command: string): Answer | string {
  if (answer === '\\r\\nERROR\\r\\n') return 'E';
  if (answer === '\\r\\n>') return '>';
  const name = /\+CMQTT[A-Z]+/.exec(command)?.[0] ?? '';
  const coded = new RegExp(`^\\\\r\\\\n\\${name}: (?:0,)?(\\d+)\\\\r\\\\n\\\\r\\\\nERROR\\\\r\\\\n$`).exec(answer);
  if (coded) return Number(coded[1]);
  return /\\r\\nOK\\r\\n/.test(answer) && !answer.includes('ERROR') ? 'ok' : answer;
}

const cells = table.flatMap(([command, ...answers]) =>
  states.map((state, column) => ({ command, state, expected: answers[column] as Answer })),
);

describe('state × command', () => {
  test.each(cells)('$state: $command → $expected', async ({ command, state, expected }) => {
    const host = await hostIn(state);
    expect(kindOf(await host.asks(command), command)).toBe(expected);
  });

  test('every command of the family stands in the table', async () => {
    const { dialect } = (await SimcomHost.start()).under.modem;
    const named = new Set(table.map(([command]) => /\+CMQTT[A-Z]+/.exec(command)?.[0]));
    expect([...dialect.commands.keys()].filter(name => name.startsWith('+CMQTT') && !named.has(name))).toEqual([]);
  });
});

describe('while the service starts', () => {
  // As long as the network takes to bring the context up.
  test.each(table.map(([command]) => command))('%s → ERROR', async command => {
    const host = await SimcomHost.start({}, { timing: 'real' });
    host.under.modem.surroundings.cellular.packetData.deactivateByNetwork();
    await host.expects('+CGEV: EPS PDN DEACT 1');
    await host.says('AT+CMQTTSTART', 'OK');
    expect(kindOf(await host.asks(command), command)).toBe('E');
    await host.under.passes(1000);
    await host.expects('+CGEV: EPS PDN ACT 1', '+CMQTTSTART: 0');
  });
});

describe('test forms', () => {
  const commands = [...new Set(table.map(([command]) => /\+CMQTT[A-Z]+/.exec(command)![0]))];

  test.each(['off', 'connected'] as const)('answer in any state: %s', async state => {
    const host = await hostIn(state);
    for (const command of commands) expect(kindOf(await host.asks(`AT${command}=?`), command)).toBe('ok');
  });
});
