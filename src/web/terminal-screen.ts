/**
 * The screen of a terminal: xterm over a WebSocket that is a further AT channel of the modem. A file of its own, which the
 * page loads when the first terminal is opened.
 */
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import type { TerminalOpened } from '../control/messages.js';

export interface ScreenOptions {
  /** Of the WebSocket. */
  address: string;
  opened: (channel: number) => void;
  closed: () => void;
  /** The keys that leave the terminal were pressed. */
  left: () => void;
}

/** @returns what ends it */
export function openScreen(element: HTMLElement, { address, opened, closed, left }: ScreenOptions): () => void {
  const terminal = new Terminal({
    fontFamily: getComputedStyle(element).fontFamily,
    fontSize: 13,
    scrollback: 2000,
    cursorBlink: true,
    screenReaderMode: true,
    theme: themeOf(element),
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.attachCustomKeyEventHandler(event => {
    if (!isLeaving(event)) return true;
    if (event.type === 'keydown') left();
    event.preventDefault();
    return false;
  });
  const socket = connect(terminal, { address, opened, closed });
  const unwatch = [watchSize(element, fit), watchColours(element, terminal)];
  terminal.focus();
  return () => {
    for (const end of unwatch) end();
    socket.close();
    terminal.dispose();
  };
}

/** Ctrl+] as telnet has it; F6 where a layout has no such key. */
const isLeaving = ({ key, ctrlKey }: KeyboardEvent): boolean => key === 'F6' || (ctrlKey && key === ']');

function connect(terminal: Terminal, { address, opened, closed }: Omit<ScreenOptions, 'left'>): WebSocket {
  const socket = new WebSocket(address);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') opened((JSON.parse(data) as TerminalOpened).channel);
    else terminal.write(new Uint8Array(data));
  };
  socket.onclose = closed;
  const bytes = new TextEncoder();
  terminal.onData(text => socket.readyState === WebSocket.OPEN && socket.send(bytes.encode(text)));
  return socket;
}

function watchSize(element: HTMLElement, fit: FitAddon): () => void {
  const observer = new ResizeObserver(() => fit.fit());
  observer.observe(element);
  return () => observer.disconnect();
}

/** The page's colours, and again when they change. */
function watchColours(element: HTMLElement, terminal: Terminal): () => void {
  const take = () => {
    terminal.options.theme = themeOf(element);
  };
  const system = matchMedia('(prefers-color-scheme: dark)');
  const chosen = new MutationObserver(take);
  system.addEventListener('change', take);
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    system.removeEventListener('change', take);
    chosen.disconnect();
  };
}

function themeOf(element: HTMLElement): ITheme {
  const { color, backgroundColor, caretColor } = getComputedStyle(element);
  return {
    foreground: color,
    background: backgroundColor,
    cursor: caretColor,
    cursorAccent: backgroundColor,
    selectionBackground: caretColor,
    selectionForeground: backgroundColor,
  };
}
