/** Faults of the network as the host sees them, byte for byte; and that a new connection works after them. */
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { FaultName } from '../../../src/scenarios/catalogue.js';
import { identity } from '../../support/certificates.js';
import { listenTls } from '../../support/listeners.js';
import { turns } from '../../support/patience.js';
import { callerAt, tcpPeer } from '../sockets/socket-under-test.js';
import { FaultyModem, ok } from './faulty-modem.js';
import { datagrams } from './udp-echo.js';

const toBroker = { broker: 'embedded:0', routes: ['*=embedded'] };
const dial = 'AT+MIPSTART="broker.example",1883';
const dialled = `${ok}\r\nCONNECT OK\r\n`;
const dialFailed = `${ok}\r\nSTATE:TCP CLOSED\r\n\r\nCONNECT FAIL\r\n`;
const connected = `${ok}\r\nCONNACK OK\r\n`;
const closed = '\r\nCLOSED\r\n';

/** A cellular module, registered, that has named itself to its broker. */
async function cellular(plan = {}): Promise<FaultyModem> {
  const modem = await FaultyModem.start('luat', { ...toBroker, ...plan });
  await modem.host.dialogue('AT+MCONFIG="unit"', ok);
  return modem;
}

async function linked(): Promise<FaultyModem> {
  const modem = await cellular();
  await modem.host.dialogue(dial, dialled);
  return modem;
}

/** A Wi-Fi module with a TCP link to a peer that the test is. */
async function linkedToPeer(plan = {}) {
  const peer = await tcpPeer();
  const modem = await FaultyModem.start('esp8266', { routes: [`*=127.0.0.1:${peer.port}`], ...plan });
  await join(modem);
  await modem.host.dialogue('AT+CIPSTART="TCP","peer.example",80', `CONNECT\r\n${ok}`);
  return { modem, peer, link: await peer.next() };
}

async function join(modem: FaultyModem): Promise<void> {
  await modem.host.dialogue('AT+CWMODE=1', ok);
  await modem.host.dialogue('AT+CWJAP="home","secret12"', `WIFI CONNECTED\r\nWIFI GOT IP\r\n${ok}`);
}

