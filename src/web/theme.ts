/** Dark or light: as the system has it, unless somebody chose. The choice is kept in this browser. */

export type Theme = 'system' | 'dark' | 'light';

const key = 'atmodem-theme';
const order: readonly Theme[] = ['system', 'dark', 'light'];

export function keptTheme(): Theme {
  const kept = localStorage.getItem(key);
  return order.find(theme => theme === kept) ?? 'system';
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem(key, theme);
}

export const themeAfter = (theme: Theme): Theme => order[(order.indexOf(theme) + 1) % order.length]!;
