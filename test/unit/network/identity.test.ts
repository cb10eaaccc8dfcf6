import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import {
  cellularAddress,
  cellularAddress6,
  luhnDigit,
  passesLuhn,
  stationLease,
} from '../../../src/network/derived.js';
import { Identity, isIdentity } from '../../../src/network/identity.js';

describe('the Luhn digit', () => {
  it.each([
    ['7992739871', '3'],
    ['49015420323751', '8'],
    ['8986031876023861093', '2'],
  ])('of %s is %s', (digits, digit) => expect(luhnDigit(digits)).toBe(digit));

  it('finds any one wrong digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{14}$/), fc.nat(14), fc.integer({ min: 1, max: 9 }), (digits, at, off) => {
        const right = digits + luhnDigit(digits);
        const wrong = right.slice(0, at) + ((Number(right[at]) + off) % 10) + right.slice(at + 1);
        expect(passesLuhn(right)).toBe(true);
        expect(passesLuhn(wrong)).toBe(false);
      }),
    );
  });
});

describe('an identity', () => {
  it('is valid for every name', () => {
    fc.assert(
      fc.property(fc.string(), name => {
        const identity = new Identity(name);
        for (const field of ['imei', 'imsi', 'iccid', 'mac', 'apMac', 'serial'] as const)
          expect(isIdentity(field, identity[field])).toBe(true);
        expect(identity.mac).not.toBe(identity.apMac);
      }),
    );
  });

  it('is the same for one name from run to run, and another for another', () => {
    const fields = (name: string) => {
      const { imei, imsi, iccid, mac, serial } = new Identity(name);
      return [imei, imsi, iccid, mac, serial];
    };
    expect(fields('rig-1')).toEqual(fields('rig-1'));
    const all = Array.from({ length: 1000 }, (_, i) => fields(`modem${i}`)).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(new Identity('modem').imei).toBe('865838622600176');
  });

  it('can be set', () => {
    const identity = new Identity('rig', { imei: '490154203237518', mac: '18:FE:34:A5:8D:C6' });
    expect(identity.imei).toBe('490154203237518');
    expect(identity.mac).toBe('18:fe:34:a5:8d:c6');
    identity.set('iccid', '89860318760238610932');
    expect(identity.iccid).toBe('89860318760238610932');
  });

  it.each([
    ['imei', '490154203237519', /the last one is 8/],
    ['imei', '49015420323751', /15 digits/],
    ['imsi', '46001', /15 digits/],
    ['iccid', '89860318760238610931', /the last one is 2/],
    ['mac', '01:00:5e:00:00:01', /not a group address/],
    ['mac', '18-fe-34-a5-8d-c6', /six octets/],
    ['serial', '', /1 to 32/],
    ['imeii', 'x', /did you mean `imei`/],
    ['__proto__', 'x', /no identity/],
  ])('%s cannot be %s', (field, value, help) => {
    const set = () => new Identity('rig').set(field, value);
    expect(set).toThrow(OperatorError);
    expect(set).toThrow(help);
  });
});

describe('addresses', () => {
  it('are host addresses of private networks, one for a modem and a context', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 15 }), (seed, cid) => {
        const octets = cellularAddress(seed, cid).split('.').map(Number);
        expect(octets[0]).toBe(10);
        expect(octets).toHaveLength(4);
        expect(octets[3]).toBeGreaterThan(0);
        expect(octets[3]).toBeLessThan(255);
        expect(cellularAddress6(seed, cid)).toMatch(/^fd00(:[0-9a-f]{4}){7}$/);
        const { ip, gateway } = stationLease(seed);
        expect(ip).toMatch(/^192\.168\.\d+\.\d+$/);
        expect(ip).not.toBe(gateway);
        expect(Number(ip.split('.')[3])).toBeLessThan(255);
      }),
    );
    expect(cellularAddress('a', 1)).not.toBe(cellularAddress('a', 2));
  });
});