/** Each leaves nothing behind. */
const views = {
  'network.signal': async () => {
    const modem = await cellular();
    modem.inject('network.signal,rssi=5,for=10s');
    await modem.host.dialogue('AT+CSQ', `\r\n+CSQ: 5,99\r\n${ok}`);
    await modem.passes(10_000, '');
    await modem.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${ok}`);
    return modem;
  },
  'network.registration': async () => {
    const modem = await cellular();
    await modem.host.dialogue('AT+CREG=1', ok);
    modem.inject('network.registration,state=roaming,domain=cs,for=10s');
    await modem.host.expects('\r\n+CREG: 5\r\n');
    await modem.host.dialogue('AT+CREG?', `\r\n+CREG: 1,5\r\n${ok}`);
    await modem.passes(10_000, '\r\n+CREG: 1\r\n');
    await modem.host.dialogue('AT+CREG=0', ok);
    return modem;
  },
  'network.pdp-lost': async () => {
    const modem = await linked();
    modem.inject('network.pdp-lost');
    await modem.host.expects(`${closed}\r\n+PDP DEACT\r\n`);
    await modem.host.dialogue(dial, `${ok}\r\nSTATE:PDP DEACT\r\n\r\nCONNECT FAIL\r\n`);
    await modem.host.dialogue('AT+CGDCONT=5,"IP","cmnet"', ok);
    await modem.host.dialogue('AT+CGACT=1,5', ok);
    return modem;
  },
  'network.dns': async () => {
    const modem = await cellular();
    modem.inject('network.dns,host=broker.example');
    await modem.host.dialogue(dial, dialFailed);
    return modem;
  },
  'network.refuse': async () => {
    const modem = await cellular();
    modem.inject('network.refuse,port=1883');
    await modem.host.dialogue(dial, dialFailed);
    return modem;
  },
  'network.connack': async () => {
    const modem = await linked();
    modem.inject('network.connack,code=5');
    await modem.host.dialogue('AT+MCONNECT=1,60', `${ok}\r\nERROR\r\n${closed}`);
    return modem;
  },
  'network.close': async () => {
    const modem = await linked();
    modem.inject('network.close');
    await modem.host.expects(closed);
    return modem;
  },
  'network.reset': async () => {
    const modem = await linked();
    modem.inject('network.reset,host=broker.example');
    await modem.host.expects(closed);
    return modem;
  },
} satisfies Partial<Record<Extract<FaultName, `network.${string}`>, () => Promise<FaultyModem>>>;

/** Those that have a description of their own below. */
type Elsewhere = 'network.wifi-lost' | 'network.tls' | 'network.latency' | 'network.loss';
const all: Record<Exclude<Extract<FaultName, `network.${string}`>, Elsewhere>, unknown> = views;

it.each(Object.keys(all) as (keyof typeof views)[])('%s', async name => {
  const modem = await views[name]();
  expect(modem.test.faults.active).toEqual([]);
  await modem.worksAgain();
  if (name === 'network.signal' || name === 'network.registration')
    await modem.host.dialogue('AT+CGATT?', `\r\n+CGATT: 1\r\n${ok}`);
  await modem.host.dialogue(dial, dialled);
  await modem.host.dialogue('AT+MCONNECT=1,60', connected);
});

describe('network.registration', () => {
  it.each([
    ['lost', 0],
    ['searching', 2],
    ['denied', 3],
    ['unknown', 4],
    ['roaming', 5],
  ])('%s', async (state, stat) => {
    const modem = await cellular();
    const { id } = modem.inject(`network.registration,state=${state}`);
    await modem.host.reads();
    await modem.host.dialogue('AT+CREG?', `\r\n+CREG: 0,${stat}\r\n${ok}`);
    modem.test.faults.lift(id);
    await modem.host.reads();
    await modem.host.dialogue('AT+CREG?', `\r\n+CREG: 0,1\r\n${ok}`);
  });

  it('of two that overlap the later holds, and the network is as it was when both are gone', async () => {
    const modem = await cellular();
    const says = (stat: number) => modem.host.dialogue('AT+CREG?', `\r\n+CREG: 0,${stat}\r\n${ok}`);
    const first = modem.inject('network.registration,state=roaming');
    const second = modem.inject('network.registration,state=unknown,domain=cs');
    await says(4);
    modem.test.faults.lift(first.id);
    await says(4);
    modem.test.faults.lift(second.id);
    await says(1);
  });
});

describe('network.wifi-lost', () => {
  it('ends links, and the station comes back when it is over', async () => {
    const { modem } = await linkedToPeer();
    modem.inject('network.wifi-lost,for=5s');
    await modem.host.expects('CLOSED\r\nWIFI DISCONNECT\r\n');
    await modem.passes(5000, 'WIFI CONNECTED\r\nWIFI GOT IP\r\n');
    await modem.worksAgain();
    await modem.host.dialogue('AT+CIPSTART="TCP","peer.example",80', `CONNECT\r\n${ok}`);
  });
});

describe('network.dns', () => {
  it('late: the name is found after that time', async () => {
    const modem = await cellular();
    modem.inject('network.dns,how=late,by=4s');
    await modem.host.dialogue(dial, ok);
    await modem.passes(3999, '');
    await modem.passes(1, '\r\nCONNECT OK\r\n');
  });

  it('hangs until the module gives up', async () => {
    const modem = await cellular();
    modem.inject('network.dns,how=hangs');
    await modem.host.dialogue(dial, ok);
    await modem.passes(74_999, '');
    await modem.passes(1, dialFailed.slice(ok.length));
    await modem.host.dialogue(dial, dialled);
  });

  it('strikes a name that is only asked for', async () => {
    const modem = await cellular();
    modem.inject('network.dns');
    await modem.host.dialogue('AT+CDNSGIP="broker.example"', `${ok}\r\n+CDNSGIP:0,14\r\n`);
  });

  it('leaves addresses and other names alone', async () => {
    const modem = await cellular();
    modem.inject('network.dns,host=other.example');
    await modem.host.dialogue('AT+MIPSTART="192.0.2.1",1883', dialled);
    expect(modem.met.filter(({ point }) => point === 'net.dns')).toEqual([]);
    await modem.host.dialogue('AT+MIPCLOSE', ok);
    await modem.host.dialogue(dial, dialled);
    expect(modem.test.faults.active).toHaveLength(1);
  });
});

describe('network.tls', () => {
  const startTls = 'AT+SSLMIPSTART="broker.example",8883';

  it.each([
    ['expired', 0],
    ['unknown-ca', 2000],
    ['wrong-host', 0],
    ['handshake', 0],
  ])('%s', async (reason, by) => {
    const port = await listenTls(identity('server'));
    const modem = await FaultyModem.start('luat', { routes: [`*=127.0.0.1:${port}`] });
    modem.inject(`network.tls,reason=${reason},by=${by}ms`);
    modem.host.types(`${startTls}\r`);
    if (by > 0) {
      await modem.host.expects(ok);
      await modem.passes(by, dialFailed.slice(ok.length));
    } else await modem.host.expects(dialFailed);
    await modem.worksAgain();
    await modem.host.dialogue(startTls, dialled);
  });
});

describe('network.latency', () => {
  it('each way, in order', async () => {
    const { modem, link } = await linkedToPeer();
    const { id } = modem.inject('network.latency,by=300ms');
    link.write('one');
    await modem.host.expects('');
    await modem.passes(299, '');
    await modem.passes(1, '\r\n+IPD,3:one');
    await modem.host.dialogue('AT+CIPSEND=4', `${ok}> `);
    modem.host.types('ping');
    await modem.host.expects('\r\nRecv 4 bytes\r\n\r\nSEND OK\r\n');
    const arrives = once(link, 'data');
    modem.clock.advance(300);
    expect(String((await arrives)[0])).toBe('ping');
    // What is under way when it is lifted still takes its time, and what comes then does not overtake it.
    link.write('late');
    await modem.host.expects('');
    modem.test.faults.lift(id);
    link.write('next');
    await modem.host.expects('');
    await modem.passes(300, '\r\n+IPD,4:late\r\n+IPD,4:next');
    link.write('fast');
    await modem.host.expects('\r\n+IPD,4:fast');
    await modem.worksAgain();
  });

  it('a dial takes a round trip for the name, and one for the connection', async () => {
    const modem = await cellular();
    const { id } = modem.inject('network.latency,by=100ms');
    await modem.host.dialogue(dial, ok);
    await modem.passes(200, '');
    await modem.passes(199, '');
    await modem.passes(1, '\r\nCONNECT OK\r\n');
    modem.test.faults.lift(id);
    await modem.host.dialogue('AT+MCONNECT=1,60', connected);
  });

  it('the end of a link comes behind what it carried', async () => {
    const { modem, link } = await linkedToPeer();
    modem.inject('network.latency,by=1s,for=1s');
    link.end('bye');
    await modem.host.expects('');
    await modem.passes(1000, '\r\n+IPD,3:byeCLOSED\r\n');
    await modem.host.dialogue('AT+CIPSTART="TCP","peer.example",80', `CONNECT\r\n${ok}`);
  });
});

describe('network.loss', () => {
  it('of a stream costs the time until it is sent again; what follows waits', async () => {
    const { modem, link } = await linkedToPeer();
    modem.inject('network.loss,direction=in,rate=1,count=1,again=1500ms');
    link.write('one');
    await modem.host.expects('');
    link.write('two');
    await modem.passes(1499, '');
    await modem.passes(1, '\r\n+IPD,3:one\r\n+IPD,3:two');
    link.write('three');
    await modem.host.expects('\r\n+IPD,5:three');
    await modem.worksAgain();
  });

  it('of a datagram is for good', async () => {
    const peer = await datagrams();
    onTestFinished(() => peer.close());
    const modem = await FaultyModem.start('esp8266', { routes: [`*=127.0.0.1:${peer.port}`] });
    await join(modem);
    await modem.host.dialogue('AT+CIPSTART="UDP","peer.example",5000', `CONNECT\r\n${ok}`);
    const send = async (text: string) => {
      await modem.host.dialogue(`AT+CIPSEND=${text.length}`, `${ok}> `);
      modem.host.types(text);
      await modem.host.expects(`\r\nRecv ${text.length} bytes\r\n\r\nSEND OK\r\n`);
    };
    modem.inject('network.loss,direction=out,rate=1,count=1');
    await send('lost');
    await send('came');
    expect(await peer.next()).toBe('came');
    modem.inject('network.loss,direction=in,rate=1,count=1');
    peer.send('gone');
    await modem.host.expects('');
    peer.send('here');
    await modem.host.expects('\r\n+IPD,4:here');
    await modem.worksAgain();
  });
});

describe('network.close, network.reset', () => {
  it('ends only links to that peer', async () => {
    const { modem, link } = await linkedToPeer();
    modem.inject('network.close,host=other.example');
    link.write('still');
    await modem.host.expects('\r\n+IPD,5:still');
    modem.inject('network.close,host=PEER.example,port=80');
    await modem.host.expects('CLOSED\r\n');
  });

  it('while a publication waits for its answer', async () => {
    const modem = await linked();
    await modem.host.dialogue('AT+MCONNECT=1,60', connected);
    modem.inject('network.reset,command=+MPUB,nth=2');
    await modem.host.dialogue('AT+MPUB="a",0,0,"x"', ok);
    await modem.host.dialogue('AT+MPUB="a",0,0,"x"', `${ok}${closed}`);
    await modem.host.dialogue(dial, dialled);
    await modem.host.dialogue('AT+MCONNECT=1,60', connected);
  });

  it('is seen by the peer as the module’s own end of the link', async () => {
    const { modem, link } = await linkedToPeer();
    const ended = once(link.resume(), 'close');
    modem.inject('network.reset');
    await modem.host.expects('CLOSED\r\n');
    await ended;
  });
});

it('network.close ends a caller of the module’s own server', async () => {
  const { modem } = await linkedToPeer({ listen: ['*=127.0.0.1:0'] });
  const { links } = modem.test.modem;
  expect(await links.listen(333, 5, undefined)).toEqual({ outcome: 'listening' });
  const caller = await callerAt(links.listeningAt(333)!.port);
  await turns(10);
  expect(links.open).toHaveLength(2);
  const ended = once(caller.resume(), 'end');
  modem.inject('network.close,host=127.0.0.1');
  await ended;
  expect(links.open).toHaveLength(1);
});

describe('network.refuse', () => {
  it.each(['refused', 'unreachable', 'reset'])('%s', async how => {
    const modem = await cellular();
    modem.inject(`network.refuse,how=${how},by=1s`);
    await modem.host.dialogue(dial, ok);
    await modem.passes(1000, dialFailed.slice(ok.length));
    await modem.host.dialogue(dial, dialled);
  });

  it('a broker that refuses for a minute', async () => {
    const modem = await cellular();
    modem.inject('network.refuse,for=1m');
    await modem.host.dialogue(dial, dialFailed);
    await modem.host.dialogue(dial, dialFailed);
    await modem.passes(60_000, '');
    await modem.host.dialogue(dial, dialled);
  });
});

describe('module.freeze', () => {
  it('reads no link, and hands over what came when it goes on', async () => {
    const { modem, link } = await linkedToPeer();
    modem.inject('module.freeze,for=5s');
    link.write('hello');
    await modem.host.expects('');
    await modem.passes(5000, '\r\n+IPD,5:hello');
    await modem.worksAgain();
  });
});
