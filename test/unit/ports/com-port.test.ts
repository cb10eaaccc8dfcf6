import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComPort } from '../../../src/ports/com-port.js';

function comPort() {
  const sent: string[] = [];
  const events: string[] = [];
  const port = new ComPort(115_200, {
    send: payload => void sent.push(payload.toString('hex')),
    baud: baud => void events.push(`baud ${baud}`),
    lines: ({ dtr, rts }) => void events.push(`dtr ${dtr}, rts ${rts}`),
    purge: () => void events.push('purge'),
    flow: () => void events.push('flow'),
  });
  return { port, sent, events, take: (hex: string) => port.take(Buffer.from(hex, 'hex')) };
}

const off = { cts: false, dsr: false, dcd: false, ri: false };
const ready = { ...off, cts: true, dsr: true };

describe('a client sets and asks [RFC 2217 2, 3]', () => {
  it.each([
    ['the signature', '00', '6461746d6f64656d', []],
    ['its own signature', '0061', undefined, []],
    ['a baud rate', '0100002580', '6500002580', ['baud 9600']],
    ['the baud rate', '0100000000', '650001c200', []],
    ['a baud rate that no line has', '010000000a', '650001c200', []],
    ['a baud rate that is cut short', '012580', undefined, []],
    ['seven bits', '0207', '6607', []],
    ['the bits', '0200', '6608', []],
    ['nine bits', '0209', '6608', []],
    ['even parity', '0303', '6703', []],
    ['the stop bits', '0400', '6801', []],
    ['hardware flow control', '0503', '6903', ['flow']],
    ['the flow control', '0500', '6901', []],
    ['flow control by DCD, which is not there', '0511', '6901', []],
    ['a break', '0505', '6905', []],
    ['the break', '0504', '6906', []],
    ['DTR', '0507', '6908', []],
    ['DTR off', '0509', '6909', ['dtr false, rts true', 'flow']],
    ['DTR on, as it is', '0508', '6908', []],
    ['RTS', '050a', '690b', []],
    ['RTS off', '050c', '690c', ['dtr true, rts false', 'flow']],
    ['the inbound flow control', '050d', '690e', []],
    ['hardware inbound flow control', '0510', '6910', []],
    ['inbound flow control by DTR, which is not there', '0512', '690e', []],
    ['a control that is none', '0563', undefined, []],
    ['the line state', '06', '6a60', []],
    ['the modem state', '07', '6b00', []],
    ['a line state mask', '0aff', '6eff', []],
    ['a modem state mask', '0b80', '6f80', []],
    ['to forget what it sent', '0c02', '7002', []],
    ['to forget what it has not heard', '0c01', '7001', ['purge']],
    ['to forget both', '0c03', '7003', ['purge']],
    ['a command that is none', '63', undefined, []],
    ['nothing', '', undefined, []],
  ])('%s', (_, command, answer, events) => {
    const client = comPort();
    client.take(command);
    expect(client.sent).toEqual(answer === undefined ? [] : [answer]);
    expect(client.events).toEqual(events);
  });

  it('what was set is what is asked for later', () => {
    const { take, sent } = comPort();
    for (const command of ['0100002580', '0207', '0505', '0509']) take(command);
    sent.length = 0;
    for (const question of ['0100000000', '0200', '0504', '0507']) take(question);
    expect(sent).toEqual(['6500002580', '6607', '6905', '6909']);
  });
});

it('takes any payload, and answers with one at most', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), payload => {
      const client = comPort();
      client.port.take(Buffer.from(payload));
      expect(client.sent.length).toBeLessThanOrEqual(1);
    }),
  );
});

describe('what the modem says waits', () => {
  it('while the client wants silence', () => {
    const { port, take } = comPort();
    take('08');
    expect(port.mayTransmit).toBe(false);
    take('09');
    expect(port.mayTransmit).toBe(true);
  });

  it('while RTS is off, under hardware flow control alone', () => {
    const { port, take } = comPort();
    take('050c');
    expect(port.mayTransmit).toBe(true);
    take('0503');
    expect(port.mayTransmit).toBe(false);
    take('050b');
    expect(port.mayTransmit).toBe(true);
  });
});

describe('the client is told of the modem lines', () => {
  it('once it speaks the option, and at each change, with what changed', () => {
    const { port, sent } = comPort();
    port.setLines(ready);
    expect(sent).toEqual([]);
    port.begin();
    port.begin();
    port.setLines(ready);
    port.setLines({ ...ready, dcd: true });
    port.setLines({ ...ready, dcd: true, cts: false });
    port.setLines(off);
    expect(sent).toEqual(['6b30', '6bb8', '6ba1', '6b0a']);
  });

  it('of a ring while it lasts, and that it changed when it ended', () => {
    const { port, sent } = comPort();
    port.begin();
    port.setLines({ ...off, ri: true });
    port.setLines(off);
    expect(sent).toEqual(['6b00', '6b40', '6b04']);
  });

  it('only as far as its mask goes', () => {
    const { port, take, sent } = comPort();
    port.begin();
    take('0b80');
    sent.length = 0;
    port.setLines(ready);
    port.setLines({ ...ready, dcd: true });
    expect(sent).toEqual(['6b80']);
  });
});
