/** Faults of the module itself as the host sees them, byte for byte; and that it works again after them. */
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../../src/scenarios/catalogue.js';
import { FaultyModem, ok } from './faulty-modem.js';

const start = () => FaultyModem.start('luat', { settings: { E: 0 } });
const csq = `\r\n+CSQ: 28,99\r\n${ok}`;
const boot =
  '\r\nRDY\r\n\r\n^MODE: 17,17\r\n\r\n+E_UTRAN Service\r\n\r\n+CGEV: ME PDN ACT 1\r\n\r\n+NITZ: 26/01/01,00:00:00+00,0\r\n';
/** The clock of this world has moved by a second at most. */
const bootLater = boot.replace('00:00:00', '00:00:01');

/** Each leaves nothing behind. */
const views = {
  'module.reboot': async modem => {
    modem.inject('module.reboot');
    await modem.host.expects(boot);
  },
  'module.freeze': async modem => {
    modem.inject('module.freeze,for=5s');
    await modem.host.dialogue('AT', '');
    await modem.host.dialogue('AT+CSQ', '');
    await modem.passes(4999, '');
    await modem.passes(1, `${ok}${csq}`);
  },
  'module.brown-out': async modem => {
    modem.inject('module.brown-out,command=+CSQ,after=7,off=1s');
    await modem.host.dialogue('AT+CSQ', '\r\n+CSQ:\x00');
    await modem.host.dialogue('AT', ''); // nobody is there
    await modem.passes(999, '');
    await modem.passes(1, bootLater);
  },
  'module.slow': async modem => {
    const { id } = modem.inject('module.slow,by=300ms');
    for (let command = 0; command < 3; command++) {
      await modem.host.dialogue('AT', '');
      await modem.passes(299, '');
      await modem.passes(1, ok);
    }
    modem.test.faults.lift(id);
  },
} satisfies Record<Extract<FaultName, `module.${string}`>, (modem: FaultyModem) => Promise<void>>;

it.each(Object.entries(views))('%s', async (_, view) => {
  const modem = await start();
  await view(modem);
  expect(modem.test.faults.active).toEqual([]);
  await modem.worksAgain();
});

describe('module.reboot', () => {
  it('at a command: it is never answered, and the module boots', async () => {
    const modem = await start();
    modem.inject('module.reboot,command=+FSCREATE,nth=2');
    await modem.host.dialogue('AT+FSCREATE="a"', ok);
    await modem.host.dialogue('AT+FSCREATE="b"', boot);
    await modem.host.dialogue('AT+FSFLSIZE="b"', '\r\nERROR\r\n');
    await modem.worksAgain();
  });

  it('is without power for a while', async () => {
    const modem = await start();
    modem.inject('module.reboot,off=1s');
    await modem.host.dialogue('AT', '');
    await modem.passes(999, '');
    expect(modem.test.modem.isOn).toBe(false);
    await modem.passes(1, bootLater);
    await modem.worksAgain();
  });

  it('again and again, at every so many commands', async () => {
    const modem = await start();
    modem.inject('module.reboot,command=+CSQ,count=2');
    await modem.host.dialogue('AT+CSQ', boot);
    await modem.host.dialogue('AT+CSQ', boot);
    await modem.host.dialogue('AT+CSQ', csq);
    expect(modem.test.faults.active).toEqual([]);
  });

  it('means nothing to a module that is off', async () => {
    const modem = await start();
    modem.test.modem.powerOff();
    modem.inject('module.reboot');
    await modem.host.expects('');
    expect(modem.test.modem.isOn).toBe(false);
  });
});

describe('module.freeze', () => {
  it('in the middle of a command: its answer comes when the module goes on', async () => {
    const modem = await start();
    modem.inject('module.freeze,command=+CSQ,for=2s');
    await modem.worksAgain();
    await modem.host.dialogue('AT+CSQ', '');
    await modem.passes(2000, csq);
    await modem.worksAgain();
  });

  it('loses what is typed meanwhile, where it is told to', async () => {
    const modem = await start();
    modem.inject('module.freeze,loses=true,for=2s');
    await modem.host.dialogue('AT+CSQ', '');
    await modem.passes(2000, '');
    await modem.worksAgain();
  });

  it('ends when it is lifted; of two, with the second', async () => {
    const modem = await start();
    const [first, second] = [modem.inject('module.freeze'), modem.inject('module.freeze')];
    await modem.host.dialogue('AT', '');
    modem.test.faults.lift(first.id);
    await modem.passes(60_000, '');
    modem.test.faults.lift(second.id);
    await modem.host.expects(ok);
  });

  it('ends with the power, and nothing of it is left', async () => {
    const modem = await start();
    modem.inject('module.freeze');
    await modem.host.dialogue('AT', '');
    modem.test.modem.powerOff();
    modem.test.modem.powerOn();
    await modem.host.expects(boot);
    expect(modem.test.faults.active).toEqual([]);
    await modem.worksAgain();
  });
});

describe('module.brown-out', () => {
  it('while nothing is written: a wrong byte, then the boot lines', async () => {
    const modem = await start();
    modem.inject({ fault: 'module.brown-out', glitch: '\\xF0\\x00', off: '1s' });
    await modem.host.expects('\xf0\x00');
    await modem.passes(1000, bootLater);
    await modem.worksAgain();
  });
});

describe('module.slow', () => {
  it('by a time that the seed varies', async () => {
    const modem = await start();
    modem.inject('module.slow,by=1s,jitter=1s');
    await modem.host.dialogue('AT', '');
    await modem.passes(999, '');
    modem.clock.advance(1001);
    await modem.host.expects(ok);
  });
});
