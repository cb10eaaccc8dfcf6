/** A parameter's type in words: for `explain` and for who reads settings. Pure. */
import type { ParameterType, Span } from '../grammar/parameters.js';
import type { Value } from '../grammar/values.js';

export function typeText(type: ParameterType): string {
  switch (type.kind) {
    case 'number':
      return type.spans.map(spanText).join(', ');
    case 'word':
      return type.words.join(' | ');
    case 'text':
    case 'bytes':
    case 'host':
    case 'url':
    case 'file': {
      const { from, to } = type.length;
      return from === 0 && to === undefined ? type.kind : `${type.kind}, ${spanText(type.length)} bytes`;
    }
    default:
      return type satisfies never;
  }
}

const spanText = ({ from, to }: Span): string => (from === to ? String(from) : `${from}..${to ?? ''}`);

/** An absent value is nothing; an empty text shows. */
export function valueText(value: Value): string {
  if (value === undefined) return '';
  return value === '' ? '""' : String(value);
}
