import { describe, expect, test } from 'vitest';
import { Access, type Asked } from '../../../src/control/access.js';

const token = 'sixteen-characters';
const open = new Access({ isLoopback: true, token: undefined, port: 8080 });
const guarded = new Access({ isLoopback: false, token, port: 8080 });

const asked = (what: Partial<Asked> = {}): Asked => ({
  method: 'GET',
  path: '/api/modems',
  host: '127.0.0.1:8080',
  origin: undefined,
  contentType: undefined,
  authorization: undefined,
  cookie: undefined,
  ...what,
});

const post = (what: Partial<Asked> = {}) => asked({ method: 'POST', contentType: 'application/json', ...what });

const verdict = (access: Access, what: Asked) => access.refusal(what)?.code ?? 'allowed';

describe('Host', () => {
  test.each(['localhost', 'localhost:8080', 'LocalHost', '127.0.0.1', '127.1.2.3:1', '[::1]', '[::1]:8080'])(
    '%s is this machine',
    host => {
      expect(verdict(open, asked({ host }))).toBe('allowed');
    },
  );

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:8080',
    '[::2]',
    '10.0.0.1',
    '',
    'localhost:8080@evil.example',
    undefined,
  ])('%s is another: a page behind it came by DNS rebinding', host => {
    expect(verdict(open, asked({ host }))).toBe('forbidden');
  });

  test('may be any name beyond loopback, where a token guards', () => {
    expect(verdict(guarded, asked({ host: 'rig.example', authorization: `Bearer ${token}` }))).toBe('allowed');
  });
});

describe('Origin', () => {
  test('none: a program asks', () => {
    expect(verdict(open, post())).toBe('allowed');
  });

  test.each(['http://127.0.0.1:8080', 'https://127.0.0.1:8080', 'HTTP://127.0.0.1:8080'])('%s is its own', origin => {
    expect(verdict(open, post({ origin }))).toBe('allowed');
  });

  test.each([
    'http://evil.example',
    'http://127.0.0.1',
    'http://127.0.0.1:3000',
    'http://localhost:8080',
    'http://127.0.0.1:8080.evil.example',
    'null',
    'file://',
    '',
  ])('%s is foreign, for reads and WebSockets too', origin => {
    expect(verdict(open, post({ origin }))).toBe('forbidden');
    expect(verdict(open, asked({ origin, path: '/api/events' }))).toBe('forbidden');
  });

  test('is foreign with the token too', () => {
    const authorization = `Bearer ${token}`;
    expect(verdict(guarded, post({ origin: 'http://evil.example', authorization }))).toBe('forbidden');
  });
});

describe('writes', () => {
  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])('%s', contentType => {
    expect(verdict(open, post({ contentType }))).toBe('allowed');
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'application/jsonp',
    '',
    undefined,
  ])('%s: a form could send it', contentType => {
    expect(verdict(open, post({ contentType }))).toBe('unsupported-media-type');
  });
});

describe('the token', () => {
  test.each([`Bearer ${token}`, `bearer ${token}`, `Bearer  ${token} `])('%s', authorization => {
    expect(verdict(guarded, asked({ authorization }))).toBe('allowed');
  });

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer wrong',
    `Basic ${token}`,
    token,
    `Bearer ${token}x`,
    `Bearer ${token} x`,
  ])('%s is none', authorization => {
    expect(verdict(guarded, asked({ authorization }))).toBe('unauthorized');
    expect(verdict(guarded, asked({ authorization, path: '/metrics' }))).toBe('unauthorized');
  });

  test('is not said by the failure', () => {
    expect(JSON.stringify(guarded.refusal(asked({ authorization: 'Bearer nearly' }))!.body)).not.toMatch(
      /nearly|sixteen/,
    );
  });

  test.each(['/', '/app.js', '/healthz', '/openapi.json', '/api/session'])('%s needs none', path => {
    expect(verdict(guarded, asked({ path }))).toBe('allowed');
  });

  test.each(['/api', '/api/modems', '/api/session/x', '/metrics', '/api/events'])('%s needs it', path => {
    expect(verdict(guarded, asked({ path }))).toBe('unauthorized');
  });
});

describe('the session of a page', () => {
  test('is a cookie that scripts do not see, other sites do not send, and that is not the token', () => {
    const cookie = guarded.signIn(token)!;
    expect(cookie).toMatch(/^atmodem-8080=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(token);
  });

  test('opens what the token opens, beside other cookies', () => {
    const [pair] = guarded.signIn(token)!.split(';');
    expect(verdict(guarded, asked({ cookie: `a=b; ${pair}; c=d` }))).toBe('allowed');
    expect(verdict(guarded, post({ cookie: pair, origin: 'http://evil.example' }))).toBe('forbidden');
  });

  test('is another one’s with every process, and for every port', () => {
    const [pair] = guarded.signIn(token)!.split(';');
    const later = new Access({ isLoopback: false, token, port: 8080 });
    const beside = new Access({ isLoopback: false, token, port: 8081 });
    expect(verdict(later, asked({ cookie: pair }))).toBe('unauthorized');
    expect(verdict(beside, asked({ cookie: pair }))).toBe('unauthorized');
  });

  test('is not given for another token', () => {
    expect(guarded.signIn('sixteen-character')).toBeUndefined();
    expect(guarded.signIn('')).toBeUndefined();
  });
});
