/** Topic filters [MQTT-4.7]. Pure. */

/** Does the filter name this topic? Wildcards stand for whole levels, and for none that begin with `$` [MQTT-4.7.2-1]. */
export function matchesFilter(filter: string, topic: string): boolean {
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false;
  const levels = topic.split('/');
  const wanted = filter.split('/');
  for (const [i, level] of wanted.entries()) {
    if (level === '#') return true;
    if (level !== '+' && level !== levels[i]) return false;
    if (i >= levels.length) return false;
  }
  return wanted.length === levels.length;
}
