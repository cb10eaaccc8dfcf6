/** Which modem the address names, so that reload, back and forward and a bookmark lead to it. */

export function modemInAddress(): string | undefined {
  const [, encoded] = /^#\/modems\/(.+)$/.exec(location.hash) ?? [];
  return encoded === undefined ? undefined : decoded(encoded);
}

/** What cannot be decoded was typed as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function showInAddress(modem: string | undefined): void {
  if (modem === modemInAddress()) return;
  const path = modem === undefined ? location.pathname : `#/modems/${encodeURIComponent(modem)}`;
  history.pushState(null, '', path);
}
