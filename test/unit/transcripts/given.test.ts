import { describe, expect, it } from 'vitest';
import { playOf } from '../../../src/transcripts/given.js';
import { parseTranscript } from '../../../src/transcripts/parse.js';

const store: Record<string, string> = {
  base: 'dialect: luat\nset: A=1\nset: B=1\nroute: *=broker\necho: on\n\n> AT\n2> AT',
  connected: 'given: base\nset: B=2\n\n> AT+MIPSTART',
  publish: 'given: connected\ndialect: luat-seed\nroute: x=silent\n\n> AT+MPUB',
  snake: 'given: tail\n\n> AT',
  tail: 'given: snake\n\n> AT',
};
const load = (name: string) => parseTranscript(store[name]!, `${name}.at`);

describe('playOf', () => {
  it('plays what is given first, and lets the last word hold', () => {
    const play = playOf(load('publish'), load);
    expect(play.parts.map(part => part.file)).toEqual(['base.at', 'connected.at', 'publish.at']);
    expect(play.channels).toBe(2);
    expect(play.header).toMatchObject({
      dialect: 'luat-seed',
      echo: 'on',
      settings: [
        { name: 'B', value: '2' },
        { name: 'A', value: '1' },
      ],
      routes: [{ pattern: 'x' }, { pattern: '*' }],
    });
    expect(play.header).not.toHaveProperty('given');
  });

  it('routes everything to the broker where no route is named', () => {
    const play = playOf(parseTranscript('dialect: luat\n\n> AT', 'a.at'), load);
    expect(play.header.routes).toEqual([{ pattern: '*', target: { kind: 'endpoint', name: 'broker' } }]);
  });

  it('refuses a chain that bites its tail', () => {
    expect(() => playOf(load('snake'), load)).toThrow(
      /^snake.at:1: the `given:` of this transcript leads back to itself/,
    );
  });
});
