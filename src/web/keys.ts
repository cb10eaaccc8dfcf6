/** Which key does what: the page acts by this table, and the help shows it. Pure. */

export type Action =
  | 'search'
  | 'next'
  | 'previous'
  | 'page-down'
  | 'page-up'
  | 'first'
  | 'last'
  | 'open'
  | 'terminal'
  | 'faults'
  | 'times'
  | 'save'
  | 'theme'
  | 'help'
  | 'back';

interface Binding {
  keys: readonly string[];
  action: Action;
  /** For the help: the keys as people call them, and what they do. */
  shown: string;
  title: string;
}

export const bindings: readonly Binding[] = [
  { action: 'search', keys: ['/'], shown: '/', title: 'search: modems in the list, lines in a dialogue' },
  { action: 'next', keys: ['j', 'ArrowDown'], shown: 'j  ↓', title: 'next' },
  { action: 'previous', keys: ['k', 'ArrowUp'], shown: 'k  ↑', title: 'previous' },
  { action: 'page-down', keys: ['PageDown'], shown: 'PgDn', title: 'a page on' },
  { action: 'page-up', keys: ['PageUp'], shown: 'PgUp', title: 'a page back' },
  { action: 'first', keys: ['g', 'Home'], shown: 'g  Home', title: 'the first' },
  { action: 'last', keys: ['G', 'End'], shown: 'G  End', title: 'the last; a dialogue is followed from there' },
  { action: 'open', keys: ['Enter'], shown: 'Enter', title: 'open the modem' },
  { action: 'terminal', keys: ['t'], shown: 't', title: 'terminal, a channel of its own (Ctrl+] or F6 leaves it)' },
  { action: 'faults', keys: ['f'], shown: 'f', title: 'faults' },
  { action: 'times', keys: ['d'], shown: 'd', title: 'time of day, or time between lines' },
  { action: 'save', keys: ['s'], shown: 's', title: 'save the dialogue as a transcript' },
  { action: 'theme', keys: ['c'], shown: 'c', title: 'colours: as the system has them, dark, light' },
  { action: 'help', keys: ['?'], shown: '?', title: 'this help' },
  { action: 'back', keys: ['Escape'], shown: 'Esc', title: 'back: out of a field, a panel, a modem' },
];

/** Where the key was pressed: in a field what is typed is text, on a control Enter is its own. */
export type Place = 'page' | 'field' | 'control' | 'terminal';

export interface Pressed {
  key: string;
  /** With Ctrl, Alt or Meta: the browser's. */
  isModified: boolean;
}

export function actionOf({ key, isModified }: Pressed, place: Place): Action | undefined {
  if (isModified || place === 'terminal') return undefined;
  const action = bindings.find(({ keys }) => keys.includes(key))?.action;
  if (place === 'field') return action === 'back' ? action : undefined;
  if (place === 'control' && action === 'open') return undefined;
  return action;
}
