/** Faults of the line as the host sees them, byte for byte; and that the line is whole again after them. */
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../../src/scenarios/catalogue.js';
import { FaultyModem, ok } from './faulty-modem.js';

const start = () => FaultyModem.start('v250');

/** Each leaves nothing behind. */
const views = {
  'line.drop': async modem => {
    modem.inject('line.drop,nth=3,count=2');
    await modem.host.dialogue('AT', '\r\n\r\n');
  },
  'line.flip': async modem => {
    modem.inject('line.flip,nth=4,mask=2');
    await modem.host.dialogue('AT', '\r\nOI\r\n');
  },
  'line.insert': async modem => {
    modem.inject({ fault: 'line.insert', nth: 4, bytes: '\\x00\\xFF!' });
    await modem.host.dialogue('AT', '\r\nO\x00\xff!K\r\n');
  },
  'line.duplicate': async modem => {
    modem.inject('line.duplicate,nth=3');
    await modem.host.dialogue('AT', '\r\nOOK\r\n');
  },
  'line.stall': async modem => {
    modem.inject('line.stall,nth=4,by=700ms');
    await modem.host.dialogue('AT', '\r\nO');
    await modem.passes(699, '');
    await modem.passes(1, 'K\r\n');
  },
  'line.chop': async modem => {
    const { id } = modem.inject('line.chop,size=4,gap=20ms');
    await modem.host.dialogue('AT', '\r\nOK');
    await modem.passes(19, '');
    await modem.passes(1, '\r\n');
    modem.test.faults.lift(id);
  },
} satisfies Record<Extract<FaultName, `line.${string}`>, (modem: FaultyModem) => Promise<void>>;

describe('to the host', () => {
  it.each(Object.entries(views))('%s', async (_, view) => {
    const modem = await start();
    await view(modem);
    expect(modem.test.faults.active).toEqual([]);
    await modem.worksAgain();
  });
});

describe('from the host', () => {
  it('a lost byte makes a line that is no command', async () => {
    const modem = await start();
    modem.inject('line.drop,direction=in');
    await modem.host.dialogue('AT', '');
    await modem.worksAgain();
  });

  it('a wrong bit reaches the module as another byte, which is echoed so', async () => {
    const modem = await FaultyModem.start('v250', { echo: 'on' });
    modem.inject('line.flip,direction=in,nth=3,mask=4');
    await modem.host.dialogue('ATI', 'ATM\r\r\nERROR\r\n');
    await modem.host.dialogue('ATE0', `ATE0\r${ok}`);
    await modem.worksAgain();
  });

  it('bytes are counted, wherever a chunk ends', async () => {
    for (const splitAt of [[], [1], [2, 3], [1, 2, 3, 4, 5, 6]]) {
      const modem = await start();
      modem.inject('line.insert,direction=in,nth=5,bytes=T\\r');
      modem.host.types('AT\rATA\r', splitAt);
      await modem.host.expects(`${ok}${ok}`);
    }
  });

  it('what stands still comes in order, and nothing overtakes it', async () => {
    const modem = await start();
    modem.inject('line.stall,direction=in,nth=2,by=1s');
    modem.host.types('AT\r');
    modem.host.types('AT\r');
    await modem.host.expects('');
    await modem.passes(999, '');
    await modem.passes(1, `${ok}${ok}`);
    await modem.worksAgain();
  });

  it('keeps 64 KiB of what cannot reach the module', async () => {
    const modem = await start();
    modem.inject('line.stall,direction=in,by=1s');
    modem.host.types('AT\r');
    modem.host.types(' '.repeat(64 * 1024));
    modem.host.types('AT\r'); // finds no room
    await modem.passes(1000, ok);
  });
});

describe('pieces', () => {
  it('of several writes follow each other in order, with their gaps', async () => {
    const modem = await start();
    const { id } = modem.inject('line.chop,size=5,gap=10ms');
    modem.host.types('AT\r');
    modem.host.types('AT\r');
    await modem.host.expects('\r\nOK\r');
    await modem.passes(10, '\n\r\nOK\r'); // the second answer is due at once, behind the first
    await modem.passes(10, '\n');
    modem.test.faults.lift(id);
    await modem.worksAgain();
  });

  it('are whole again where only one answer is struck', async () => {
    const modem = await start();
    modem.inject('line.chop,size=1,gap=0ms,nth=2,count=1');
    await modem.worksAgain();
    expect(modem.host.writes).toEqual([]);
    modem.host.types('AT\r');
    expect(modem.host.writes).toEqual([...ok]);
    modem.host.take();
    modem.host.types('AT\r');
    expect(modem.host.writes).toEqual([ok]);
  });

  it('that a host who left never read are forgotten', async () => {
    const modem = await start();
    modem.inject('line.chop,size=1,gap=10ms,count=1');
    await modem.host.dialogue('AT', '\r');
    modem.host.detaches();
    modem.host.attaches();
    await modem.passes(1000, '');
    await modem.worksAgain();
  });
});

describe('whom it strikes', () => {
  it('only the answer to one command', async () => {
    const modem = await start();
    modem.inject('line.drop,command=I');
    await modem.worksAgain();
    expect((await modem.host.asks('ATI')).startsWith('\natmodem')).toBe(true);
    await modem.worksAgain();
  });

  it('by chance: all, none, or as the seed says', async () => {
    const modem = await start();
    const { id } = modem.inject('line.drop,rate=1');
    await modem.host.dialogue('AT', '');
    modem.test.faults.lift(id);
    modem.inject('line.drop,rate=0');
    await modem.worksAgain();
  });

  it('for so long', async () => {
    const modem = await start();
    modem.inject('line.duplicate,for=2s');
    await modem.host.dialogue('AT', '\r\r\n\nOOKK\r\r\n\n');
    await modem.passes(1999, '');
    await modem.host.dialogue('AT', '\r\r\n\nOOKK\r\r\n\n');
    await modem.passes(1, '');
    await modem.worksAgain();
  });
});

it('says which bytes were struck, by their numbers, and never what they were', async () => {
  const modem = await start();
  modem.inject('line.drop,nth=2,count=3');
  await modem.host.asks('AT');
  expect(modem.told).toEqual([
    'line.drop nth=2 count=3 injected',
    'line.drop struck 3 bytes (line.out 2, 3, 4)',
    'line.drop over',
  ]);
  expect(modem.met.filter(({ point }) => point === 'line.out')).toEqual([
    { point: 'line.out', n: 1, last: 6, what: '6 bytes', channel: 0, struck: ['line.drop'] },
  ]);
  expect(modem.met.filter(({ point }) => point === 'line.in')).toMatchObject([{ n: 1, last: 3 }]);
});
