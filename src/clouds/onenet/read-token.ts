/** A token of OneNET that came as password: its fields, or what is wrong with its form. Pure. */
import { didYouMean } from '../../base/nearest.js';
import { type OnenetMethod, onenetMethods, readFields, type TokenFields, tokenFields, tokenVersion } from './token.js';

export interface Token extends TokenFields {
  method: OnenetMethod;
}

export interface TokenFault {
  fault: 'token';
  explanation: string;
}

const form = '`version=2018-10-31&res=…&et=…&method=…&sign=…`';

/** @param quoted makes what a client sent fit for a message */
export function readToken(text: string, quoted: (text: string) => string): Token | TokenFault {
  if (text === '') return wrong('the sign-in has no password: it is a token');
  const fields = readFields(text);
  const missing = tokenFields.filter(name => !fields[name]);
  if (missing.length === tokenFields.length) return wrong(`the password is no token: its form is ${form}`);
  if (missing.length > 0)
    return wrong(`the token has no ${missing.map(name => `\`${name}\``).join(', ')}: its form is ${form}`);
  const token = fields as TokenFields;
  const { version, res, et, method } = token;
  if (version !== tokenVersion)
    return wrong(`the token's version is ${quoted(version)}, it must be \`${tokenVersion}\``);
  if (!/^\d+$/.test(et)) return wrong(`the token's et is ${quoted(et)}, it must be Unix time in seconds`);
  if (!isMethod(method)) {
    const near = didYouMean(method.toLowerCase().replace(/^hmac[-_]?/, ''), onenetMethods);
    return wrong(`the token's method ${quoted(method)} is none of ${onenetMethods.join(', ')}${near && `: ${near}`}`);
  }
  if (res.includes('%'))
    return wrong(`the token's res is percent-encoded ${percentFault(res)}: it is ${quoted(res)} once decoded`);
  return { ...token, method };
}

/** A format string of C doubles each percent sign; where it does not reach printf, both arrive. */
const percentFault = (res: string): string => (res.includes('%/') ? 'with doubled percent signs' : 'more than once');

const wrong = (explanation: string): TokenFault => ({ fault: 'token', explanation });

const isMethod = (word: string): word is OnenetMethod => (onenetMethods as readonly string[]).includes(word);
