import { describe, expect, test } from 'vitest';
import { Keepalive } from '../../../src/mqtt/keepalive.js';

const start = () => new Keepalive(60_000, 10_000, 0);

describe('Keepalive', () => {
  test('pings when nothing was sent for the interval', () => {
    const keepalive = start();
    expect(keepalive.verdict(0)).toEqual({ say: 'wait', ms: 60_000 });
    keepalive.sent(40_000);
    expect(keepalive.verdict(60_000)).toEqual({ say: 'wait', ms: 40_000 });
    expect(keepalive.verdict(100_000)).toEqual({ say: 'ping' });
  });

  test('a broker that does not answer within the patience is dead, whatever else is sent', () => {
    const keepalive = start();
    keepalive.verdict(60_000);
    expect(keepalive.verdict(60_000)).toEqual({ say: 'wait', ms: 10_000 });
    keepalive.sent(65_000);
    expect(keepalive.verdict(69_999)).toEqual({ say: 'wait', ms: 1 });
    expect(keepalive.verdict(70_000)).toEqual({ say: 'dead' });
  });

  test('an answer starts the next interval at the ping', () => {
    const keepalive = start();
    keepalive.verdict(60_000);
    keepalive.answered();
    expect(keepalive.verdict(61_000)).toEqual({ say: 'wait', ms: 59_000 });
    expect(keepalive.verdict(120_000)).toEqual({ say: 'ping' });
  });

  test('while nobody reads, a missing answer proves nothing; then the patience begins anew', () => {
    const keepalive = start();
    keepalive.verdict(60_000);
    keepalive.hold();
    expect(keepalive.verdict(500_000)).toEqual({ say: 'wait', ms: 10_000 });
    keepalive.release(500_000);
    expect(keepalive.verdict(509_999)).toEqual({ say: 'wait', ms: 1 });
    expect(keepalive.verdict(510_000)).toEqual({ say: 'dead' });
  });

  test('it pings while nobody reads, so that the broker does not lose patience', () => {
    const keepalive = start();
    keepalive.hold();
    expect(keepalive.verdict(60_000)).toEqual({ say: 'ping' });
  });
});
