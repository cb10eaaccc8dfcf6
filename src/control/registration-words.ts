/** Registration as people say it. [27.007 10.1.22 +CEREG <stat>] */
import type { RegistrationStat } from '../network/registration.js';
import type { RegistrationWord } from './messages.js';

/** By their number. */
export const registrationWords = [
  'none',
  'home',
  'searching',
  'denied',
  'unknown',
  'roaming',
] as const satisfies readonly RegistrationWord[];

export const registrationWord = (stat: RegistrationStat): RegistrationWord => registrationWords[stat];

export const registrationStat = (word: RegistrationWord): number => registrationWords.indexOf(word);
