import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../src/base/errors.js';
import { parseBroker } from '../../../src/broker/choice.js';

describe('--broker', () => {
  it.each([
    ['none', { kind: 'none' }],
    ['embedded', { kind: 'embedded' }],
    ['embedded:0', { kind: 'embedded', port: 0 }],
    ['embedded:18830', { kind: 'embedded', port: 18830 }],
    ['embedded:65535', { kind: 'embedded', port: 65535 }],
  ])('%s', (text, expected) => expect(parseBroker(text)).toEqual(expected));

  it.each([
    ['embeded', /did you mean `embedded`/],
    ['nane', /did you mean `none`/],
    ['embedded:', /0 to 65535/],
    ['embedded:65536', /0 to 65535/],
    ['embedded:18x', /0 to 65535/],
    ['none:1', /embedded, embedded:PORT or none/],
    ['test.mosquitto.org', /AT commands name/],
    ['', /embedded, embedded:PORT or none/],
  ])('%s is refused with help', (text, help) => {
    const parse = () => parseBroker(text);
    expect(parse).toThrow(OperatorError);
    expect(parse).toThrow(help);
  });
});
