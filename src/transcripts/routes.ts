/** Routes in a transcript: `HOST[:PORT]=TARGET`, where a target is an endpoint of the replay or a plain address. */
import { didYouMean } from '../base/nearest.js';
import { from, hint, refuse, type Span } from './mistakes.js';
import { endpointNames, type Route, type RouteTarget } from './transcript.js';

const expected = `${endpointNames.join(', ')}, refuse-N or HOST:PORT`;

export function routeFrom(span: Span): Route {
  const equals = span.text.indexOf('=');
  if (equals < 1) refuse(span, 'a route needs a name, `=` and a target', { expected: 'HOST[:PORT]=TARGET' });
  return { pattern: span.text.slice(0, equals), target: targetFrom(from(span, equals + 1)) };
}

function targetFrom(span: Span): RouteTarget {
  const name = endpointNames.find(known => known === span.text);
  if (name !== undefined) return { kind: 'endpoint', name };
  const refusal = /^refuse-(\d+)$/.exec(span.text);
  if (refusal) return { kind: 'refuse', code: bounded(span, Number(refusal[1]), 1, 255, 'a return code') };
  const address = /^(\[[0-9A-Fa-f:.]+\]|[^\s:[\]]+):(\d+)$/.exec(span.text);
  if (!address)
    return refuse(span, 'no such route target', { expected, ...hint(didYouMean(span.text, endpointNames)) });
  const [, host = '', port] = address;
  return {
    kind: 'address',
    host: host.replace(/^\[|\]$/g, ''),
    port: bounded(span, Number(port), 1, 65_535, 'a port'),
  };
}

function bounded(span: Span, value: number, low: number, high: number, what: string): number {
  if (value >= low && value <= high) return value;
  return refuse(span, `${what} out of range`, { expected: `${low} to ${high}` });
}

export function formatTarget(target: RouteTarget): string {
  switch (target.kind) {
    case 'endpoint':
      return target.name;
    case 'refuse':
      return `refuse-${target.code}`;
    case 'address':
      return target.host.includes(':') ? `[${target.host}]:${target.port}` : `${target.host}:${target.port}`;
  }
}
