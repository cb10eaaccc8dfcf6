/** Which modem the address names, so that reload, back and forward and a bookmark lead to it. */

export function modemInAddress(): string | undefined {
  const [, encoded] = /^#\/modems\/(.+)$/.exec(location.hash) ?? [];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

export function showInAddress(modem: string | undefined): void {
  if (modem === modemInAddress()) return;
  const path = modem === undefined ? location.pathname : `#/modems/${encodeURIComponent(modem)}`;
  history.pushState(null, '', path);
}
