/** Faults of AT as the host sees them, byte for byte; and that the next command is answered as ever. */
import { describe, expect, it } from 'vitest';
import type { FaultName } from '../../../src/scenarios/catalogue.js';
import { FaultyModem, ok } from './faulty-modem.js';

const start = () => FaultyModem.start('luat');
const csq = `\r\n+CSQ: 28,99\r\n${ok}`;

/** Each leaves nothing behind. */
const views = {
  'at.error': async modem => {
    modem.inject('at.error,command=+CSQ');
    await modem.host.dialogue('AT+CSQ', '\r\nERROR\r\n');
    await modem.host.dialogue('AT+CSQ', csq);
  },
  'at.silent': async modem => {
    modem.inject('at.silent,command=+FSCREATE');
    await modem.host.dialogue('AT+FSCREATE="a"', '');
    await modem.host.dialogue('AT+FSFLSIZE="a"', `\r\n+FSFLSIZE: 0\r\n${ok}`); // it was executed
  },
  'at.late': async modem => {
    modem.inject('at.late,command=+CSQ,by=2s');
    await modem.host.dialogue('AT+CSQ', '');
    await modem.passes(1999, '');
    await modem.passes(1, csq);
  },
  'at.swallow': async modem => {
    modem.inject('at.swallow,command=+FSCREATE');
    await modem.host.dialogue('AT+FSCREATE="a"', '');
    await modem.host.dialogue('AT+FSFLSIZE="a"', '\r\nERROR\r\n'); // there is no such file
  },
  'at.urc': async modem => {
    modem.inject({ fault: 'at.urc', text: '+CREG: 2', place: 'between', command: '+CSQ' });
    await modem.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n\r\n+CREG: 2\r\n${ok}`);
  },
} satisfies Record<Extract<FaultName, `at.${string}`>, (modem: FaultyModem) => Promise<void>>;

it.each(Object.entries(views))('%s', async (_, view) => {
  const modem = await start();
  await view(modem);
  expect(modem.test.faults.active).toEqual([]);
  await modem.worksAgain();
});

describe('at.error', () => {
  it('may be any final result', async () => {
    const modem = await start();
    modem.inject({ fault: 'at.error', text: '+CMS ERROR: 500', count: 2 });
    await modem.host.dialogue('AT+CSQ', '\r\n+CMS ERROR: 500\r\n');
    await modem.host.dialogue('AT', '\r\n+CMS ERROR: 500\r\n');
    await modem.worksAgain();
  });

  it.each([
    [0, '\r\nERROR\r\n'],
    [1, '\r\n+CME ERROR: 30\r\n'],
    [2, '\r\n+CME ERROR: no network service\r\n'],
  ])('with a code is put as +CMEE=%i says, in the words of the dialect', async (level, answer) => {
    const modem = await FaultyModem.start('3gpp-27.007');
    await modem.host.dialogue(`AT+CMEE=${level}`, ok);
    modem.inject('at.error,cme=30');
    await modem.host.dialogue('AT+CSQ', answer);
    await modem.worksAgain();
  });

  it('a code without words stays a number', async () => {
    const modem = await FaultyModem.start('3gpp-27.007');
    await modem.host.dialogue('AT+CMEE=2', ok);
    modem.inject('at.error,cme=772');
    await modem.host.dialogue('AT+CSQ', '\r\n+CME ERROR: 772\r\n');
  });

  it('ends the command line', async () => {
    const modem = await start();
    modem.inject('at.error,command=+CSQ');
    await modem.host.dialogue('AT+CSQ;+FSCREATE="a"', '\r\nERROR\r\n');
    await modem.host.dialogue('AT+FSFLSIZE="a"', '\r\nERROR\r\n');
  });
});

describe('the line AT alone is a command', () => {
  it.each([
    ['at.silent', ''],
    ['at.swallow', ''],
    ['at.error', '\r\nERROR\r\n'],
  ])('%s', async (fault, answer) => {
    const modem = await start();
    modem.inject(`${fault},command=AT`);
    await modem.host.dialogue('AT', answer);
    await modem.worksAgain();
  });

  it('at.late', async () => {
    const modem = await start();
    modem.inject('at.late,command=AT,by=300ms');
    await modem.host.dialogue('AT', '');
    await modem.passes(300, ok);
    await modem.worksAgain();
  });
});

describe('at.late', () => {
  it('what is typed meanwhile fares as in any wait: it waits itself, or is lost, as the dialect has it', async () => {
    const queues = await FaultyModem.start('v250');
    queues.inject('at.late,by=1s');
    await queues.host.dialogue('AT', '');
    await queues.host.dialogue('AT', '');
    await queues.passes(1000, `${ok}${ok}`);
    const loses = await start();
    loses.inject('at.late,by=1s');
    await loses.host.dialogue('AT+CSQ', '');
    await loses.host.dialogue('AT', '');
    await loses.passes(1000, csq);
    await loses.worksAgain();
  });

  it('strikes one command of a line', async () => {
    const modem = await start();
    modem.inject('at.late,command=+CGATT,by=1s');
    await modem.host.dialogue('AT+CSQ;+CGATT?', '\r\n+CSQ: 28,99\r\n');
    await modem.passes(1000, `\r\n+CGATT: 1\r\n${ok}`);
  });

  it('is not answered by a module that was restarted meanwhile', async () => {
    const modem = await start();
    modem.inject('at.late,by=1s');
    await modem.host.dialogue('AT+CSQ', '');
    modem.test.modem.powerOff();
    await modem.passes(2000, '');
  });
});

describe('at.silent', () => {
  it('opens no prompt', async () => {
    const modem = await start();
    modem.inject('at.silent,command=+FSWRITE');
    await modem.host.dialogue('AT+FSCREATE="a"', ok);
    await modem.host.dialogue('AT+FSWRITE="a",0,5,15', '');
    await modem.worksAgain();
  });
});

describe('at.urc', () => {
  const urc = '\r\n+CREG: 2\r\n';

  it('inside the echo stands behind its first byte', async () => {
    const modem = await FaultyModem.start('luat', { echo: 'on' });
    modem.inject({ fault: 'at.urc', text: '+CREG: 2', place: 'echo' });
    await modem.host.dialogue('AT', `A${urc}T\r${ok}`);
    await modem.host.dialogue('AT', `AT\r${ok}`);
  });

  it('in front of the first line', async () => {
    const modem = await start();
    modem.inject({ fault: 'at.urc', text: '+CREG: 2', count: 2 });
    await modem.host.dialogue('AT+CSQ', `${urc}${csq}`);
    await modem.host.dialogue('AT', `${urc}${ok}`);
    await modem.host.dialogue('AT+CSQ', csq);
  });

  it('between information and result is met only where there is information', async () => {
    const modem = await start();
    modem.inject({ fault: 'at.urc', text: '+CREG: 2', place: 'between' });
    await modem.worksAgain();
    await modem.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${urc}${ok}`);
    await modem.host.dialogue('AT+CSQ', csq);
  });

  it('inside a prompt cuts it in two; the data that follows is data', async () => {
    const modem = await start();
    await modem.host.dialogue('AT+FSCREATE="a"', ok);
    modem.inject({ fault: 'at.urc', text: '+CREG: 2', place: 'prompt' });
    await modem.host.dialogue('AT+FSWRITE="a",0,5,15', `\r${urc}\n>`);
    modem.host.types('hello');
    await modem.host.expects(ok);
    await modem.host.dialogue('AT+FSFLSIZE="a"', `\r\n+FSFLSIZE: 5\r\n${ok}`);
  });

  it('counts the points of its own place alone', async () => {
    const modem = await start();
    modem.inject({ fault: 'at.urc', text: '+CREG: 2', place: 'between', nth: 2 });
    await modem.host.dialogue('AT+CSQ', csq);
    await modem.host.dialogue('AT+CSQ', `\r\n+CSQ: 28,99\r\n${urc}${ok}`);
  });
});

describe('several at once', () => {
  it('the first that was injected decides what becomes of a command; the next waits', async () => {
    const modem = await start();
    modem.inject('at.error,text=FIRST');
    modem.inject('at.error,text=SECOND');
    await modem.host.dialogue('AT', '\r\nFIRST\r\n');
    await modem.host.dialogue('AT', '\r\nSECOND\r\n');
    await modem.worksAgain();
  });

  it('a URC and an error may strike the same command', async () => {
    const modem = await start();
    modem.inject({ fault: 'at.urc', text: 'RING' });
    modem.inject('at.error');
    await modem.host.dialogue('AT+CSQ', '\r\nRING\r\n\r\nERROR\r\n');
    await modem.worksAgain();
  });
});
