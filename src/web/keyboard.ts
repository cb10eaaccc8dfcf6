/** The keys of the page, wherever the focus is. What each does is in `keys.ts`. */
import { downloadId } from './download.js';
import { type Action, actionOf, type Place } from './keys.js';
import { modemFilter } from './modem-filter.js';
import type { OpenedModem } from './opened-modem.js';
import type { Page } from './page.js';
import { walked } from './walk.js';

export function listenToKeys(page: Page): void {
  document.addEventListener('keydown', event => {
    const { key, ctrlKey, altKey, metaKey, target } = event;
    // An open dialog has the keys to itself.
    if (document.querySelector('dialog[open]')) return;
    const action = actionOf({ key, isModified: ctrlKey || altKey || metaKey }, placeOf(target as Element));
    if (action === undefined || !act(page, action, target as HTMLElement)) return;
    event.preventDefault();
  });
}

function placeOf(element: Element): Place {
  if (element.closest('.screen')) return 'terminal';
  if (element.matches('input, select, textarea')) return 'field';
  return element.matches('button, a') ? 'control' : 'page';
}

/** @returns whether it did something */
function act(page: Page, action: Action, target: HTMLElement): boolean {
  const { opened } = page.view.state;
  const isInList = !opened || target.closest('.modem-list') !== null;
  switch (action) {
    case 'search':
      return focus(isInList ? '#modem-search' : '#line-search');
    case 'open':
      return isInList && openAtCursor(page);
    case 'terminal':
    case 'faults':
      page.togglePanel(action);
      return opened !== undefined;
    case 'times':
      page.set({ isBetween: !page.view.state.isBetween });
      return true;
    case 'save':
      document.getElementById(downloadId)?.click();
      return opened !== undefined;
    case 'theme':
      page.changeTheme();
      return true;
    case 'help':
      page.set({ isHelpOpen: true });
      return true;
    case 'back':
      return goBack(page, target);
    default:
      return isInList ? walkList(page, action) : walkDialogue(opened, action);
  }
}

function goBack(page: Page, target: HTMLElement): boolean {
  if (placeOf(target) === 'field' && target.closest('.search')) {
    return focus(target.closest('.modem-list') ? '.modem-list .rows' : '.dialogue .rows');
  }
  page.back();
  return true;
}

function openAtCursor(page: Page): boolean {
  const { cursor } = page.view.state;
  if (cursor === undefined) return false;
  page.open(cursor);
  return true;
}

function walkList(page: Page, action: Action): boolean {
  const { search, cursor } = page.view.state;
  const names = [...(page.fleet.state.modems?.values() ?? [])].filter(modemFilter(search)).map(({ name }) => name);
  const to = walked(action, cursor === undefined ? -1 : names.indexOf(cursor), names.length);
  if (to === undefined) return false;
  page.set({ cursor: names[to] });
  return focus('.modem-list .rows');
}

/** The last line chosen is no line chosen: the end is followed again. */
function walkDialogue({ dialogue, store, choose }: OpenedModem, action: Action): boolean {
  const { shown } = dialogue;
  const { chosen } = store.state;
  const to = walked(action, chosen === undefined ? -1 : shown.findIndex(({ n }) => n === chosen), shown.length);
  if (to === undefined) return false;
  choose(action === 'last' ? undefined : shown[to]!.n);
  return focus('.dialogue .rows');
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus({ preventScroll: true });
  return element !== null;
}
